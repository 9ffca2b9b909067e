"""A payment and an act of the units at once: whoever holds the row first wins, the other sees what it left."""

import pytest

from candidates.rules.refusals import AlreadyMoved
from review.cases import decisions
from review.models import PaymentOrder
from tests.races import Act, while_they_wait
from tests.review import casework
from tests.review.payments.case import booked, make_due, make_order, pay, status_of

pytestmark = pytest.mark.django_db(transaction=True)


def retract(application):
    actor = casework.actor(application, "region")
    try:
        decisions.retract(application.pk, actor=actor, seen=application.last_record_id, reason="请复核。")
    except AlreadyMoved:
        return "already moved"
    return "retracted"


def test_money_that_arrives_during_a_retraction_waits_and_then_needs_a_refund():
    application = make_due()
    payment = Act(pay, make_order(application))
    with while_they_wait(payment):
        assert retract(application) == "retracted"
    assert booked() == [("T1", "refund_needed")]
    assert status_of(application) == "region_review"


def test_a_retraction_during_a_payment_waits_and_is_refused():
    application = make_due()
    order = make_order(application)
    casework.actor(application, "region")  # made here, not inside the race
    retraction = Act(retract, application)
    with while_they_wait(retraction):
        pay(order)
    assert retraction.outcome == "already moved"
    assert booked() == [("T1", "settled")]
    assert status_of(application) == "paid"


def test_two_presses_at_once_make_one_order():
    application = make_due()
    second = Act(make_order, application)
    with while_they_wait(second):
        first = make_order(application)
    assert second.outcome == first
    assert PaymentOrder.objects.count() == 1
