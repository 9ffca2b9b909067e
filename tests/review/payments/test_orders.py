"""Orders and payments: an order for exactly the fee, and each sum that comes in booked once, whatever it is for."""

import re
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from candidates.applications.workflow import MESSAGES, Actor, broken_link
from candidates.models import ExamSession, Message, Record
from candidates.rules.refusals import NotAllowed, Refused
from review.cases import decisions
from review.models import Fee, Payment, PaymentOrder
from review.payments import orders
from tests.factories import make_application, make_candidate, make_operator
from tests.review import casework
from tests.review.payments.case import FEE, booked, make_due, make_fee, make_order, pay, status_of

pytestmark = pytest.mark.django_db


def test_an_order_is_for_the_fee_of_the_moment_it_is_made():
    application = make_due()
    order = make_order(application)
    make_fee(application, FEE + 1)
    assert order.amount == FEE
    assert order.state == "created"
    assert make_order(application) == order


def test_an_order_number_tells_nothing_and_is_short_enough():
    first, second = (make_order(make_due()).number for _ in range(2))
    assert all(re.fullmatch(r"20\d\d[2-9A-HJ-NP-Z]{16}", number) for number in (first, second))
    assert first[4:10] != second[4:10]


@pytest.mark.parametrize("status", ["region_review", "paid"])
def test_only_what_is_due_can_be_ordered(status):
    application = make_application(status)
    make_fee(application)
    with pytest.raises(NotAllowed, match=re.escape(orders.NOT_DUE[status])):
        make_order(application)
    assert PaymentOrder.objects.count() == 0


def test_an_order_is_made_in_the_payment_window_only():
    application = make_due()
    session = application.session
    with pytest.raises(NotAllowed, match=r"缴费将于 .* 开始"):
        make_order(application, now=session.payment_opens - timedelta(seconds=1))
    with pytest.raises(NotAllowed, match=r"缴费已于 .* 截止"):
        make_order(application, now=session.payment_closes)
    assert make_order(application, now=session.payment_closes - timedelta(seconds=1)).state == "created"


def test_without_a_fee_there_is_no_order_and_the_operator_is_told(caplog):
    application = make_due()
    Fee.objects.all().delete()
    with pytest.raises(orders.NoFee, match="收费标准还没有公布"):
        make_order(application)
    assert [record.getMessage() for record in caplog.records] == [
        f"no fee for session {application.session.year}, region 11, level assistant"
    ]
    assert "北京考区执业助理医师" in orders.missing_fees(ExamSession.current())


def test_nobody_orders_for_somebody_else():
    application = make_due()
    with pytest.raises(NotAllowed):
        orders.create(application.pk, actor=Actor.of(make_candidate()))


def test_the_first_payment_of_an_open_order_completes_the_application():
    application = make_due()
    order = make_order(application)
    payment = pay(order)
    record = Record.objects.filter(application=application).last()
    assert status_of(application) == "paid"
    assert payment.state == "settled"
    assert payment.order == order
    assert (record.action, record.level, record.data) == (
        "pay",
        "provider",
        {"order": order.number, "payment": payment.pk},
    )
    assert broken_link(list(application.records.all())) is None
    assert Message.objects.get(record=record).kind == MESSAGES["pay", "paid"]


def test_a_payment_that_arrives_after_the_window_counts():
    application = make_due()
    order = make_order(application)
    payment = pay(order, now=application.session.payment_closes + timedelta(days=1))
    assert payment.state == "settled"
    assert status_of(application) == "paid"


def test_the_same_trade_is_booked_once(caplog):
    order = make_order(make_due())
    assert pay(order) == pay(order)
    assert booked() == [("T1", "settled")]
    assert caplog.messages == [f"booked already: alipay trade T1, order {order.number}, {FEE} fen"]


def test_a_trade_that_comes_again_with_another_amount_is_logged_as_that(caplog):
    order = make_order(make_due())
    pay(order)
    pay(order, amount=FEE + 1)
    assert caplog.messages == [
        f"booked already, with other facts: alipay trade T1, order {order.number}, {FEE + 1} fen"
    ]


@pytest.mark.django_db(transaction=True)
def test_an_order_is_closed_while_its_application_is_held():
    assert orders.close(make_order(make_due()))


def test_a_second_payment_needs_a_refund_and_changes_nothing_else():
    application = make_due()
    order = make_order(application)
    pay(order)
    records = application.records.count()
    pay(order, "T2", provider="wechat")
    assert booked() == [("T1", "settled"), ("T2", "refund_needed")]
    assert (status_of(application), application.records.count()) == ("paid", records)


