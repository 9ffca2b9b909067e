"""Resetting a password by a code: whom it is sent to, how often, and what it opens."""

import contextlib
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.accounts import login_limits, passwords
from candidates.accounts.login_limits import Place
from candidates.models import Account, OneTimeCode
from candidates.rules.refusals import NotAllowed, Refused
from tests.factories import PASSWORD, make_candidate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outbox")]

NEW = "heron-by-the-river"
HERE, ELSEWHERE = Place("here"), Place("elsewhere")
BROWSER = Place("browser", is_known=True)


def test_a_code_sets_a_new_password_once(ask, outbox):
    account = make_candidate()
    token = ask(account.mobile)
    code = outbox[0][1]
    assert passwords.reset(token, code, NEW) == account
    assert Account.objects.get().check_password(NEW) is True
    with pytest.raises(Refused):
        passwords.reset(token, code, "another-one-again")


def test_a_code_lasts_ten_minutes(ask, outbox):
    now = timezone.now()
    token = ask(make_candidate().mobile, now)
    with pytest.raises(Refused) as refused:
        passwords.reset(token, outbox[0][1], NEW, now=now + timedelta(minutes=10))
    assert refused.value.problems == {"code": "验证码不正确或已失效：请用最近一次收到的，或重新获取。"}


def test_five_wrong_tries_use_a_code_up(ask, outbox):
    token = ask(make_candidate().mobile)
    wrong = f"{(int(outbox[0][1]) + 1) % 1_000_000:06}"
    for _ in range(5):
        with pytest.raises(Refused):
            passwords.reset(token, wrong, NEW)
    with pytest.raises(Refused):
        passwords.reset(token, outbox[0][1], NEW)
    assert OneTimeCode.objects.get().tries == 5


def test_one_code_a_minute_whether_or_not_the_account_exists(ask, outbox):
    now = timezone.now()
    for name in (make_candidate().mobile, "13999999999"):
        ask(name, now)
        with pytest.raises(NotAllowed):
            ask(name, now + timedelta(seconds=59))
        ask(name, now + timedelta(seconds=61))
    assert len(outbox) == 2


def test_the_same_work_is_done_whether_or_not_the_account_exists(outbox, django_capture_on_commit_callbacks):
    work = []
    for name in (make_candidate().mobile, "13999999999"):
        with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks() as after:
            passwords.ask_for_code(name, place=HERE)
        shapes = [
            re.sub(r"'[^']*'|\bs\d+_x\d+|\b\d+\b|NULL", "?", query["sql"]).replace("(?, ?)", "(?)") for query in asked
        ]
        work.append((shapes, len(after)))
    assert work[0] == work[1]


@pytest.fixture
def asked(ask):
    """How many of so many requests a minute apart are granted."""

    def asking(name, times=1, place=HERE, now=None):
        now, granted = now or timezone.now(), 0
        for number in range(times):
            with contextlib.suppress(NotAllowed):
                ask(name, now + timedelta(minutes=number, seconds=number), place=place)
                granted += 1
        return granted

    return asking


def test_a_strangers_request_leaves_the_owners_minute(asked, outbox):
    mobile = make_candidate().mobile
    assert [asked(mobile, place=one) for one in (ELSEWHERE, ELSEWHERE, HERE, BROWSER)] == [1, 0, 1, 1]
    assert len(outbox) == 3


def test_a_strangers_requests_leave_the_owners_day(asked):
    mobile = make_candidate().mobile
    assert [asked(mobile, 25, place=one) for one in (ELSEWHERE, HERE, BROWSER)] == [20, 20, 20]


def test_the_next_day_there_are_codes_again(asked):
    now, later = timezone.now(), timezone.now() + timedelta(days=1)
    assert (asked("13999999999", 25, now=now), asked("13999999999", 1, now=later)) == (20, 1)


def test_from_all_networks_together_a_number_gets_sixty_a_day_and_its_owners_browser_goes_on(asked):
    places = [Place(f"network {number}") for number in range(4)]
    assert [asked("13999999999", 25, place=one) for one in (*places, BROWSER)] == [20, 20, 20, 0, 20]


