import json
from datetime import datetime

import pytest

from candidates.models.session import SHANGHAI
from review.payments import cashier_sides
from review.payments.cashier_sides import Trade, wechat_facts
from review.payments.providers import offered
from review.payments.providers.terms import BadNotification, Unavailable

pytestmark = pytest.mark.usefixtures("configured")
UNTIL = datetime(2027, 3, 8, 23, 59, tzinfo=SHANGHAI)


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
        provider.address("2027ABC", 26_000, "缴费", UNTIL)
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
        provider.address("2027ABC", 26_000, "缴费", UNTIL)
    with pytest.raises(Unavailable, match="200 None"):
        answering("200 OK", {"code_url": 7}).address("2027ABC", 26_000, "缴费", UNTIL)


STRANGE = [
    ("500 Internal Server Error", {"code": "SYSTEM_ERROR"}, "500 SYSTEM_ERROR"),
    ("404 Not Found", {"code": "MCH_NOT_EXISTS"}, "404 MCH_NOT_EXISTS"),
    ("200 OK", PAID | {"out_trade_no": "2027XYZ"}, "200 None"),
    ("200 OK", PAID | {"appid": "wx0"}, "another app"),
    ("200 OK", PAID | {"mchid": "0"}, "another merchant"),
    ("200 OK", PAID | {"amount": {"total": 26_000, "currency": "USD"}}, "facts: ValueError"),
    ("200 OK", PAID | {"amount": {"total": 0, "currency": "CNY"}}, "facts: ValueError"),
    ("200 OK", PAID | {"amount": None}, "facts: TypeError"),
]


def test_what_is_asked_about_an_order_is_not_guessed_from_a_strange_answer(answering):
    for status, facts, reason in STRANGE:
        with pytest.raises(Unavailable, match=reason):
            answering(status, facts).query("2027ABC")


def test_only_an_order_that_is_paid_is_a_payment(answering):
    assert answering("200 OK", PAID | {"trade_state": "NOTPAY"}).query("2027ABC") is None
    assert answering("200 OK", PAID).query("2027ABC").amount == 26_000
    assert answering("404 Not Found", {"code": "ORDER_NOT_EXIST"}).query("2027ABC") is None
