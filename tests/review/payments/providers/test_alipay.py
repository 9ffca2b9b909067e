from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from candidates.models.session import SHANGHAI
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
