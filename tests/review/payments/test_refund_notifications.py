"""A provider tells what became of a refund: booked once, and only where it is the refund that was asked for."""

import time
from datetime import datetime

import pytest
from django.test import Client

from candidates.models import Message
from review.models import Payment, Refund
from review.payments import cashier, cashier_keys, cashier_sides, orders, refunds
from review.payments.cashier_sides import Trade
from tests.factories import make_operator
from tests.review import casework
from tests.review.payments.case import booked, make_due, make_order, pay, status_of
from tests.waiting import wait_until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("configured")]
PROVIDERS = ("alipay", "wechat")


@pytest.fixture
def two():
    return make_operator(), make_operator(username="operator-2")


def confirmed(two, provider, *, part: int = 0) -> Refund:
    """A refund that has been confirmed, of which the provider has said nothing yet."""
    order = make_order(make_due())
    orders.close(order)
    payment = pay(order, f"{provider}-{order.pk}", provider=provider)
    refund = refunds.ask(payment.pk, account=two[0], amount=part or payment.amount, reason="订单已关闭")
    return refunds.confirm(refund.pk, account=two[1])


def at_the_provider(refund, **changes) -> cashier_sides.Refund:
    """This refund as its provider knows it."""
    payment = refund.payment
    now = datetime.now(cashier.BEIJING)
    trade = Trade(payment.provider, payment.order.number, payment.amount, "缴费", "", "", paid_at=now)
    trade.number, trade.given_back = payment.trade_number, refund.amount
    values = {"number": refund.number, "trade": payment.trade_number, "amount": refund.amount, "state": "", "of": trade}
    return cashier_sides.Refund(payment.provider, **values | changes)


def alipay(keys, refund, **changes):
    facts = cashier_sides.alipay_refund_facts(at_the_provider(refund)) | changes
    body = cashier_keys.alipay_notification(keys, {name: value for name, value in facts.items() if value})
    answer = Client().post("/payment/alipay/notify/", body, content_type=cashier_sides.FORM["Content-Type"])
    return answer.status_code


def wechat(keys, refund, *, status="SUCCESS", sent=None, body=None, **changes):
    facts = cashier_sides.wechat_refund_facts(at_the_provider(refund), status) | changes
    signed = cashier_keys.wechat_notification(keys, facts, event=f"REFUND.{status}")
    headers = cashier_keys.wechat_headers(keys, signed, sent=sent)
    kind = headers.pop("Content-Type")
    return Client().post("/payment/wechat/notify/", body or signed, content_type=kind, headers=headers).status_code


TELL = {"alipay": alipay, "wechat": wechat}


def state_of(refund) -> tuple[str, int]:
    refund.refresh_from_db()
    return refund.state, Payment.objects.values_list("refunded", flat=True).get(pk=refund.payment_id)


def told() -> int:
    return Message.objects.filter(kind="refunded").count()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_signed_one_is_booked_and_told_once_however_often_it_comes(keys, two, provider):
    refund = confirmed(two, provider)
    assert state_of(refund) == ("sending", refund.amount)
    assert [TELL[provider](keys, refund) for _ in range(3)] == [200, 200, 200]
    assert state_of(refund) == ("done", refund.amount)
    assert told() == 1
    assert refund.number in Payment.objects.get().closed_reason
    assert booked() == [(refund.payment.trade_number, "refund_needed")]  # no payment is made of it
    assert status_of(refund.payment.order.application) == "payment_due"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_somebody_else_has_signed_changes_nothing(keys, two, provider, tmp_path):
    refund = confirmed(two, provider)
    assert TELL[provider](cashier_keys.keys_in(tmp_path / "others"), refund) == 400
    assert state_of(refund) == ("sending", refund.amount)


def test_an_old_one_of_wechat_and_one_of_another_merchant_are_refused(keys, two):
    refund = confirmed(two, "wechat")
    assert wechat(keys, refund, sent=int(time.time()) - 301) == 400
    assert wechat(keys, refund, mchid="1999999999") == 400
    assert alipay(keys, confirmed(two, "alipay"), seller_id="2088999999999999") == 400
    assert state_of(refund)[0] == "sending"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_of_another_order_changes_neither(keys, two, provider, caplog):
    refund, other = confirmed(two, provider), confirmed(two, provider)
    field = {"alipay": "trade_no", "wechat": "transaction_id"}[provider]
    assert TELL[provider](keys, refund, **{field: other.payment.trade_number}) == 200
    assert (state_of(refund)[0], state_of(other)[0], told()) == ("sending", "sending", 0)
    assert f"refund {refund.number}, with another trade" in caplog.text


