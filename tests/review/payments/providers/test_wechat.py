import json
from datetime import datetime

import pytest

from candidates.models.session import SHANGHAI
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