@pytest.mark.parametrize("difference", [-1, 1])
def test_another_amount_needs_a_refund_and_the_order_stays_open(difference):
    application = make_due()
    order = make_order(application)
    pay(order, amount=FEE + difference)
    assert booked() == [("T1", "refund_needed")]
    assert status_of(application) == "payment_due"
    assert pay(order, "T2").state == "settled"


def test_money_for_an_order_that_nobody_knows_is_kept():
    payment = orders.settle("2027NOSUCHORDER", provider="bank", trade_number="B1", amount=1, at=timezone.now())
    assert (payment.state, payment.order) == ("refund_needed", None)


def test_money_for_a_retracted_application_needs_a_refund(caplog):
    application = make_due()
    order = make_order(application)
    actor = casework.actor(application, "region")
    decisions.retract(application.pk, actor=actor, seen=application.last_record_id, reason="请复核。")
    pay(order)
    assert booked() == [("T1", "refund_needed")]
    assert status_of(application) == "region_review"
    assert "refund needed (order is closed)" in caplog.text
    assert application.account.name not in caplog.text


def test_a_closed_order_stays_closed_when_the_application_is_reinstated():
    application = make_due()
    order = make_order(application)
    operator = Actor.of(make_operator())
    application.owed = ["probation"]
    application.save()
    late = application.session.owed_until
    done = decisions.cancel(application.pk, actor=operator, seen=None, reason="没有补交。", now=late)
    assert pay(order).state == "refund_needed"
    words = {"reason": "材料已找到。", "until": late + timedelta(days=7)}
    decisions.reinstate(application.pk, actor=operator, seen=done.last_record_id, **words)
    order.refresh_from_db()
    assert order.state == "closed"
    assert pay(order, "T2").state == "refund_needed"
    assert status_of(application) == "payment_due"


def test_an_order_that_is_paid_cannot_be_closed():
    order = make_order(make_due())
    pay(order)
    assert orders.close(order) is False
    assert Payment.objects.get().state == "settled"


def test_a_refund_is_closed_once_with_a_reason():
    order = make_order(make_due())
    payment = pay(order, amount=1)
    with pytest.raises(Refused, match="请填写处理说明"):
        orders.close_refund(payment.pk, reason=" ")
    assert orders.close_refund(payment.pk, reason="已退回。").closed_reason == "已退回。"
    with pytest.raises(Refused, match="已经处理"):
        orders.close_refund(payment.pk, reason="再退一次。")
    with pytest.raises(Refused, match="不需要退款"):
        orders.close_refund(pay(order, "T2").pk, reason="退回。")


@pytest.mark.parametrize("year", [1, 1999, 2100])
def test_the_database_refuses_money_of_another_century(year):
    order = make_order(make_due())
    with pytest.raises(IntegrityError, match="payment_is_of_this_century"), transaction.atomic():
        pay(order, at=datetime(year, 1, 2, tzinfo=UTC))
    assert booked() == []


def test_money_booked_before_with_an_impossible_time_is_put_at_its_arrival():
    mended = import_module("review.migrations.0009_payments_of_impossible_times")
    first, second = make_order(make_due()), make_order(make_due())
    pay(first, "T1")
    pay(second, "T2")
    arrived = first.application.records.get(action="pay").at
    kept = Payment.objects.get(trade_number="T2").received_at
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE review_payment DROP CONSTRAINT payment_is_of_this_century")
        cursor.execute("ALTER TABLE review_paymentorder DROP CONSTRAINT order_was_paid_in_this_century")
        cursor.execute("UPDATE review_payment SET received_at = '0001-01-01 00:00+08' WHERE trade_number = 'T1'")
        cursor.execute("UPDATE review_paymentorder SET paid_at = '0001-01-01 00:00+08' WHERE id = %s", [first.pk])
        cursor.execute(mended.PAYMENTS)
        cursor.execute(mended.ORDERS)
    payment = Payment.objects.get(trade_number="T1")
    first.refresh_from_db()
    assert payment.received_at == arrived
    assert first.paid_at == arrived
    assert payment.state == "settled"
    assert payment.strange.startswith("支付时间 0001-01-01")
    assert Payment.objects.get(trade_number="T2").received_at == kept


def test_who_has_chosen_no_category_or_point_has_no_fee():
    application = make_due()
    assert orders.fee_of(application) == FEE
    application.exam_category = None
    assert orders.fee_of(application) is None
    other = make_due()
    other.region = None
    assert orders.fee_of(other) is None
