"""Everything about one application, or one account."""

import pytest
from django.utils import timezone

from review.operations import overview
from tests.factories import make_application, make_operator, make_reviewer, make_units

pytestmark = pytest.mark.django_db


def test_rounds_say_how_they_were_judged():
    case = make_application("returned")
    (line,) = overview.rounds_of(make_application("site_review"))
    assert (line.submission.round, line.verdicts) == (1, {"ok": len(line.submission.images), "not_ok": 0})
    assert overview.rounds_of(case)[0].verdicts == {}


def test_records_say_who_in_the_office_and_never_the_candidates_name():
    case = make_application("site_review")
    lines = overview.records_of(case)
    assert [(one.name, one.level, one.who) for one in lines] == [
        ("审核通过", "报名点", "point-1101001"),
        ("提交审核", "考生", ""),
        ("完成报名", "考生", ""),
    ]


def test_messages_say_what_became_of_them():
    case = make_application("point_review")
    lines = overview.messages_of(case.messages, timezone.now())
    assert {one.state for one in lines} <= {"待发送", "只在站内"}
    assert [one.message for one in lines] == list(case.messages.order_by("-pk"))


def test_an_account_has_what_belongs_to_its_kind():
    case, now = make_application("registered"), timezone.now()
    candidate = overview.of_account(case.account, now)
    assert (candidate["applications"], candidate["factor"], candidate["own"]) == ([case], None, [])
    reviewer = overview.of_account(make_reviewer(make_units()["11"]), now)
    assert (reviewer["applications"], reviewer["acts"]) == ([], [])
    assert overview.of_account(make_operator(), now)["own"] == []
