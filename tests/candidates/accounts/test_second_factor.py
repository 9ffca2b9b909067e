"""Codes of an authenticator and recovery codes: each once, with pauses after wrong ones; the secret is sealed."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from candidates.accounts import second_factor
from candidates.encryption import OVERHEAD
from candidates.models import Account, OperatorAct, RecoveryCode, SecondFactor
from candidates.rules.refusals import Refused
from tests.factories import make_operator, make_reviewer, make_units

pytestmark = pytest.mark.django_db

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238's own: "12345678901234567890"
THEN = datetime.fromtimestamp(59, tz=timezone.get_current_timezone())


@pytest.fixture
def operator():
    return make_operator()


def code_at(now):
    return f"{second_factor.totp(SECRET, now).token():06}"


def enrolled(account, now=THEN):
    return second_factor.enrol(account, SECRET, code_at(now), now=now)


def refusal(act, *arguments, **named):
    with pytest.raises(Refused) as refused:
        act(*arguments, **named)
    return refused.value.problems["code"]


def forget_the_pause(account):
    SecondFactor.objects.filter(user=account).update(throttling_failure_timestamp=THEN)


def test_codes_are_those_of_rfc_6238():
    for seconds, expected in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert code_at(datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())) == expected


def test_the_qr_code_holds_what_an_authenticator_needs(operator):
    issuer = "%E5%9B%BD%E5%AE%B6%E5%8C%BB%E5%AD%A6%E8%80%83%E8%AF%95"  # 国家医学考试
    expected = f"otpauth://totp/{issuer}%3Aoperator?secret={SECRET}&issuer={issuer}"
    assert second_factor.address(operator, SECRET) == expected
    assert len({second_factor.new_secret() for _ in range(3)} & {SECRET}) == 0
    assert len(second_factor.new_secret()) == 32  # base32 of 160 bits


def test_a_wrong_code_enrols_nobody(operator):
    wrong = f"{(int(code_at(THEN)) + 1) % 1_000_000:06}"
    assert refusal(second_factor.enrol, operator, SECRET, wrong, now=THEN).startswith("验证码不正确")
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count(), OperatorAct.objects.count()) == (0, 0, 0)


def test_secret_and_recovery_codes_are_nowhere_in_clear(operator):
    codes = enrolled(operator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM candidates_secondfactor")
        sealed = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT string_agg(row_to_json(one)::text, '') FROM candidates_recoverycode one")
        kept = cursor.fetchone()[0]
    assert SECRET.encode() not in sealed
    assert len(sealed) == 32 + OVERHEAD
    assert SecondFactor.objects.get().secret == SECRET
    assert [code for code in codes if code in kept or code.replace("-", "") in kept] == []
    assert len(set(codes)) == 10


def test_a_code_opens_once_and_none_before_it_opens_again(operator):
    enrolled(operator)
    assert "已经用过" in refusal(second_factor.check, operator, code_at(THEN), now=THEN)  # the one of enrolling
    forget_the_pause(operator)
    later = THEN + timedelta(seconds=60)
    second_factor.check(operator, code_at(later), now=later)
    for replayed in (code_at(later), code_at(later - timedelta(seconds=30))):
        assert "已经用过" in refusal(second_factor.check, operator, replayed, now=later)
        forget_the_pause(operator)


@pytest.mark.parametrize(("seconds", "accepted"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_phones_clock_may_differ_by_half_a_minute(operator, seconds, accepted):
    enrolled(operator)
    now = THEN + timedelta(minutes=10)
    its_code = code_at(now + timedelta(seconds=seconds))
    if accepted:
        second_factor.check(operator, its_code, now=now)
    else:
        refusal(second_factor.check, operator, its_code, now=now)
    assert SecondFactor.objects.get().throttling_failure_count == int(not accepted)


def test_wrong_codes_have_to_wait_longer_and_longer_and_a_right_one_ends_it(operator):
    enrolled(operator)
    now, told = THEN + timedelta(minutes=10), []
    for _ in range(12):
        told.append(
            refusal(second_factor.check, operator, "12345x", now=now).removeprefix("验证码不正确，或已经用过。")
        )
        forget_the_pause(operator)
    assert told[:4] == ["请等 1 秒再试。", "请等 2 秒再试。", "请等 4 秒再试。", "请等 8 秒再试。"]
    assert told[9:] == ["请等 9 分钟再试。", "请等 18 分钟再试。", "请等 18 分钟再试。"]
    second_factor.check(operator, code_at(now), now=now)
    assert SecondFactor.objects.get().throttling_failure_count == 0


def test_during_the_pause_the_right_code_is_refused_too_and_stays_usable(operator):
    codes = enrolled(operator)
    now = THEN + timedelta(minutes=10)
    for _ in range(3):
        refusal(second_factor.check, operator, "000000", now=now)
        SecondFactor.objects.update(throttling_failure_timestamp=timezone.now(), throttling_failure_count=10)
    for act, code in (
        (second_factor.check, code_at(now)),
        (second_factor.use_recovery_code, codes[0].replace("-", "")),
    ):
        assert refusal(act, operator, code).startswith("连续输错的次数太多：请等 9 分钟")  # of 8 and a half
    forget_the_pause(operator)
    second_factor.check(operator, code_at(now), now=now)


def test_a_recovery_code_opens_once_for_its_owner_only(operator):
    code = enrolled(operator)[0].replace("-", "")
    other = make_operator("other")
    enrolled(other)
    assert "恢复码不正确" in refusal(second_factor.use_recovery_code, other, code)
    assert second_factor.use_recovery_code(operator, code) == 9
    assert "已经用过" in refusal(second_factor.use_recovery_code, operator, code)
    assert second_factor.codes_left(operator) == 9


def test_new_recovery_codes_void_the_old_ones(operator):
    old = enrolled(operator)[0].replace("-", "")
    now = THEN + timedelta(minutes=10)
    refusal(second_factor.new_codes, operator, "000000", now=now)
    forget_the_pause(operator)
    assert len(second_factor.new_codes(operator, code_at(now), now=now)) == second_factor.codes_left(operator) == 10
    refusal(second_factor.use_recovery_code, operator, old)


def test_the_audit_knows_what_was_done_and_no_code(operator):
    codes = enrolled(operator)
    second_factor.use_recovery_code(operator, codes[0].replace("-", ""))
    acts = list(OperatorAct.objects.order_by("id").values_list("command", "who", "account", "outcome"))
    assert acts == [
        ("enrol_second_factor", "operator", operator.pk, {}),
        ("use_recovery_code", "operator", operator.pk, {"left": 9}),
    ]


# --- the command ---


def reset(*words):
    out = StringIO()
    call_command("reset_second_factor", *words, stdout=out)
    return out.getvalue()


def test_reset_makes_the_next_login_enrol_anew_and_ends_every_session(client, operator):
    enrolled(operator)
    client.force_login(operator)
    assert client.get("/admin/").status_code == 200
    assert reset("operator", "--dry-run") == "operator：可以重设（未写入）\n"
    assert client.get("/admin/").status_code == 200
    assert reset("operator") == "operator：已重设，下次登录时重新绑定\n"
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert reset("operator") == "operator：没有绑定两步验证，不需要重设\n"
    ends = OperatorAct.objects.filter(command="reset_second_factor", phase="done").order_by("id")
    assert [(one.arguments, one.outcome) for one in ends] == [
        ({"names": ["operator"]}, {"reset": 1, "nothing_to_reset": 0}),
        ({"names": ["operator"]}, {"reset": 0, "nothing_to_reset": 1}),
    ]


def test_an_unknown_name_resets_nobody():
    reviewer = make_reviewer(make_units()["11"])
    enrolled(reviewer)
    with pytest.raises(CommandError, match="没有这个用户名的审核员或操作员：nobody。没有重设任何人。"):
        reset(reviewer.username, "nobody")
    assert SecondFactor.objects.count() == 1
    assert Account.objects.get().session_epoch == 0


def test_a_code_after_somebody_has_reset_it_says_to_log_in_again(operator):
    assert refusal(second_factor.check, operator, "287082", now=THEN) == "两步验证已被重设：请重新登录。"
