"""Lines of statements that nobody knows the order of."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from candidates.rules.refusals import NotAllowed, Refused
from review.models import StatementLine
from review.payments import statement, waiting
from review.payments.statement import Entry
from tests.factories import make_operator
from tests.review.payments.case import make_due, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return make_order(make_due())


def entry(order, number="", **changes):
    values = {"line": 2, "order": number or order.number, "trade_number": "T-1", "amount": order.amount}
    return Entry(**{**values, "at": timezone.now(), **changes})


def kept(*found):
    report = statement.import_payments(found, "bank")
    return waiting.keep(found, "bank", report)


def test_what_settles_nothing_and_is_booked_nowhere_waits_once(order):
    unknown = entry(order, "X-1")
    assert (kept(unknown), kept(unknown)) == (1, 0)
    line = StatementLine.objects.get()
    assert (line.trade_number, line.amount, line.why) == ("T-1", order.amount, "没有订单号“X-1”。")


def test_a_line_says_when_it_was_found(order):
    unknown, at = entry(order, "X-1"), timezone.now() - timedelta(hours=3)
    waiting.keep([unknown], "bank", statement.import_payments([unknown], "bank"), now=at)
    assert StatementLine.objects.get().found_at == at


def test_what_is_booked_and_what_is_no_payment_does_not_wait(order):
    assert kept(entry(order), entry(order, trade_number="T-2", line=3), entry(order, kind="退款", line=4)) == 0


def test_a_line_is_matched_by_the_applications_number(order):
    kept(entry(order, "X-1"))
    line, operator = StatementLine.objects.get(), make_operator()
    payment = waiting.match(line.pk, number=order.application.number, account=operator)
    line.refresh_from_db()
    assert (payment.order, payment.state, line.state, line.payment) == (order, "settled", "matched", payment)
    with pytest.raises(NotAllowed, match="已经办理"):
        waiting.match(line.pk, number=order.number, account=operator)


def test_another_amount_is_money_to_go_back(order):
    kept(entry(order, "X-1", amount=1))
    payment = waiting.match(StatementLine.objects.get().pk, number=order.number, account=make_operator())
    order.refresh_from_db()
    assert (payment.state, order.state) == ("refund_needed", "created")


def test_a_number_of_nothing_and_leaving_without_a_reason_are_refused(order):
    kept(entry(order, "X-1"))
    line = StatementLine.objects.get()
    with pytest.raises(Refused, match="没有这个订单"):
        waiting.match(line.pk, number="", account=make_operator())
    with pytest.raises(Refused, match="原因"):
        waiting.leave(line.pk, reason=" ", account=make_operator("operator-2"))
    assert StatementLine.objects.get().state == "open"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"state": "matched"}, "line_is_open_or_matched_or_left_with_a_reason"),
        ({"state": "left"}, "line_is_open_or_matched_or_left_with_a_reason"),
        ({"at": timezone.now() - timedelta(days=40_000)}, "line_is_of_this_century"),
    ],
)
def test_the_database_refuses_what_must_never_be(order, changes, name):
    kept(entry(order, "X-1"))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        StatementLine.objects.update(**changes)
