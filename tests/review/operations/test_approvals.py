"""Two operators: what is asked for by one, agreed to by another within a day, and begun within a day of that."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from candidates.models import OperatorAct
from candidates.rules.refusals import NotAllowed, Refused
from review.models import Approval
from review.operations import approvals
from tests.factories import end_session, make_application, make_operator, make_reviewer, make_session, make_units

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PURGE = {"year": 2027}


@pytest.fixture
def two(settings):
    settings.TWO_OPERATORS = True
    return make_operator(), make_operator(username="operator-2")


def ask(account, **changes):
    return approvals.ask("purge", **{"account": account, "arguments": PURGE, "reason": "保存期满", **changes})


def refusal(act, *words, **named):
    with pytest.raises((NotAllowed, Refused)) as refused:
        act(*words, **named)
    return str(refused.value)


def test_who_has_asked_cannot_agree_and_another_can(two):
    approval = ask(two[0])
    assert refusal(approvals.confirm, approval.pk, account=two[0]) == "此事须由另一位操作员确认，不能由提出人自己确认。"
    assert approvals.confirm(approval.pk, account=two[1]).confirmed_by == two[1]
    assert list(OperatorAct.objects.order_by("id").values_list("command", "who")) == [
        ("ask_approval", "operator"),
        ("confirm_approval", "operator-2"),
    ]


def test_a_reviewer_agrees_to_nothing(two):
    approval = ask(two[0])
    assert (
        refusal(approvals.confirm, approval.pk, account=make_reviewer(make_units()["11"])) == "此事只能由操作员确认。"
    )


def test_after_a_day_nobody_agrees_any_more_and_it_is_asked_for_anew(two):
    approval, late = ask(two[0]), timezone.now() + DAY + timedelta(minutes=1)
    assert "超过 24 小时" in refusal(approvals.confirm, approval.pk, account=two[1], now=late)
    assert ask(two[0]) == approval
    assert ask(two[0], now=late) != approval


def test_what_was_agreed_to_is_begun_by_who_asked_and_for_the_same_alone(two):
    approvals.confirm(ask(two[0]).pk, account=two[1])
    assert approvals.take("purge", account=two[1], arguments=PURGE) is None
    assert approvals.take("purge", account=two[0], arguments={"year": 2026}) is None
    assert approvals.take("purge", account=two[0], arguments=PURGE, now=timezone.now() + 2 * DAY) is None
    taken = approvals.take("purge", account=two[0], arguments=PURGE)
    assert approvals.take("purge", account=two[0], arguments=PURGE) == taken  # an interrupted purge goes on


def test_an_export_is_begun_once(two):
    named = {"account": two[0], "arguments": {"year": 2027, "unit": None, "status": ["paid", "draft"]}}
    approval = approvals.ask("export", reason="报送", **named)
    approvals.confirm(approval.pk, account=two[1])
    assert approvals.take("export", **{**named, "arguments": {"year": 2027, "status": ["draft", "paid"]}}) == approval
    assert approvals.take("export", **named) is None


def test_what_is_void_is_neither_agreed_to_nor_begun(two):
    approval = approvals.confirm(ask(two[0]).pk, account=two[1])
    approvals.decline(approval.pk, account=two[1])
    assert approvals.take("purge", account=two[0], arguments=PURGE) is None
    assert "已作废" in refusal(approvals.decline, approval.pk, account=two[0])


def test_nothing_is_asked_for_without_a_reason(two):
    assert refusal(ask, two[0], reason=" ") == approvals.NO_REASON


def test_what_waits_is_told_to_the_others_alone(two):
    approval, now = ask(two[0]), timezone.now()
    assert approvals.waiting_for(two[1], now) == [approval]
    assert approvals.waiting_for(two[0], now) == approvals.waiting_for(two[1], now + 2 * DAY) == []


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"confirmed": 0}, "approval_is_given_by_another"),
        ({"confirmed": 1, "confirmed_at": 2 * DAY}, "approval_is_given_within_a_day"),
        ({"begun_at": DAY}, "only_what_was_approved_is_begun"),
        ({"confirmed_at": DAY}, "approval_has_who_and_when"),
        ({"declined_at": DAY}, "approval_declined_has_who_and_when"),
        ({"reason": ""}, "approval_has_its_reason"),
    ],
)
def test_the_database_refuses_what_must_never_be(two, changes, name):
    approval = ask(two[0])
    values = {key: approval.asked_at + value for key, value in changes.items() if key.endswith("_at")}
    if "confirmed" in changes:
        values = {"confirmed_by": two[changes["confirmed"]], "confirmed_at": approval.asked_at, **values}
    if "reason" in changes:
        values["reason"] = ""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(**values)


def test_an_approval_is_not_deleted(two):
    with pytest.raises(InternalError), transaction.atomic():
        ask(two[0]).delete()


# --- by commands -----------------------------------------------------------------------------------------------------


def run(*words):
    with pytest.raises(CommandError) as refused:
        call_command(*words)
    return str(refused.value)


def test_an_export_in_full_waits_for_another_operator(two, tmp_path):
    case, file = make_application("registered"), tmp_path / "out.csv"
    words = ("export_applications", str(file), "--full", "--as", "operator")
    assert "--reason" in run(*words)
    told = run(*words, "--reason", "报送国家医学考试中心")
    assert ("需要另一位操作员确认" in told, file.exists()) == (True, False)
    approvals.confirm(Approval.objects.get().pk, account=two[1])
    call_command(*words, "--reason", "报送国家医学考试中心")
    assert case.document_number in file.read_text()
    assert "需要另一位操作员确认" in run(*words, "--reason", "再来一次", "--replace")


def test_nobody_named_asks_for_nothing(two, tmp_path):
    make_session()
    assert "--as" in run("export_materials", str(tmp_path / "a.zip"), "--reason", "报送")
    assert Approval.objects.count() == 0


def test_masked_lists_need_nobody_else(two, tmp_path):
    make_application("registered")
    call_command("export_applications", str(tmp_path / "out.csv"))
    assert (tmp_path / "out.csv").exists() is True


def test_a_purge_waits_for_another_operator(two):
    session = end_session(make_application("registered").session)
    words = (
        "purge_session",
        str(session.year),
        "--yes-purge",
        str(session.year),
        "--as",
        "operator",
        "--reason",
        "期满",
    )
    assert "需要另一位操作员确认" in run(*words)
    assert Approval.objects.get().arguments == {"year": session.year}
    last = OperatorAct.objects.filter(command="purge_session").first()
    assert (last.phase, last.account, last.outcome) == ("failed", two[0], {"approval": Approval.objects.get().pk})
