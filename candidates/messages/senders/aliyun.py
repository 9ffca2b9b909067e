"""阿里云短信: SendSms (version 2017-05-25), signed with ACS3-HMAC-SHA256.

Its codes of errors: 国内消息API错误码 (help.aliyun.com/document_detail/101346.html), read on 2026-11-30, and what its
OpenAPI says of any request. Those of receipts are others (101347.html): 空号 and the networks' 黑名单 are told there.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from candidates.messages.senders import https
from candidates.messages.senders.terms import Answer, Letter

ALGORITHM = "ACS3-HMAC-SHA256"
# its codes of an error, or how they begin; what is in none of these is refused: an operator has to look
# BLACK_KEY_CONTROL_LIMIT (黑名单管控) is said of a number, by older texts also of a parameter's words: ours are digits
UNREACHABLE = {"isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.CUSTOMER_REFUSED"}
LATER = (
    "isv.BUSINESS_LIMIT_CONTROL",  # so many for one number in a minute, an hour, a day
    "isv.DAY_LIMIT_CONTROL",  # what the operators have set for a day; that of a month is theirs to raise
    "isp.SYSTEM_ERROR",
    "isp.GATEWAY_ERROR",  # of 国际短信
    "Throttling",
    "ServiceUnavailable",
    "InternalError",
)


@dataclass(frozen=True)
class Aliyun:
    """`config`: key_id, secret, sign_name, gateway, templates (kind -> template code)."""

    config: Mapping[str, Any]
    name: str = "aliyun"
    reaches: tuple[str, ...] = ("mobile",)

    def tells(self, kind: str) -> bool:
        return bool(self.config) and kind in self.config["templates"]

    def send(self, letter: Letter) -> Answer:
        gateway, templates = self.config["gateway"], self.config["templates"]
        query = {
            "PhoneNumbers": number(letter.mobile),
            "SignName": self.config["sign_name"],
            "TemplateCode": templates[letter.kind],
            "TemplateParam": json.dumps(dict(letter.sms), ensure_ascii=False),
        }
        facts = {
            "host": urlsplit(gateway).netloc,
            "x-acs-action": "SendSms",
            "x-acs-date": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": "2017-05-25",
        }
        signed = headers(query, facts, self.config["key_id"], self.config["secret"])
        try:
            reply = https.post(f"{gateway}/?{canonical(query)}", signed, b"")
        except https.NotSent as error:
            return Answer("later", code=str(error))
        except https.NoAnswer as error:
            return Answer("perhaps", code=str(error))
        return answered(reply)


def number(mobile: str) -> str:
    """Return a mobile as it is wanted: eleven digits, or the country's code and the number without a plus."""
    return mobile.removeprefix("+").replace(" ", "").replace("-", "")


def canonical(query: Mapping[str, str]) -> str:
    """Join the query as it is signed and sent: by name, percent-coded as RFC 3986 says."""
    return "&".join(f"{quote(name, safe='~')}={quote(query[name], safe='~')}" for name in sorted(query))


def headers(query: Mapping[str, str], facts: Mapping[str, str], key_id: str, secret: str) -> dict[str, str]:
    """Return all headers of a POST without a body to /, with its Authorization; `facts` are signed too."""
    digest = hashlib.sha256(b"").hexdigest()
    signed = dict(sorted({**facts, "x-acs-content-sha256": digest}.items()))
    names = ";".join(signed)
    lines = "".join(f"{name}:{value.strip()}\n" for name, value in signed.items())
    request = f"POST\n/\n{canonical(query)}\n{lines}\n{names}\n{digest}"
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {**signed, "Authorization": f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"}


def answered(reply: https.Reply) -> Answer:
    """Read what it says. An answer that cannot be read leaves open what became of the message."""
    try:
        facts = json.loads(reply.body)
        code = str(facts["Code"])
    except (ValueError, KeyError, TypeError):
        return Answer("perhaps", code=f"HTTP {reply.status}")
    if code == "OK":
        return Answer("sent", provider_id=str(facts.get("BizId", ""))[:80])
    if code in UNREACHABLE:
        return Answer("unreachable", code=code[:80])
    return Answer("later" if code.startswith(LATER) else "refused", code=code[:80])
