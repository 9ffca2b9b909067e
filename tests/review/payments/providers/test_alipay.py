from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from candidates.models.session import SHANGHAI
from review.payments import cashier_keys, cashier_sides
from review.payments.cashier_sides import Trade, alipay_facts
from review.payments.providers import offered
from review.payments.providers.terms import BadNotification, Unavailable

pytestmark = pytest.mark.usefixtures("configured")
UNTIL = datetime(2027, 3, 8, 24 - 1, 59, tzinfo=SHANGHAI)


def test_the_address_is_signed_and_says_what_is_to_be_paid_until_when():
    address = offered.offered()["alipay"].address("2027ABC", 26_000, "缴费", UNTIL)
    said = parse_qs(urlsplit(address).query)
    assert '"total_amount":"260.00"' in said["biz_content"][0]
    assert '"time_expire":"2027-03-08 23:59:00"' in said["biz_content"][0]
    assert len(said["sign"]) == 1


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

    def answer(facts, signed_by=keys):
        method = "alipay.trade.query"
        reply = "200 OK", [("Content-Type", "application/json")], cashier_keys.alipay_answer(signed_by, method, facts)
        monkeypatch.setattr(cashier_sides.AlipaySide, "asked", lambda self, till, asked: reply)
        return offered.offered()["alipay"]

    return answer


PAID = {"code": "10000", **alipay_facts(Trade("alipay", "2027ABC", 26_000, "缴费", "", "", paid_at=UNTIL))}


STRANGE = [
    ({"code": "20000", "sub_code": "isp.unknow-error"}, "code 20000 isp.unknow-error"),
    ({"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}, "code 40004 ACQ.SYSTEM_ERROR"),
    (PAID | {"out_trade_no": "2027XYZ"}, "code 10000"),
    (PAID | {"total_amount": "viel"}, "BadNotification"),
]


def test_what_is_asked_about_an_order_is_not_guessed_from_a_strange_answer(answering):
    for facts, reason in STRANGE:
        with pytest.raises(Unavailable, match=reason):
            answering(facts).query("2027ABC")


def test_an_answer_that_somebody_else_has_signed_is_not_believed(answering, tmp_path):
    with pytest.raises(Unavailable):
        answering(PAID, signed_by=cashier_keys.keys_in(tmp_path / "others")).query("2027ABC")


def test_only_an_order_that_is_paid_is_a_payment(answering):
    assert answering(PAID | {"trade_status": "WAIT_BUYER_PAY"}).query("2027ABC") is None
    assert answering(PAID).query("2027ABC").amount == 26_000
    assert answering({"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}).query("2027ABC") is None
