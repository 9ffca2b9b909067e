"""腾讯云短信: SendSms (version 2021-01-11), signed with TC3-HMAC-SHA256.

Its codes of errors: tencentcloud/sms/v20210111/errorcodes.py of TencentCloud/tencentcloud-sdk-python (bf29717) and
cloud.tencent.com/document/api/382/59177, read on 2026-11-30; 公共错误码 of its API 3.0 may come as well.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from candidates.messages.senders import https
from candidates.messages.senders.terms import Answer, Letter

ALGORITHM, SERVICE, VERSION = "TC3-HMAC-SHA256", "sms", "2021-01-11"
JSON = "application/json; charset=utf-8"
# its codes of an error, or how they begin; what is in none of these is refused: an operator has to look
# its own time has run out on the way to the phone, or it could not read what the operator's network said: it may have
# left
PERHAPS = (
    "InternalError.Timeout",
    "InternalError.SendAndRecvFail",
    "InternalError.ParseBackendResponseFail",
)
UNREACHABLE = (
    "FailedOperation.PhoneNumberInBlacklist",
    "FailedOperation.PhoneNumberParseFail",
    "InvalidParameterValue.IncorrectPhoneNumber",
    "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone",  # a number from abroad, a template for the mainland
    "UnsupportedOperation.UnsupportedRegion",
    "LimitExceeded.AppCountryOrRegionInBlacklist",  # operators have not allowed this country
)
LATER = (
    "LimitExceeded",
    "InternalError.OtherError",
    "InternalError.UnknownError",
    "RequestLimitExceeded",
    "ResourceUnavailable",
    "ServiceUnavailable",
)


@dataclass(frozen=True)
class Tencent:
    """`config`: key_id, secret, app_id, sign_name, region, gateway, templates (kind -> template id)."""

    config: Mapping[str, Any]
    name: str = "tencent"
    reaches: tuple[str, ...] = ("mobile",)

    def tells(self, kind: str) -> bool:
        return bool(self.config) and kind in self.config["templates"]

    def send(self, letter: Letter) -> Answer:
        gateway, templates = self.config["gateway"], self.config["templates"]
        body = json.dumps(
            {
                "PhoneNumberSet": [number(letter.mobile)],
                "SmsSdkAppId": self.config["app_id"],
                "SignName": self.config["sign_name"],
                "TemplateId": templates[letter.kind],
                "TemplateParamSet": list(letter.sms.values()),
            }
        )
        host, now = urlsplit(gateway).netloc, int(time.time())
        signed = {
            "Authorization": authorization(body, host, SERVICE, now, self.config["key_id"], self.config["secret"]),
            "Content-Type": JSON,
            "Host": host,
            "X-TC-Action": "SendSms",
            "X-TC-Version": VERSION,
            "X-TC-Timestamp": str(now),
            "X-TC-Region": str(self.config["region"]),
        }
        try:
            reply = https.post(f"{gateway}/", signed, body.encode())
        except https.NotSent as error:
            return Answer("later", code=str(error))
        except https.NoAnswer as error:
            return Answer("perhaps", code=str(error))
        return answered(reply)


def number(mobile: str) -> str:
    """Return a mobile with its country's code: of the mainland where none is given."""
    plain = mobile.replace(" ", "").replace("-", "")
    return plain if plain.startswith("+") else f"+86{plain}"


def authorization(body: str, host: str, service: str, at: int, key_id: str, secret: str) -> str:
    """Sign a POST of this JSON to /, at a moment in seconds since 1970."""
    day = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    names = "content-type;host"
    request = f"POST\n/\n\ncontent-type:{JSON}\nhost:{host}\n\n{names}\n{_digest(body)}"
    scope = f"{day}/{service}/tc3_request"
    text = f"{ALGORITHM}\n{at}\n{scope}\n{_digest(request)}"
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def answered(reply: https.Reply) -> Answer:
    """Read what it says. An answer that cannot be read leaves open what became of the message."""
    try:
        facts = json.loads(reply.body)["Response"]
        told = facts.get("Error") or facts["SendStatusSet"][0]
        code = str(told["Code"])
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return Answer("perhaps", code=f"HTTP {reply.status}")
    if code == "Ok":
        return Answer("sent", provider_id=str(told.get("SerialNo", ""))[:80])
    if code.startswith(UNREACHABLE):
        return Answer("unreachable", code=code[:80])
    if code.startswith(PERHAPS):
        return Answer("perhaps", code=code[:80])
    return Answer("later" if code.startswith(LATER) else "refused", code=code[:80])
