"""Who has decided at one level of a case decides at no other, under whatever account."""

import pytest

from candidates.applications import people
from candidates.applications.workflow import Actor, actions_for
from candidates.rules.refusals import NotAllowed
from review.cases import decisions, holds
from tests.factories import make_application, make_reviewer
from tests.review.casework import REASON, actor, fresh

pytestmark = pytest.mark.django_db

SENTENCE = (
    "您在报名点一级对这份申请作出过决定，不能再在考点一级作决定。"
    "请由本单位的其他审核员办理；没有其他人的，请上一级单位派人代理。"
)


@pytest.fixture
def moved():
    """A case at the site, and who has passed it at the point, now a reviewer of the site."""
    case = make_application("site_review")
    account = make_reviewer(case.site, username="moved")
    case.deciders = [["point", account.pk]]
    case.save()
    return case, account


def test_a_decision_writes_who_has_made_it_and_where():
    case = make_application("region_review")
    assert case.deciders == [["point", actor(case, "point").account.pk], ["site", actor(case, "site").account.pk]]


def test_a_question_is_no_decision():
    case = make_application("point_review")
    people.remember(case, "ask", "point", actor(case).account)
    assert case.deciders == []


@pytest.mark.parametrize("act", ["pass_on", "send_back", "reject"])
def test_he_decides_at_no_other_level(moved, act):
    case, account = moved
    words = {} if act == "pass_on" else {"reason": REASON}
    with pytest.raises(NotAllowed) as refusal:
        getattr(decisions, act)(case.pk, actor=Actor.of(account), seen=case.last_record_id, **words)
    assert str(refusal.value) == SENTENCE
    assert fresh(case).status == "site_review"


def test_he_is_offered_no_decision_but_may_ask(moved):
    case, account = moved
    assert actions_for(case, account) == ("ask",)


def test_a_colleague_decides(moved):
    case, _ = moved
    colleague = Actor.of(make_reviewer(case.site, username="colleague"))
    decisions.pass_on(case.pk, actor=colleague, seen=case.last_record_id)
    assert fresh(case).status == "region_review"


def test_the_same_level_of_another_round_is_his_again():
    case = make_application("site_review")
    decisions.send_back(case.pk, actor=actor(case), seen=case.last_record_id, reason=REASON)
    case = fresh(case)
    decisions.pass_on(case.pk, actor=actor(case), seen=case.last_record_id)
    assert fresh(case).deciders[0] == ["point", actor(case, "point").account.pk]


def test_another_account_with_the_same_e_mail_is_the_same_person():
    case = make_application("site_review")
    first = actor(case, "point").account
    first.email = "Zhang@example.org"
    first.save()
    second = make_reviewer(case.site, username="second", email="zhang@example.org")
    assert people.level_elsewhere(case, second, "site") == "point"


def test_two_accounts_without_an_e_mail_are_two_people():
    case = make_application("site_review")
    assert people.level_elsewhere(case, make_reviewer(case.site, username="second"), "site") == ""


def test_the_next_case_leaves_out_what_he_has_decided_on_below(moved):
    _, account = moved
    other = make_application("site_review")
    assert holds.take_next(account) == other


def test_the_case_page_says_why(moved, client):
    case, account = moved
    client.force_login(account)
    page = client.get(f"/review/applications/{case.number}/").content.decode()
    assert SENTENCE in page


def test_looking_at_it_holds_nothing(moved, client):
    case, account = moved
    client.force_login(account)
    client.get(f"/review/applications/{case.number}/")
    assert not hasattr(fresh(case), "hold")