def test_a_busy_network_goes_on_at_its_pace_and_is_never_closed(asked, settings):
    settings.CODES_PER_NETWORK = 60
    now = timezone.now()
    names = [f"139{number:08}" for number in range(63)]
    assert sum(asked(name, now=now) for name in names[:61]) == 60
    assert [asked(names[61], now=now + timedelta(seconds=one)) for one in (30, 60, 90)] == [0, 1, 0]
    assert [asked(names[62], now=now + timedelta(seconds=90), place=one) for one in (HERE, ELSEWHERE)] == [0, 1]


@pytest.mark.parametrize("spelling", [" {} ", "+86 {}", "{}\u3000"])
def test_every_spelling_of_a_number_has_the_same_minute(asked, spelling):
    mobile = make_candidate().mobile
    assert (asked(mobile), asked(spelling.format(mobile))) == (1, 0)


def test_another_name_of_the_same_account_sends_no_second_code_and_says_nothing(ask, outbox):
    account = make_candidate()
    ask(account.mobile)
    ask(account.document_number)
    assert len(outbox) == 1
    assert OneTimeCode.objects.count() == 2


def test_a_number_that_two_accounts_share_resets_the_one_whose_code_it_is(ask, outbox):
    first = make_candidate(document_type="passport", document_number="AB1234567")
    second = make_candidate(document_type="officer", document_number="AB1234567")
    token = ask("ab1234567")
    codes = dict(outbox)
    assert set(codes) == {first, second}
    assert passwords.reset(token, codes[second], NEW) == second
    first.refresh_from_db()
    assert first.check_password(PASSWORD) is True


def test_a_weak_password_leaves_the_code_usable(ask, outbox):
    token = ask(make_candidate().mobile)
    with pytest.raises(Refused) as refused:
        passwords.reset(token, outbox[0][1], "1234567890")
    assert list(refused.value.problems) == ["password1"]
    passwords.reset(token, outbox[0][1], NEW)


def test_no_clear_code_is_kept(ask, outbox):
    ask(make_candidate().mobile)
    row = OneTimeCode.objects.values().get()
    assert [value for value in map(str, row.values()) if outbox[0][1] in value] == []


def test_who_has_no_mobile_resets_by_the_email(ask, outbox):
    account = make_candidate(document_type="passport", document_number="AB1234567", mobile="", email="ana@example.com")
    token = ask("Ana@example.com")
    [(receiver, code)] = outbox
    assert (receiver, passwords.reset(token, code, NEW)) == (account, account)


def test_an_email_that_is_no_login_name_is_written_down_and_nothing_sent(ask, outbox):
    make_candidate(email="ana@example.com")
    ask("ana@example.com")
    assert outbox == []
    assert OneTimeCode.objects.get().account_id is None


# --- the own password, asked again ---


def test_own_passwords_are_guessed_no_faster_from_within(settings):
    settings.LOGIN_TRIES = 3
    account = make_candidate(password=PASSWORD)
    assert [passwords.is_own(account, one) for one in ("wrong", "wrong", PASSWORD)] == [False, False, True]
    assert [passwords.is_own(account, one) for one in ("wrong", "wrong", "wrong", PASSWORD)] == [False] * 4


def test_wrong_own_passwords_pause_no_log_in(client, settings):
    settings.LOGIN_TRIES, settings.LOGIN_FAILURES_IN_TOTAL = 3, 3
    account = make_candidate(password=PASSWORD)
    for _ in range(6):
        passwords.is_own(account, "wrong")
    assert client.post("/login/", {"username": account.mobile, "password": PASSWORD}).url == "/application/"


def test_who_has_a_new_password_need_not_wait_for_the_pause_after_wrong_ones(ask, outbox):
    account = make_candidate()
    mine = login_limits.hash_of(account)
    while login_limits.may_try(mine, HERE):
        pass
    passwords.reset(ask(account.mobile), outbox[0][1], NEW)
    assert login_limits.may_try(mine, HERE) is True
