"""A candidate's mobile changed at the desk (the page: tests/review/test_views_mobiles.py)."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from candidates.accounts import lost_phones, passwords
from candidates.applications.workflow import Actor
from candidates.models import Account, Message, MobileChange, OperatorAct
from candidates.rules.refusals import NotAllowed, Refused
from tests.factories import make_application, make_candidate, make_operator, make_reviewer, make_units

pytestmark = pytest.mark.django_db

NEW = "13899990000"
NOW = datetime(2026, 3, 1, 9, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def case():
    return make_application("point_review")


def at_the_point(case, username="first"):
    found = Account.objects.filter(username=username).first()
    return Actor.of(found or make_reviewer(case.point, username=username))


def ask(case, *, actor=None, now=NOW, **changes):
    typed = {"mobile": NEW, "document_tail": case.account.document_number[-6:], "reason": "手机遗失", **changes}
    return lost_phones.ask(case, actor=actor or at_the_point(case), now=now, **typed)


def with_code(case, **changes):
    """Asked for, and the code of the new number typed in."""
    change = ask(case, **changes)
    code = json.loads(Message.objects.filter(kind="code").latest("pk").parameters)["code"]
    lost_phones.take_code(change, code, actor=at_the_point(case), now=change.asked_at)
    return change


def changed(case, now=NOW, **changes):
    return lost_phones.agree(with_code(case, now=now, **changes).pk, actor=at_the_point(case, "second"), now=now)


def test_the_new_number_gets_the_code(case):
    ask(case)
    assert Message.objects.get(kind="code").contact == NEW


def test_a_second_person_changes_it(case):
    changed(case)
    account = Account.objects.get(pk=case.account_id)
    assert account.mobile == NEW
    assert account.session_epoch == 1  # the sessions from before have ended


def test_the_old_number_is_told_and_the_new_one(case):
    old = case.account.mobile
    changed(case)
    assert Message.objects.get(kind="contact_changed").contact == old
    assert Message.objects.get(kind="contact_set").contact is None


def test_it_is_written_down_without_the_number(case):
    done = changed(case)
    [act] = OperatorAct.objects.filter(command="change_mobile")
    assert (act.who, act.arguments) == (
        "second",
        {"application": case.number, "asked_by": "first", "change": done.pk},
    )


def test_nobody_agrees_with_himself(case):
    change = with_code(case)
    with pytest.raises(NotAllowed):
        lost_phones.agree(change.pk, actor=at_the_point(case), now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        MobileChange.objects.update(agreed_by=change.asked_by, agreed_at=NOW, changed_on=NOW.date())


def test_the_levels_above_and_operators_agree_and_the_unit_beside_does_not(case):
    change = with_code(case)
    beside = make_reviewer(make_units()["1101002"])
    found = [Actor.of(make_reviewer(case.site)), Actor.of(make_operator()), Actor.of(beside)]
    assert [lost_phones.may_agree(change, one) for one in found] == [True, True, False]


def test_the_point_asks_and_the_site_does_not(case):
    with pytest.raises(NotAllowed):
        ask(case, actor=Actor.of(make_reviewer(case.site)))


def test_without_the_code_nothing_is_agreed_to(case):
    change = ask(case)
    with pytest.raises(NotAllowed) as refused:
        lost_phones.agree(change.pk, actor=at_the_point(case, "second"), now=NOW)
    assert "验证码" in str(refused.value)


def test_a_wrong_code_is_refused(case):
    change = ask(case)
    with pytest.raises(Refused):
        lost_phones.take_code(change, "x", actor=at_the_point(case), now=NOW)
    assert MobileChange.objects.get().code_at is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"document_tail": "000000"}, "document_tail"),
        ({"reason": " "}, "reason"),
        ({"mobile": "13800000001"}, "mobile"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(case, typed, field):
    make_candidate(mobile="13800000001")
    with pytest.raises(Refused) as refused:
        ask(case, **typed)
    assert list(refused.value.problems) == [field]
    assert not MobileChange.objects.exists()


def test_what_is_asked_for_anew_takes_the_place_of_the_first(case):
    first, second = ask(case), ask(case, mobile="13899990001")
    assert MobileChange.objects.filter(dropped_at=None).get() == second
    with pytest.raises(NotAllowed):
        lost_phones.agree(first.pk, actor=at_the_point(case, "second"), now=NOW)


def test_it_is_changed_once_in_a_day(case):
    changed(case)
    with pytest.raises(NotAllowed) as refused:
        ask(case, mobile="13899990001", now=NOW + timedelta(hours=23, minutes=59))
    assert "24 小时内不能再次更换" in str(refused.value)
    ask(case, mobile="13899990001", now=NOW + timedelta(hours=24))


def test_the_database_knows_one_change_a_day(case):
    done = changed(case)
    done.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        done.save(force_insert=True)


def test_nobody_agrees_to_what_is_a_day_old(case):
    change = with_code(case)
    with pytest.raises(NotAllowed):
        lost_phones.agree(change.pk, actor=at_the_point(case, "second"), now=NOW + lost_phones.LASTS)


def test_a_number_that_another_account_got_meanwhile_is_refused(case):
    change = with_code(case)
    make_candidate(mobile=NEW)
    with pytest.raises(Refused) as refused:
        lost_phones.agree(change.pk, actor=at_the_point(case, "second"), now=NOW)
    assert list(refused.value.problems) == ["mobile"]


def test_a_reset_on_the_same_day_needs_the_old_number(case):
    old = case.account.mobile
    changed(case)
    asked = []
    for hours in (23, 24):
        passwords.ask_for_code(NEW, now=NOW + timedelta(hours=hours))
        asked.append(Message.objects.filter(kind="code").latest("pk").contact)
    assert asked == [old, None]  # none of its own: the account's, which is the new one


def test_a_code_for_a_new_password_from_before_runs_out(case):
    token = passwords.ask_for_code(case.account.mobile, now=NOW)
    code = json.loads(Message.objects.get(kind="code").parameters)["code"]
    changed(case)
    with pytest.raises(Refused):
        passwords.reset(token, code, "kestrel-over-the-hill", now=NOW)


def test_what_is_dropped_comes_to_nothing(case):
    change = with_code(case)
    lost_phones.drop(change.pk, actor=at_the_point(case, "second"), now=NOW)
    with pytest.raises(NotAllowed):
        lost_phones.agree(change.pk, actor=at_the_point(case, "second"), now=NOW)
