"""Receipts of the providers of SMS, as each of them reports."""

import json

import pytest
from django.utils import timezone

from candidates.messages.writing import tell_account
from candidates.models import Delivery
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db
TOKEN = "t0ken-of-the-receipts-1"
ARRIVED = {
    "aliyun": {"phone_number": "13811112222", "biz_id": "b1", "success": True, "err_code": "DELIVERED"},
    "tencent": {"mobile": "13811112222", "sid": "b1", "report_status": "SUCCESS", "errmsg": "DELIVRD"},
}
FAILED = {
    "aliyun": {"biz_id": "b1", "success": False, "err_code": "MK:0001"},
    "tencent": {"sid": "b1", "report_status": "FAIL", "errmsg": "MK:0001"},
}
BOTH = pytest.mark.parametrize("provider", ["aliyun", "tencent"])


@pytest.fixture
def tell(client, settings):
    settings.RECEIPT_TOKEN = TOKEN

    def telling(provider, told, token=TOKEN):
        body = told if isinstance(told, str) else json.dumps(told)
        return client.post(f"/messages/receipts/{provider}/{token}/", body, content_type="application/json")

    return telling


def a_delivery(provider):
    message, now = tell_account("contact_changed", make_candidate()), timezone.now()
    message.next_try_at, message.sent_at = None, now
    message.save()
    return Delivery.objects.create(
        message=message, channel="sms", sender=provider, at=now, outcome="sent", provider_id="b1"
    )


@BOTH
def test_what_arrived_is_written_down(tell, provider):
    delivery = a_delivery(provider)
    answer = tell(provider, [ARRIVED[provider]])
    delivery.refresh_from_db()
    assert (answer.status_code, 0 in answer.json().values()) == (200, True)
    assert (delivery.delivered_at is not None, delivery.failed_at) == (True, None)


@BOTH
def test_what_did_not_arrive_is_told_in_the_portal_only_where_no_channel_is_left(tell, provider):
    delivery = a_delivery(provider)
    tell(provider, [FAILED[provider]])
    delivery.refresh_from_db()
    assert (delivery.failed_at is not None, delivery.code) == (True, "MK:0001")
    assert delivery.message.unreachable_at is not None


@BOTH
def test_another_token_is_a_page_that_is_not_there(tell, provider):
    delivery = a_delivery(provider)
    assert tell(provider, [ARRIVED[provider]], token="another").status_code == 404
    delivery.refresh_from_db()
    assert delivery.delivered_at is None


@BOTH
@pytest.mark.parametrize("told", ["", "{", "null", "{}", "[1]", "[{}]", '"x"'])
def test_nonsense_is_refused(tell, provider, told):
    assert tell(provider, told).status_code == 400


def test_what_is_not_ours_is_answered_and_changes_nothing(tell, caplog):
    assert tell("aliyun", [ARRIVED["aliyun"]]).status_code == 200
    assert "1 of 1 are not of ours" in caplog.text
    assert "13811112222" not in caplog.text


@BOTH
@pytest.mark.parametrize("nonsense", ["\0", "\ud800", "b1\0", "x" * 5000])
def test_what_the_database_cannot_hold_breaks_nothing(tell, provider, nonsense):
    delivery = a_delivery(provider)
    code = {"aliyun": "err_code", "tencent": "errmsg"}[provider]
    assert tell(provider, [{name: nonsense for name in FAILED[provider]}]).status_code == 200
    assert tell(provider, [FAILED[provider] | {code: nonsense}]).status_code == 200
    delivery.refresh_from_db()
    assert delivery.failed_at is not None
