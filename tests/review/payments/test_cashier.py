"""The demo cashier over HTTP: the portal asks it as it asks a provider, and neither believes an unsigned word."""

import re
import socket
from dataclasses import replace
from urllib.error import HTTPError
from urllib.request import Request

import pytest

from review.payments import cashier
from review.payments.cashier_sides import Refund, Trade
from review.payments.providers import offered, wechat
from review.payments.providers.terms import Unavailable
from tests.review.payments.case import PHONE, address_of, booked, make_due, make_order, status_of

pytestmark = pytest.mark.django_db


def get(address):
    with cashier.DIRECT.open(address, timeout=10) as answer:
        return answer.read().decode()


def bring(name, order):
    """The address to pay at; for 支付宝 the trade is there once it has been opened."""
    address = address_of(name, order)
    get(address)
    return address


def test_alipay_shows_what_is_to_be_paid(running_cashier):
    order = make_order(make_due())
    page = get(bring("alipay", order))
    assert re.findall(r"<b>([^<]*)</b>|订单号 (\w+)", page) == [("200.00", ""), ("", order.number)]


def test_an_address_that_was_altered_is_refused(running_cashier):
    order = make_order(make_due())
    address = address_of("alipay", order).replace("200.00", "0.01")
    with pytest.raises(HTTPError, match="400"):
        get(address)
    assert running_cashier.trades == {}


def test_wechat_gives_one_code_for_one_order(running_cashier):
    order = make_order(make_due())
    assert bring("wechat", order) == bring("wechat", order)
    assert "200.00" in get(bring("wechat", order))


@pytest.mark.parametrize("name", ["alipay", "wechat"])
def test_asking_books_what_was_paid_and_only_that(running_cashier, name):
    application = make_due()
    order = make_order(application)
    assert offered.ask(order) == "unpaid"
    bring(name, order)
    assert offered.ask(order) == "unpaid"
    trade = running_cashier.trades[name, order.number]
    trade.paid_at = cashier.datetime.now(cashier.BEIJING)
    assert [offered.ask(order), offered.ask(order)] == ["paid", "paid"]
    assert booked() == [(trade.number, "settled")]
    assert status_of(application) == "paid"


def test_an_answer_that_somebody_else_has_signed_is_not_believed(running_cashier, tmp_path):
    order = make_order(make_due())
    for name in ("alipay", "wechat"):
        bring(name, order)
        running_cashier.trades[name, order.number].paid_at = cashier.datetime.now(cashier.BEIJING)
    others = cashier.cashier_keys.keys_in(tmp_path)
    running_cashier.keys = replace(others, merchant=running_cashier.keys.merchant)
    assert offered.ask(order) == "unknown"
    assert booked() == []
    with pytest.raises(Unavailable):
        bring("wechat", order)


def test_a_phone_pays_an_order_whose_code_was_shown_on_a_computer(running_cashier, settings):
    order = make_order(make_due())
    address_of("wechat", order)
    page = address_of("wechat", order, PHONE)
    with pytest.raises(HTTPError, match="400"):  # from nowhere, as 微信支付 refuses it
        get(page)
    from_here = Request(page, headers={"Referer": settings.BASE_URL + "/"})
    assert "200.00" in get(from_here)
    assert [number.removeprefix(order.number) for _, number in running_cashier.trades] == ["", "-H"]


def test_what_was_paid_on_a_phone_is_found_by_asking(running_cashier):
    order = make_order(make_due())
    address_of("wechat", order, PHONE)
    running_cashier.trades["wechat", f"{order.number}-H"].paid_at = cashier.datetime.now(cashier.BEIJING)
    assert offered.ask(order) == "paid"


def test_one_number_is_for_one_kind_of_payment(running_cashier, monkeypatch):
    monkeypatch.setitem(wechat.ENDINGS, "h5", "")
    order = make_order(make_due())
    address_of("wechat", order)
    with pytest.raises(Unavailable, match="OUT_TRADE_NO_USED"):
        address_of("wechat", order, PHONE)


def test_a_refund_is_given_once_for_its_number_and_never_above_what_was_paid(running_cashier):
    trade = Trade("wechat", "2027ABC", 100, "缴费", "", "", paid_at=cashier.datetime.now(cashier.BEIJING))
    running_cashier.take(trade)
    first = Refund("wechat", "R1", trade.number, 60, "PROCESSING")
    assert [running_cashier.give_back(first), running_cashier.give_back(replace(first, own_number="2"))] == [
        first,
        first,
    ]
    assert running_cashier.give_back(replace(first, amount=50)) == "PARAM_ERROR"
    assert running_cashier.give_back(replace(first, number="R2", amount=41)) == "INVALID_REQUEST"
    running_cashier.short_of_money = True
    assert running_cashier.give_back(replace(first, number="R2", amount=40)) == "NOT_ENOUGH"
    assert "0.60 元" in get(f"{running_cashier.address}/refunds")


def test_a_provider_that_does_not_answer_leaves_the_order_open(configured):
    order = make_order(make_due())
    assert (offered.ask(order), offered.retire(order)) == ("unknown", "left")
    order.refresh_from_db()
    assert order.state == "created"


def test_an_order_that_nobody_paid_is_retired(running_cashier):
    order = make_order(make_due())
    assert offered.retire(order) == "closed"
    order.refresh_from_db()
    assert order.state == "closed"


def test_the_cashier_is_for_this_machine_only(keys):
    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        with pytest.raises(ValueError, match="this machine only"):
            cashier.server(everywhere, keys)
