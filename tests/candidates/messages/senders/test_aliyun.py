"""阿里云's signature against the example of its documentation, and what its answers mean."""

import json

import pytest

from candidates.messages.senders import aliyun
from candidates.messages.senders.https import Reply

EXAMPLE = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
FACTS = {
    "host": "ecs.cn-shanghai.aliyuncs.com",
    "x-acs-action": "RunInstances",
    "x-acs-date": "2023-10-26T10:22:32Z",
    "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-version": "2014-05-26",
}


def test_the_signature_is_that_of_the_published_example():
    signed = aliyun.headers(EXAMPLE, FACTS, "YourAccessKeyId", "YourAccessKeySecret")
    assert signed["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_a_query_is_coded_as_the_rfc_says():
    assert aliyun.canonical({"b": "a b*~+/签", "a": ""}) == "a=&b=a%20b%2A~%2B%2F%E7%AD%BE"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("13811112222", "13811112222"), ("+852 9123-4567", "85291234567")],
)
def test_a_number_is_given_without_a_plus(typed, wanted):
    assert aliyun.number(typed) == wanted


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("OK", "sent"),
        ("isv.MOBILE_NUMBER_ILLEGAL", "unreachable"),
        ("isv.BLACK_KEY_CONTROL_LIMIT", "unreachable"),
        ("isv.CUSTOMER_REFUSED", "unreachable"),
        ("isv.BUSINESS_LIMIT_CONTROL", "later"),
        ("isv.DAY_LIMIT_CONTROL", "later"),
        ("isv.MONTH_LIMIT_CONTROL", "refused"),
        ("InternalError", "later"),
        ("ServiceUnavailable", "later"),
        ("isv.DENY_IP_RANGE", "refused"),
        ("isp.RAM_PERMISSION_DENY", "refused"),
        ("InvalidTimeStamp.Expired", "refused"),
        ("Throttling.User", "later"),
        ("isp.SYSTEM_ERROR", "later"),
        ("isv.SMS_TEMPLATE_ILLEGAL", "refused"),
        ("isv.SMS_SIGNATURE_ILLEGAL", "refused"),
        ("isv.AMOUNT_NOT_ENOUGH", "refused"),
        ("SignatureDoesNotMatch", "refused"),
        ("isv.SOMETHING_NEW", "refused"),
    ],
)
def test_what_its_answers_mean(code, outcome):
    answer = aliyun.answered(Reply(200, json.dumps({"Code": code, "BizId": "900", "Message": "…"}).encode()))
    assert (answer.outcome, answer.provider_id) == (outcome, "900" if outcome == "sent" else "")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"Message": "x"}', b"\xff"])
def test_an_answer_that_cannot_be_read_leaves_it_open(body):
    assert aliyun.answered(Reply(502, body)).outcome == "perhaps"
