import json
from datetime import datetime

import pytest

from candidates.models.session import SHANGHAI
from candidates.rules.devices import Device
from review.payments import cashier_sides
from review.payments.cashier_sides import Trade, wechat_facts
from review.payments.providers import offered, wechat
from review.payments.providers.terms import BadNotification, Bill, Refund, Unavailable

pytestmark = pytest.mark.usefixtures("configured")
UNTIL = datetime(2027, 3, 8, 23, 59, tzinfo=SHANGHAI)
BILL = Bill("2027ABC", 26_000, "缴费", UNTIL)


def test_it_reads_json_for_yes_and_for_no():
    answered = [offered.offered()["wechat"].acknowledged(accepted) for accepted in (True, False)]
    assert [kind for kind, _ in answered] == ["application/json"] * 2
    assert [json.loads(body)["code"] for _, body in answered] == ["SUCCESS", "FAIL"]


def test_what_is_not_signed_is_no_notification():
    with pytest.raises(BadNotification, match="signature"):
        offered.offered()["wechat"].notified({}, b"{}", {})


def test_where_nobody_answers_there_is_no_code_and_no_answer():
    provider = offered.offered()["wechat"]
    with pytest.raises(Unavailable):
        provider.address(BILL, wechat.NATIVE)
    with pytest.raises(Unavailable):
        provider.query("2027ABC")


@pytest.fixture
def answering(running_cashier, monkeypatch):
    """answering(status, facts): the provider answers so, signed."""

    def answer(status, facts):
        side = cashier_sides.WeChatSide
        monkeypatch.setattr(side, "asked", lambda self, till, asked: self._signed(till.keys, status, facts))
        return offered.offered()["wechat"]

    return answer


PAID = wechat_facts(Trade("wechat", "2027ABC", 26_000, "缴费", "", "", paid_at=UNTIL))


def test_an_order_that_the_provider_refuses_has_no_code(answering):
    provider = answering("400 Bad Request", {"code": "PARAM_ERROR", "message": "参数错误"})
    with pytest.raises(Unavailable, match="400 PARAM_ERROR"):
        provider.address(BILL, wechat.NATIVE)
    with pytest.raises(Unavailable, match="200 None"):
        answering("200 OK", {"code_url": 7}).address(BILL, wechat.NATIVE)


STRANGE = [
    ("500 Internal Server Error", {"code": "SYSTEM_ERROR"}, "500 SYSTEM_ERROR"),
    ("404 Not Found", {"code": "MCH_NOT_EXISTS"}, "404 MCH_NOT_EXISTS"),
    ("200 OK", PAID | {"out_trade_no": "2027XYZ"}, "200 None"),
    ("200 OK", PAID | {"appid": "wx0"}, "another app"),
    ("200 OK", PAID | {"mchid": "0"}, "another merchant"),
    ("200 OK", PAID | {"amount": None}, "facts: TypeError"),
]


def test_what_is_asked_about_an_order_is_not_guessed_from_a_strange_answer(answering):
    for status, facts, reason in STRANGE:
        with pytest.raises(Unavailable, match=reason):
            answering(status, facts).query("2027ABC")


@pytest.mark.parametrize(
    ("total", "currency"), [(26_000, "USD"), (0, "CNY"), (-1, "CNY"), ("1", "CNY"), (10**10, "CNY")]
)
def test_an_amount_that_cannot_be_is_told_apart_and_not_lost(answering, total, currency):
    paid = answering("200 OK", PAID | {"amount": {"total": total, "currency": currency}}).query("2027ABC")
    assert (paid.amount, paid.said_amount) == (0, f"{total} {currency}")


ALL, PHONE_IN_WECHAT = "native,h5,jsapi", Device(phone=True, wechat=True, bridge=True)