@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_that_nobody_here_has_asked_for_is_only_logged(keys, two, provider, caplog):
    refund = confirmed(two, provider)
    field = {"alipay": "out_biz_no", "wechat": "out_refund_no"}[provider]
    assert TELL[provider](keys, refund, **{field: "R\x00" + "9" * 300}) == 200
    assert state_of(refund)[0] == "sending"
    assert "which was not asked for here" in caplog.text


STRANGE = [{}, {"refund": True}, {"refund": -1}, {"refund": "20000"}, {"refund": 10**30}, {"refund": 1}]


@pytest.mark.parametrize("amount", STRANGE, ids=str)
def test_an_impossible_amount_of_wechat_settles_nothing(keys, two, amount):
    refund = confirmed(two, "wechat")
    assert wechat(keys, refund, amount=amount) == (200 if amount else 400)
    assert state_of(refund) == ("sending", refund.amount)


@pytest.mark.parametrize("fee", ["0.01", "199.99", "200.01", "1e5"])
def test_an_impossible_sum_of_alipay_settles_nothing(keys, two, fee):
    refund = confirmed(two, "alipay")
    assert alipay(keys, refund, refund_fee=fee) == 200
    assert state_of(refund) == ("sending", refund.amount)


def test_alipay_says_how_much_went_back_together(keys, two):
    first = confirmed(two, "alipay", part=5_000)
    alipay(keys, first)
    second = refunds.ask(first.payment_id, account=two[0], amount=15_000, reason="其余的也退")
    second = refunds.confirm(second.pk, account=two[1])
    assert alipay(keys, second, refund_fee="200.00", trade_status="TRADE_CLOSED") == 200
    assert (state_of(first)[0], state_of(second)) == ("done", ("done", 20_000))


@pytest.mark.parametrize("status", ["ABNORMAL", "CLOSED"])
def test_one_that_failed_says_why_and_may_be_done_after_all(keys, two, status):
    refund = confirmed(two, "wechat")
    assert wechat(keys, refund, status=status) == 200
    assert state_of(refund) == ("failed", 0)
    assert "退款" in refund.answer
    assert wechat(keys, refund) == 200  # an operator has handled it at 微信支付
    assert state_of(refund) == ("done", refund.amount)
    assert told() == 1
    assert wechat(keys, refund, status=status) == 200  # late: the last word was said
    assert state_of(refund) == ("done", refund.amount)


def test_one_that_is_asked_for_again_waits_for_the_second_operator(keys, two, caplog):
    refund = confirmed(two, "wechat")
    wechat(keys, refund, status="ABNORMAL")
    again = refunds.ask(refund.payment_id, account=two[0], amount=refund.amount, reason="再退一次")
    assert again.number == refund.number
    assert wechat(keys, refund) == 200
    assert (state_of(refund)[0], state_of(again)[0]) == ("failed", "asked")
    assert "as done, which is asked here" in caplog.text


def test_a_payments_notification_that_names_no_refund_is_one_of_a_payment(keys, two):
    refund = confirmed(two, "alipay")
    assert alipay(keys, refund, refund_fee="0.00", trade_no="new", trade_status="TRADE_SUCCESS") == 200
    assert ("new", "refund_needed") in booked()
    assert state_of(refund)[0] == "sending"


@pytest.mark.django_db(transaction=True)
def test_the_cashier_tells_of_a_refund_by_itself(running_cashier, two, live_server, settings):
    settings.BASE_URL = live_server.url
    running_cashier.tells_of_refunds = True
    order = make_order(make_due())
    orders.close(order)
    trade = Trade("wechat", order.number, order.amount, "缴费", "", "", paid_at=datetime.now(cashier.BEIJING))
    running_cashier.take(trade)
    payment = pay(order, trade.number, provider="wechat")
    refund = refunds.ask(payment.pk, account=two[0], amount=payment.amount, reason="订单已关闭")
    refunds.confirm(refund.pk, account=two[1])
    wait_until(lambda: state_of(refund)[0] == "done", "the portal is not told")


def test_the_candidate_reads_whether_money_waits_or_went_back(keys, two, client):
    refund = confirmed(two, "wechat")
    casework.log_in(client, refund.payment.order.application.account)
    assert "收到了不能入账的款项" in client.get("/payment/").content.decode()
    wechat(keys, refund)
    page = client.get("/payment/").content.decode()
    assert ("收到了不能入账的款项" in page, "已退回原付款账户 200.00 元" in page) == (False, True)
