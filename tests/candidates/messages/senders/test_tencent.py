"""腾讯云's signature against the example of its documentation, and what its answers mean."""

import json

import pytest

from candidates.messages.senders import tencent
from candidates.messages.senders.https import Reply

BODY = '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'


def test_the_signature_is_that_of_the_published_example():
    signed = tencent.authorization(
        BODY, "cvm.tencentcloudapi.com", "cvm", 1551113065, "ID", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
    )
    assert signed == (
        "TC3-HMAC-SHA256 Credential=ID/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


@pytest.mark.parametrize(("typed", "wanted"), [("13811112222", "+8613811112222"), ("+852 9123-4567", "+85291234567")])
def test_a_number_is_given_with_its_countrys_code(typed, wanted):
    assert tencent.number(typed) == wanted


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("Ok", "sent"),
        ("FailedOperation.PhoneNumberInBlacklist", "unreachable"),
        ("InvalidParameterValue.IncorrectPhoneNumber", "unreachable"),
        ("FailedOperation.PhoneNumberParseFail", "unreachable"),
        ("UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone", "unreachable"),
        ("UnsupportedOperation.UnsupportedRegion", "unreachable"),
        ("LimitExceeded.AppCountryOrRegionInBlacklist", "unreachable"),
        ("LimitExceeded.PhoneNumberDailyLimit", "later"),
        ("InternalError.Timeout", "perhaps"),
        ("InternalError.SendAndRecvFail", "perhaps"),
        ("InternalError.ParseBackendResponseFail", "perhaps"),
        ("InternalError.OtherError", "later"),
        ("InternalError.UnknownError", "later"),
        ("InternalError.RequestTimeException", "refused"),
        ("FailedOperation.FailResolvePacket", "refused"),
        ("InternalError.SigVerificationFail", "refused"),
        ("FailedOperation.TemplateIncorrectOrUnapproved", "refused"),
        ("FailedOperation.SignatureIncorrectOrUnapproved", "refused"),
        ("FailedOperation.InsufficientBalanceInSmsPackage", "refused"),
    ],
)
def test_what_it_says_of_a_number(code, outcome):
    body = json.dumps({"Response": {"SendStatusSet": [{"Code": code, "SerialNo": "900"}]}}).encode()
    answer = tencent.answered(Reply(200, body))
    assert (answer.outcome, answer.provider_id) == (outcome, "900" if outcome == "sent" else "")


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("AuthFailure.SignatureFailure", "refused"),
        ("RequestLimitExceeded.IPLimitExceeded", "later"),
        ("ServiceUnavailable", "later"),
    ],
)
def test_what_it_says_of_a_request(code, outcome):
    body = json.dumps({"Response": {"Error": {"Code": code, "Message": "…"}}}).encode()
    assert tencent.answered(Reply(200, body)).outcome == outcome


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"Response": {"SendStatusSet": []}}', b'{"Response": null}'])
def test_an_answer_that_cannot_be_read_leaves_it_open(body):
    assert tencent.answered(Reply(502, body)).outcome == "perhaps"
