"""Refunds: one operator asks, another confirms, the provider is asked until it says the last word."""

from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from candidates.applications.workflow import Actor, lock, move
from candidates.models import Message, OperatorAct
from candidates.rules.refusals import NotAllowed, Refused
from review.cases import decisions
from review.models import Payment, PaymentOrder, Refund
from review.payments import cashier, orders, refunds
from review.payments.cashier_sides import Trade
from tests.factories import make_operator
from tests.review import casework
from tests.review.payments.case import make_due, make_order, pay, status_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return make_operator(), make_operator(username="operator-2")


@pytest.fixture
def payment(running_cashier):
    """Money for an order that was closed, at the demo's cashier."""
    order = make_order(make_due())
    orders.close(order)
    return brought(running_cashier, order)


def brought(running_cashier, order, provider="wechat") -> Payment:
    """Pays an order at the cashier, and books it."""
    now = datetime.now(cashier.BEIJING)
    trade = Trade(provider, order.number, order.amount, "缴费", "", "", paid_at=now)
    running_cashier.take(trade)
    return pay(order, trade.number, provider=provider)


def asked(payment, by, **changes) -> Refund:
    return refunds.ask(payment.pk, account=by, **{"amount": payment.amount, "reason": "订单已关闭", **changes})


def taken(payment) -> int:
    return Payment.objects.values_list("refunded", flat=True).get(pk=payment.pk)


def test_a_refund_that_two_operators_wanted_goes_back_once_and_the_candidate_is_told(payment, two, running_cashier):
    refund = refunds.confirm(asked(payment, two[0]).pk, account=two[1])
    assert refund.state == "processing"  # as 微信支付 answers at first
    assert [refunds.follow(refund), refunds.follow(refund)] == ["done", "done"]
    payment.refresh_from_db()
    assert (payment.refunded, refund.number in payment.closed_reason) == (payment.amount, True)
    assert len(running_cashier.refunds) == 1
    assert Message.objects.filter(kind="refunded").count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_the_provider_says_is_booked_while_the_payment_is_held(payment, two):
    refund = refunds.confirm(asked(payment, two[0]).pk, account=two[1])
    assert refunds.follow(refund) == "done"


