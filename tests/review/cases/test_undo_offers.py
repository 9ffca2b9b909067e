"""What a log-in remembers of the last decision, so that it can be taken back."""

from datetime import timedelta

import pytest

from review.cases import undo_offers
from tests.factories import make_application, make_reviewer
from tests.review.casework import fresh, reviewer

pytestmark = pytest.mark.django_db


def test_the_last_decision_is_offered_until_its_minutes_are_over():
    case, session = fresh(make_application("site_review")), {}
    undo_offers.offer(session, case, reviewer(case, "point"))
    until = case.last_record.at + timedelta(minutes=5)
    assert undo_offers.offered(session, until - timedelta(seconds=1))["record"] == case.last_record_id
    assert undo_offers.offered(session, until) is None


def test_another_act_takes_the_offer_away():
    case, session = fresh(make_application("site_review")), {"undo": {"number": "1"}}
    undo_offers.offer(session, case, make_reviewer(case.point, username="colleague"))
    assert session == {}
