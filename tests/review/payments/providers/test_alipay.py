import json
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from candidates.models.session import SHANGHAI
from candidates.rules.devices import Device
from review.payments import cashier_keys, cashier_sides
from review.payments.cashier_sides import Trade, alipay_facts
from review.payments.providers import offered
from review.payments.providers.terms import NOWHERE, BadNotification, Bill, Refund, Unavailable

pytestmark = pytest.mark.usefixtures("configured")
UNTIL = datetime(2027, 3, 8, 24 - 1, 59, tzinfo=SHANGHAI)


def asked_for(device):
    provider = offered.offered()["alipay"]
    address = provider.address(Bill("2027ABC", 26_000, "缴费", UNTIL), provider.way(device))
    return parse_qs(urlsplit(address).query)


def test_the_address_is_signed_and_says_what_is_to_be_paid_until_when():
    said = asked_for(Device())
    assert '"total_amount":"260.00"' in said["biz_content"][0]
    assert '"time_expire":"2027-03-08 23:59:00"' in said["biz_content"][0]
    assert len(said["sign"]) == 1


@pytest.mark.parametrize(
    ("device", "method", "product"),
    [
        (Device(), "alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
        (Device(phone=True), "alipay.trade.wap.pay", "QUICK_WAP_WAY"),
    ],
)
def test_a_phone_is_led_to_the_payment_of_phones(device, method, product):
    said = asked_for(device)
    assert (said["method"], json.loads(said["biz_content"][0])["product_code"]) == ([method], product)


def test_a_phone_pays_by_the_page_where_nothing_else_is_agreed(settings):
    settings.ALIPAY = settings.ALIPAY | {"ways": "page"}
    assert asked_for(Device(phone=True))["method"] == ["alipay.trade.page.pay"]


def test_inside_wechat_there_is_advice_and_no_button():
    way = offered.offered()["alipay"].way(Device(phone=True, wechat=True, bridge=True))
    assert (way.opens, "在浏览器中打开" in way.words) == (NOWHERE, True)


WANTED = Refund("R1", "T1", 100, 26_000, "重复付款")
SUCCESS = {"code": "10000", "trade_no": "T1"}


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (SUCCESS | {"fund_change": "Y"}, "done"),
        (SUCCESS | {"fund_change": "N"}, "processing"),
        ({"code": "40004", "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH", "sub_msg": "卖家余额不足"}, "failed"),
    ],
)
def test_a_refund_is_what_alipay_says_of_it(answering, facts, state):
    outcome = answering(facts, method="alipay.trade.refund").refund(WANTED)
    assert (outcome.state, "卖家余额不足" in outcome.words) == (state, state == "failed")


@pytest.mark.parametrize("facts", [{"code": "20000"}, {"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}])
def test_a_refund_that_alipay_may_have_taken_is_not_called_failed(answering, facts):
    with pytest.raises(Unavailable):
        answering(facts, method="alipay.trade.refund").refund(WANTED)


def test_a_refund_without_a_state_is_none_yet(answering):
    method = "alipay.trade.fastpay.refund.query"
    assert answering(SUCCESS, method=method).refunded(WANTED) is None
    done = SUCCESS | {"out_request_no": "R1", "refund_status": "REFUND_SUCCESS"}
    assert answering(done, method=method).refunded(WANTED).state == "done"
    with pytest.raises(Unavailable, match="another refund"):
        answering(done | {"out_request_no": "R2"}, method=method).refunded(WANTED)


def test_it_reads_a_word_for_yes_and_for_no():
    answered = [offered.offered()["alipay"].acknowledged(accepted) for accepted in (True, False)]
    assert answered == [("text/plain", "success"), ("text/plain", "failure")]


def test_what_is_not_signed_is_no_notification():
    with pytest.raises(BadNotification, match="signature"):
        offered.offered()["alipay"].notified({}, b"", {"trade_status": "TRADE_SUCCESS"})


def test_silence_is_not_taken_for_an_answer():
    with pytest.raises(Unavailable):
        offered.offered()["alipay"].query("2027ABC")


@pytest.fixture
def answering(running_cashier, keys, monkeypatch):
    """answering(facts, …): the provider answers a query so, signed by these keys."""

    def answer(facts, signed_by=keys, method="alipay.trade.query"):
        reply = "200 OK", [("Content-Type", "application/json")], cashier_keys.alipay_answer(signed_by, method, facts)
        monkeypatch.setattr(cashier_sides.AlipaySide, "asked", lambda self, till, asked: reply)
        return offered.offered()["alipay"]

    return answer


PAID = {"code": "10000", **alipay_facts(Trade("alipay", "2027ABC", 26_000, "缴费", "", "", paid_at=UNTIL))}


STRANGE = [
    ({"code": "20000", "sub_code": "isp.unknow-error"}, "code 20000 isp.unknow-error"),
    ({"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}, "code 40004 ACQ.SYSTEM_ERROR"),
    (PAID | {"out_trade_no": "2027XYZ"}, "code 10000"),
    ({name: value for name, value in PAID.items() if name != "trade_no"}, "facts: KeyError"),
]


def test_what_is_asked_about_an_order_is_not_guessed_from_a_strange_answer(answering):
    for facts, reason in STRANGE:
        with pytest.raises(Unavailable, match=reason):
            answering(facts).query("2027ABC")


def test_an_answer_that_somebody_else_has_signed_is_not_believed(answering, tmp_path):
    with pytest.raises(Unavailable):
        answering(PAID, signed_by=cashier_keys.keys_in(tmp_path / "others")).query("2027ABC")


@pytest.mark.parametrize("said", ["viel", "0.00", "-1", "99999999.00", "1.001"])
def test_an_amount_that_cannot_be_is_told_apart_and_not_lost(answering, said):
    paid = answering(PAID | {"total_amount": said}).query("2027ABC")
    assert (paid.amount, paid.said_amount) == (0, said)


def test_only_an_order_that_is_paid_is_a_payment(answering):
    assert answering(PAID | {"trade_status": "WAIT_BUYER_PAY"}).query("2027ABC") is None
    assert answering(PAID).query("2027ABC").amount == 26_000
    assert answering({"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}).query("2027ABC") is None