def test_nobody_confirms_what_they_asked_for_themselves(payment, two):
    refund = asked(payment, two[0])
    with pytest.raises(NotAllowed, match="另一位操作员"):
        refunds.confirm(refund.pk, account=two[0])
    with pytest.raises(IntegrityError, match="refund_is_confirmed_by_another"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(state="sending", confirmed_by=two[0], confirmed_at=refund.asked_at)


@pytest.mark.parametrize("more", [1, -20_000, -30_000])
def test_never_more_than_came_and_never_nothing(payment, two, more):
    with pytest.raises(Refused, match=r"最多 200\.00 元"):
        asked(payment, two[0], amount=payment.amount + more)
    with pytest.raises(IntegrityError, match="no_more_goes_back_than_came"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(refunded=payment.amount + 1)


def test_several_refunds_together_are_at_most_what_came(payment, two):
    refunds.follow(refunds.confirm(asked(payment, two[0], amount=15_000).pk, account=two[1]))
    with pytest.raises(Refused, match=r"最多 50\.00 元"):
        asked(payment, two[0], amount=5_001)
    assert asked(payment, two[0], amount=5_000).state == "asked"
    with pytest.raises(NotAllowed, match="没有办结"):
        asked(payment, two[0], amount=1)


def test_one_that_is_declined_frees_its_amount(payment, two):
    refund = asked(payment, two[0])
    assert refunds.decline(refund.pk, account=two[1]).state == "declined"
    assert taken(payment) == 0
    with pytest.raises(NotAllowed, match="未同意"):
        refunds.confirm(refund.pk, account=two[1])


def test_one_that_fails_says_why_and_is_asked_for_again_under_its_number(payment, two, running_cashier):
    running_cashier.short_of_money = True
    first = refunds.confirm(asked(payment, two[0]).pk, account=two[1])
    assert (first.state, "NOT_ENOUGH" in first.answer, taken(payment)) == ("failed", True, 0)
    running_cashier.short_of_money = False
    again = asked(payment, two[1])
    assert again.number == first.number
    assert refunds.follow(refunds.confirm(again.pk, account=two[0])) == "done"


def test_what_the_provider_has_not_answered_is_told_again_by_the_command(payment, two, running_cashier, settings):
    settings.WECHAT, awake = settings.WECHAT | {"gateway": "http://127.0.0.1:9"}, settings.WECHAT
    refund = refunds.confirm(asked(payment, two[0]).pk, account=two[1])
    assert refund.state == "sending"
    settings.WECHAT = awake
    for state in ("processing", "done"):
        call_command("follow_refunds")
        refund.refresh_from_db()
        assert refund.state == state


def test_alipay_gives_back_at_once(running_cashier, two):
    order = make_order(make_due())
    orders.close(order)
    payment = brought(running_cashier, order, "alipay")
    assert refunds.confirm(asked(payment, two[0]).pk, account=two[1]).state == "done"


def test_what_has_settled_an_order_stays_while_the_application_stands(running_cashier, two):
    payment = brought(running_cashier, make_order(make_due()))
    with pytest.raises(NotAllowed, match="取消以后才能退款"):
        asked(payment, two[0])


def test_after_a_cancel_and_a_refund_a_way_back_ends_before_the_payment(running_cashier, two):
    application = make_due()
    payment = brought(running_cashier, make_order(application))
    cancelled(application)
    refunds.confirm(asked(payment, two[0]).pk, account=two[1])
    assert PaymentOrder.objects.get().state == "refunded"
    reinstated(application)
    assert status_of(application) == "payment_due"
    assert make_order(application).state == "created"


def test_who_was_reinstated_before_the_second_operator_looked_stays_paid(running_cashier, two):
    application = make_due()
    payment = brought(running_cashier, make_order(application))
    cancelled(application)
    refund = asked(payment, two[0])
    reinstated(application)
    with pytest.raises(NotAllowed, match="取消以后才能退款"):
        refunds.confirm(refund.pk, account=two[1])
    assert (status_of(application), PaymentOrder.objects.get().state) == ("paid", "paid")


def test_a_refund_that_failed_is_asked_for_again_though_the_way_back_was_gone(running_cashier, two):
    application = make_due()
    payment = brought(running_cashier, make_order(application))
    cancelled(application)
    running_cashier.short_of_money = True
    refunds.confirm(asked(payment, two[0]).pk, account=two[1])
    reinstated(application)
    assert asked(payment, two[0]).state == "asked"


def reinstated(application):
    region, until = casework.actor(application, "region"), application.session.owed_until
    decisions.reinstate(application.pk, actor=region, seen=None, reason="材料已补齐", until=until)


def cancelled(application):
    with transaction.atomic():
        move(lock(application.pk), "cancel", Actor(level="operator", name="terminal"), reason="材料未补")


def test_a_payment_is_not_closed_by_hand_while_it_goes_back(payment, two):
    asked(payment, two[0])
    with pytest.raises(Refused, match="正在通过支付平台退款"):
        orders.close_refund(payment.pk, reason="已退")


def test_each_step_is_on_record(payment, two):
    refunds.confirm(asked(payment, two[0]).pk, account=two[1])
    acts = list(OperatorAct.objects.order_by("pk").values_list("command", "account", "arguments__fen"))
    assert acts == [("ask_refund", two[0].pk, 20_000), ("confirm_refund", two[1].pk, 20_000)]


def test_the_back_office_leads_two_operators_through(payment, two, client):
    def as_operator(account):
        client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")

    as_operator(two[0])
    client.post(f"/admin/review/payment/{payment.pk}/refund/", {"amount": "200.00", "reason": "订单已关闭"})
    refund = Refund.objects.get()
    confirm = f"/admin/review/refund/{refund.pk}/confirm/"
    assert "不能由提出人自己确认" in client.get(confirm).content.decode()
    client.post(confirm)
    as_operator(two[1])
    assert ["确认退款" in client.get(confirm).content.decode(), Refund.objects.get().state] == [True, "asked"]
    client.post(confirm)
    assert Refund.objects.get().state == "processing"