@pytest.mark.parametrize(
    ("agreed", "device", "name", "words"),
    [
        (ALL, Device(), "native", "扫一扫"),
        (ALL, Device(phone=True), "h5", "打开微信"),
        (ALL, PHONE_IN_WECHAT, "jsapi", "直接付款"),
        (ALL, Device(wechat=True), "native", "扫一扫"),  # WeChat on a computer
        (ALL, Device(phone=True, wechat=True), "", "在浏览器中打开"),  # 企业微信
        (ALL, Device(phone=True, alipay=True), "", "在浏览器中打开"),
        ("native", Device(phone=True), "", "在电脑上打开"),
        ("native", PHONE_IN_WECHAT, "", "在电脑上打开"),
        ("h5", PHONE_IN_WECHAT, "", "在浏览器中打开"),
        ("h5", Device(), "", "用手机打开"),
        ("jsapi", Device(phone=True), "", "手机微信里打开"),
        ("jsapi", Device(), "", "手机微信里打开"),
    ],
)
@pytest.mark.usefixtures("configured")
def test_the_way_to_pay_is_one_that_does_something_here(settings, agreed, device, name, words):
    settings.WECHAT = settings.WECHAT | {"ways": agreed}
    way = offered.offered()["wechat"].way(device)
    assert (way.name, bool(way.opens), words in way.words) == (name, bool(name), True)


WANTED = Refund("R1", "T1", 100, 26_000, "重复付款")
GIVEN = {"refund_id": "50", "out_refund_no": "R1", "transaction_id": "T1"}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("SUCCESS", "done"),
        ("PROCESSING", "processing"),
        ("CLOSED", "failed"),
        ("ABNORMAL", "failed"),
        ("NEW", "processing"),
    ],
)
def test_a_refund_is_what_wechat_says_of_it(answering, status, state):
    provider = answering("200 OK", GIVEN | {"status": status})
    assert [provider.refund(WANTED).state, provider.refunded(WANTED).state] == [state, state]


def test_a_refund_that_is_refused_has_failed_with_the_providers_words(answering):
    outcome = answering("403 Forbidden", {"code": "NOT_ENOUGH", "message": "余额不足"}).refund(WANTED)
    assert (outcome.state, outcome.words) == ("failed", "余额不足 NOT_ENOUGH")


@pytest.mark.parametrize(
    ("status", "facts"),
    [
        ("500 Internal Server Error", {"code": "SYSTEM_ERROR"}),
        ("429 Too Many Requests", {"code": "RATELIMIT_EXCEEDED"}),
        ("200 OK", GIVEN | {"status": "SUCCESS", "out_refund_no": "R2"}),
        ("200 OK", GIVEN | {"status": "SUCCESS", "transaction_id": "T2"}),
    ],
)
def test_a_refund_that_may_have_been_taken_is_not_called_failed(answering, status, facts):
    with pytest.raises(Unavailable):
        answering(status, facts).refund(WANTED)


def test_a_refund_that_wechat_knows_nothing_of_is_none(answering):
    assert answering("404 Not Found", {"code": "RESOURCE_NOT_EXISTS"}).refunded(WANTED) is None
    with pytest.raises(Unavailable):
        answering("500 Internal Server Error", {"code": "SYSTEM_ERROR"}).refunded(WANTED)


def test_each_kind_of_payment_has_a_number_of_its_own_and_all_are_ours():
    assert [wechat.ours(f"2027ABC{ending}") for ending in wechat.ENDINGS.values()] == ["2027ABC"] * 3


def test_only_an_order_that_is_paid_is_a_payment(answering, monkeypatch):
    monkeypatch.setattr(wechat, "ENDINGS", {"native": ""})  # the same answer is given to every question here
    assert answering("200 OK", PAID | {"trade_state": "NOTPAY"}).query("2027ABC") is None
    assert answering("200 OK", PAID).query("2027ABC").amount == 26_000
    assert answering("404 Not Found", {"code": "ORDER_NOT_EXIST"}).query("2027ABC") is None
