"""What each decision asks of the database, literally: the round and its verdicts once, whatever is made of them.

Every decision has four that are always there: a savepoint and its release (in life the transaction), the row's lock,
and what the act reads beside it. Every act that is recorded has four more: record, note, application, message. Every
decision of a unit has two more for its figures: when the case was opened, and all counters at once. What it overturns
is one more. A unit's share of second looks is read with the case; whether one is open is asked where it can be.
"""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import ExamSession
from review.cases import decisions
from tests.factories import make_application, make_operator, make_session, make_units
from tests.review.cases.test_decisions import ticks, with_onsite_list
from tests.review.casework import REASON, actor, fresh, verdicts

pytestmark = pytest.mark.django_db


def test_the_point_passes_with_fifteen(django_assert_num_queries):
    """submissions, pictures, verdicts; the new verdicts; the drafts, which are dropped"""
    case = make_application("point_review")
    who, judged = actor(case), verdicts(case)
    with django_assert_num_queries(15):
        decisions.pass_on(case.pk, actor=who, seen=case.last_record_id, verdicts=judged)


def test_the_onsite_list_takes_two_more(django_assert_num_queries):
    """the ticks, written and read"""
    case = with_onsite_list()
    who, judged, ticked = actor(case), verdicts(case), ticks(case)
    with django_assert_num_queries(17):
        decisions.pass_on(case.pk, actor=who, seen=case.last_record_id, verdicts=judged, ticks=ticked)


@pytest.mark.parametrize("status", ["site_review", "region_review"])
def test_a_pass_of_what_is_judged_takes_fourteen(status, django_assert_num_queries):
    case = make_application(status)
    who, judged = actor(case), verdicts(case)
    with django_assert_num_queries(14):
        decisions.pass_on(case.pk, actor=who, seen=case.last_record_id, verdicts=judged)


def test_a_return_that_overturns_a_verdict_takes_seventeen(django_assert_num_queries):
    case = make_application("site_review")
    who, judged = actor(case), verdicts(case, diploma=REASON)
    with django_assert_num_queries(17):
        decisions.return_for_correction(
            case.pk, actor=who, seen=case.last_record_id, verdicts=judged, sections={"work": REASON}
        )


def test_a_rejection_takes_fifteen(django_assert_num_queries):
    case = make_application("point_review")
    who, judged = actor(case), verdicts(case, diploma=REASON)
    with django_assert_num_queries(15):
        decisions.reject(case.pk, actor=who, seen=case.last_record_id, verdicts=judged, reason=REASON)


def test_a_rejection_after_the_deadline_reads_no_verdict(django_assert_num_queries):
    case = make_application("returned")
    who = actor(case, "point")
    with django_assert_num_queries(12):
        decisions.reject(
            case.pk, actor=who, seen=case.last_record_id, reason=REASON, now=case.return_deadline + timedelta(1)
        )


def test_an_unlocking_takes_thirteen(django_assert_num_queries):
    case, operator = make_application("site_review"), Actor.of(make_operator())
    until = timezone.now() + timedelta(days=3)
    with django_assert_num_queries(13):
        decisions.unlock(case.pk, actor=operator, categories={}, sections={"work": REASON}, until=until, reason=REASON)


def test_sending_back_takes_fourteen(django_assert_num_queries):
    """the round, of whose pictures the record says how many had been displayed"""
    case = make_application("site_review")
    who = actor(case)
    with django_assert_num_queries(14):
        decisions.send_back(case.pk, actor=who, seen=case.last_record_id, reason=REASON)


def test_a_longer_deadline_takes_eight(django_assert_num_queries):
    case = make_application("returned")
    who, later = actor(case, "point"), case.return_deadline + timedelta(days=3)
    with django_assert_num_queries(8):
        decisions.extend(case.pk, actor=who, seen=case.last_record_id, until=later, reason=REASON)


def test_reopening_takes_eight(django_assert_num_queries):
    case = make_application("rejected")
    who = actor(case, "point")
    with django_assert_num_queries(8):
        decisions.reopen(case.pk, actor=who, seen=case.last_record_id, reason=REASON)


def test_retracting_takes_ten(django_assert_num_queries):
    """whether an order is paid; open ones are closed"""
    case = make_application("payment_due")
    who = actor(case, "region")
    with django_assert_num_queries(10):
        decisions.retract(case.pk, actor=who, seen=case.last_record_id, reason=REASON)


def a_debtor():
    year = (ExamSession.current() or make_session()).year
    return make_application("payment_due", fresh_graduate=True, graduated_on=date(year - 1, 7, 1))


def test_a_cancelling_takes_nine_and_so_does_its_undoing(django_assert_num_queries):
    case = a_debtor()
    site, region, late = actor(case, "site"), actor(case, "region"), case.session.owed_until
    with django_assert_num_queries(9):
        decisions.cancel(case.pk, actor=site, seen=case.last_record_id, reason=REASON, now=late)
    case = fresh(case)
    with django_assert_num_queries(9):  # one asks whether money is going back
        decisions.reinstate(case.pk, actor=region, seen=case.last_record_id, reason=REASON, until=late)


def test_receiving_an_owed_paper_takes_nine(django_assert_num_queries):
    case = a_debtor()
    site = actor(case, "site")
    with django_assert_num_queries(9):
        decisions.received(case.pk, actor=site, seen=case.last_record_id, category="probation")


def test_moving_to_another_point_takes_fourteen(django_assert_num_queries):
    """the units above the point; the notice of the old point becomes void, a new one is issued"""
    case, operator = make_application("point_review"), Actor.of(make_operator())
    point = make_units()["1102001"]
    with django_assert_num_queries(14):
        decisions.move_to(case.pk, actor=operator, point=point, reason=REASON)


def test_a_batch_asks_as_much_for_each(django_assert_num_queries):
    cases = [make_application("site_review") for _ in range(3)]
    site = actor(cases[0])
    with django_assert_num_queries(2 + 3 * 13):
        decisions.pass_many([(case.pk, case.last_record_id) for case in cases], actor=site)
