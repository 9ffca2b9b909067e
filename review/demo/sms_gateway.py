"""演示短信: stands in for 阿里云短信 and 腾讯云短信 on this machine, for the demo and the tests. Nobody's phone rings.

It speaks both providers' requests with test keys and checks their signatures by code of its own, as their descriptions
say, so that each side checks the other. What arrived is shown on its page, where one also chooses what it answers from
now on: every kind of error that the providers' documentation names, and silence after it has accepted a message.
"""

import hashlib
import hmac
import html
import json
import secrets
import socket
import sys
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.parse import parse_qsl, quote

from candidates.messages.kinds import KINDS
from candidates.rules.moments import SHANGHAI
from review.demo import mailbox as mailboxes
from review.demo.mailbox import Mailbox
from review.payments.cashier import Server, on_loopback

KEY_ID, APP_ID, SIGN_NAME = "demo-key", "1400000000", "医师资格考试"
LARGEST_BODY = 64 * 1024  # bytes
KEPT = 200
LONGEST = 6  # characters of a parameter
DRIFT = 15 * 60  # seconds that a request's clock may be wrong
TEMPLATES = {f"DEMO_{kind}": kind for kind, one in KINDS.items() if one.sms}
# what it can be told to answer -> label, 阿里云's code, 腾讯云's code
MOODS = {
    "ok": ("正常发送", "OK", "Ok"),
    "limit": ("频率超限", "isv.BUSINESS_LIMIT_CONTROL", "LimitExceeded.PhoneNumberDailyLimit"),
    "template": ("模板不合法", "isv.SMS_TEMPLATE_ILLEGAL", "FailedOperation.TemplateIncorrectOrUnapproved"),
    "signature": ("短信签名不合法", "isv.SMS_SIGNATURE_ILLEGAL", "FailedOperation.SignatureIncorrectOrUnapproved"),
    "blacklist": ("号码在黑名单", "isv.BLACK_KEY_CONTROL_LIMIT", "FailedOperation.PhoneNumberInBlacklist"),
    "number": ("号码不合法", "isv.MOBILE_NUMBER_ILLEGAL", "InvalidParameterValue.IncorrectPhoneNumber"),
    "abroad": (
        "不发到这个国家或地区",
        "isv.MOBILE_NUMBER_ILLEGAL",
        "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone",
    ),
    "balance": ("余额不足", "isv.AMOUNT_NOT_ENOUGH", "FailedOperation.InsufficientBalanceInSmsPackage"),
    "busy": ("系统繁忙", "isp.SYSTEM_ERROR", "InternalError.OtherError"),
    "arrears": ("业务停机", "isv.OUT_OF_SERVICE", "UnauthorizedOperation.ServiceSuspendDueToArrears"),
    "silent": ("收下后不回答", "", ""),
    "garbled": ("回答读不懂", "", ""),
}
PAGE = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>演示短信和邮件</title><style>
body{{font:16px/1.6 "PingFang SC","Noto Sans CJK SC",sans-serif;max-width:40em;margin:1em auto;padding:0 1em}}
li{{margin:0 0 1em;padding:.6em .8em;border:1px solid #cfd6de;border-radius:6px;list-style:none}} ul{{padding:0}}
small{{color:#52606d}} button,select{{min-height:44px;font:inherit;max-width:100%}} button{{padding:0 1em}}
</style></head><body><p>演示数据 · 不会真的发出短信和邮件</p><h1>演示短信</h1>
<p>门户发出的短信都到这里，最新的在最上面。刷新页面查看新的短信。<a href="#mails">邮件在下面</a></p>{content}
<h2 id="mails">演示邮件</h2>{mails}
<h2>接下来怎样回答</h2><form method="post" action="/mood"><p>
<label>短信平台：<select name="mood">{moods}</select></label>
<button>从现在起这样回答</button></p></form></body></html>"""


@dataclass(frozen=True)
class Sms:
    """What arrived; `code`: what it was answered."""

    provider: str
    mobile: str
    template: str
    parameters: Mapping[str, str]
    code: str
    at: datetime = field(default_factory=lambda: datetime.now(SHANGHAI))

    @property
    def words(self) -> str:
        text = KINDS[TEMPLATES[self.template]].sms if self.template in TEMPLATES else self.template
        for name, value in self.parameters.items():
            text = text.replace("{" + name + "}", value)
        return f"【{SIGN_NAME}】{text}"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str


class Refusal(Exception):
    """A request that no provider would take: its code."""


class Gateway:
    """The WSGI application; `mood`: a key of MOODS; `holds`: how long silence lasts, in seconds."""

    def __init__(self, secret: str, *, holds: float = 60, mailbox: Mailbox | None = None) -> None:
        self.secret, self.holds, self.mailbox = secret, holds, mailbox or Mailbox()
        self.mood = "ok"
        self.taken: deque[Sms] = deque(maxlen=KEPT)
        self.nonces: set[str] = set()
        self.lock, self.released = Lock(), Event()

    def __call__(self, environ, start) -> Iterable[bytes]:
        headers = {
            name[5:].replace("_", "-").lower(): str(v) for name, v in environ.items() if name.startswith("HTTP_")
        }
        headers["content-type"] = environ.get("CONTENT_TYPE", "")
        body = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST_BODY)).decode()
        asked = Request(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", ""), headers, body)
        kind, answer = self._answer(asked)
        content = answer.encode()
        start("200 OK", [("Content-Type", kind), ("Content-Length", str(len(content))), ("Cache-Control", "no-store")])
        return [content]

    def _answer(self, asked: Request) -> tuple[str, str]:
        if "x-acs-action" in asked.headers:
            return "application/json", self._aliyun(asked)
        if "x-tc-action" in asked.headers:
            return "application/json", self._tencent(asked)
        if asked.method == "POST" and asked.path == "/mood":
            mood = dict(parse_qsl(asked.body)).get("mood", "ok")
            self.mood = mood if mood in MOODS else "ok"
        return "text/html; charset=utf-8", self._page()

    # --- the providers' sides

    def _aliyun(self, asked: Request) -> str:
        wanted = dict(parse_qsl(asked.query, keep_blank_values=True))
        try:
            check_aliyun(asked, self.secret)
            with self.lock:
                nonce = asked.headers["x-acs-signature-nonce"]
                if nonce in self.nonces:
                    raise Refusal("SignatureNonceUsed")
                self.nonces.add(nonce)
            if (asked.headers["x-acs-action"], asked.headers.get("x-acs-version")) != ("SendSms", "2017-05-25"):
                raise Refusal("InvalidAction.NotFound")
            mobile, parameters = wanted["PhoneNumbers"], json.loads(wanted["TemplateParam"])
            wrong = {"signature": "isv.SMS_SIGNATURE_ILLEGAL", "template": "isv.SMS_TEMPLATE_ILLEGAL"}
            wrong |= {"parameters": "isv.TEMPLATE_MISSING_PARAMETERS", "length": "isv.PARAM_LENGTH_LIMIT"}
            check_content(wanted["SignName"], wanted["TemplateCode"], parameters, wrong)
            code = self._take("阿里云", mobile, wanted["TemplateCode"], parameters, MOODS[self.mood][1])
        except Refusal as refusal:
            code = str(refusal)
        except (KeyError, ValueError):
            code = "isv.INVALID_PARAMETERS"
        if self.mood == "garbled":
            return "<html>502 Bad Gateway</html>"
        answer = {"Code": code, "Message": code, "RequestId": secrets.token_hex(8)}
        return json.dumps({**answer, "BizId": secrets.token_hex(10)} if code == "OK" else answer)

    def _tencent(self, asked: Request) -> str:
        try:
            check_tencent(asked, self.secret)
            if (asked.headers["x-tc-action"], asked.headers.get("x-tc-version")) != ("SendSms", "2021-01-11"):
                raise Refusal("InvalidAction")
            wanted = json.loads(asked.body)
            (mobile,) = wanted["PhoneNumberSet"]
            if wanted["SmsSdkAppId"] != APP_ID:
                raise Refusal("UnauthorizedOperation.SmsSdkAppIdVerifyFail")
            names = KINDS[TEMPLATES[wanted["TemplateId"]]].sms_parameters if wanted["TemplateId"] in TEMPLATES else ()
            given = wanted["TemplateParamSet"]
            parameters = dict(zip(names, given, strict=False)) if len(names) == len(given) else {}
            wrong = {
                "signature": "FailedOperation.SignatureIncorrectOrUnapproved",
                "template": "FailedOperation.TemplateIncorrectOrUnapproved",
                "parameters": "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
                "length": "InvalidParameterValue.TemplateParameterLengthLimit",
            }
            check_content(wanted["SignName"], wanted["TemplateId"], parameters, wrong)
            code = self._take("腾讯云", mobile, wanted["TemplateId"], parameters, MOODS[self.mood][2])
        except Refusal as refusal:
            error = {"Code": str(refusal), "Message": str(refusal)}
            return json.dumps({"Response": {"Error": error, "RequestId": secrets.token_hex(8)}})
        except (KeyError, ValueError, TypeError):
            error = {"Code": "InvalidParameter", "Message": ""}
            return json.dumps({"Response": {"Error": error, "RequestId": secrets.token_hex(8)}})
        if self.mood == "garbled":
            return "<html>502 Bad Gateway</html>"
        serial = secrets.token_hex(10) if code == "Ok" else ""
        told = {"SerialNo": serial, "PhoneNumber": mobile, "Fee": 1, "Code": code, "Message": code}
        return json.dumps({"Response": {"SendStatusSet": [told], "RequestId": secrets.token_hex(8)}})

    def _take(self, provider: str, mobile: str, template: str, parameters: Mapping[str, str], code: str) -> str:
        with self.lock:
            self.taken.appendleft(Sms(provider, mobile, template, parameters, code or MOODS[self.mood][0]))
        if self.mood == "silent":
            self.released.wait(self.holds)
        return code

    # --- what people see

    def _page(self) -> str:
        moods = "".join(
            f'<option value="{name}"{" selected" * (name == self.mood)}>{label}</option>'
            for name, (label, *_) in MOODS.items()
        )
        shown = "".join(
            f"<li><small>{one.at:%Y-%m-%d %H:%M:%S} · {one.provider} · {html.escape(one.mobile)}"
            f" · {html.escape(one.code)}</small><br>{html.escape(one.words)}</li>"
            for one in list(self.taken)
        )
        mails = "".join(
            f"<li><small>{one.at:%Y-%m-%d %H:%M:%S} · {html.escape(one.to)}</small><br>"
            f"<b>{html.escape(one.subject)}</b><br>{html.escape(one.text)}</li>"
            for one in list(self.mailbox.taken)
        )
        return PAGE.format(
            content=f"<ul>{shown}</ul>" if shown else "<p><b>还没有短信。</b></p>",
            mails=f"<ul>{mails}</ul>" if mails else "<p><b>还没有邮件。</b></p>",
            moods=moods,
        )


def check_content(sign: str, template: str, parameters: Mapping[str, str], wrong: Mapping[str, str]) -> None:
    """Refuse what the provider has not approved, in its own words."""
    if sign != SIGN_NAME:
        raise Refusal(wrong["signature"])
    if template not in TEMPLATES:
        raise Refusal(wrong["template"])
    if set(parameters) != set(KINDS[TEMPLATES[template]].sms_parameters):
        raise Refusal(wrong["parameters"])
    if any(not 0 < len(value) <= LONGEST for value in parameters.values()):
        raise Refusal(wrong["length"])


# --- signatures, as the providers check them ------------------------------------------------------------------------


def check_aliyun(asked: Request, secret: str, *, key_id: str = KEY_ID, now: float | None = None) -> None:
    """Refuse a request whose ACS3-HMAC-SHA256 signature is not that of this key, over all it says."""
    algorithm, _, rest = asked.headers.get("authorization", "").partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    names = given.get("SignedHeaders", "").split(";")
    must = {"host", *(name for name in asked.headers if name.startswith("x-acs-"))}
    if algorithm != "ACS3-HMAC-SHA256" or given.get("Credential") != key_id or not must <= set(names):
        raise Refusal("InvalidAccessKeyId.NotFound")

    at = datetime.strptime(asked.headers.get("x-acs-date", ""), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if abs(at.timestamp() - (time.time() if now is None else now)) > DRIFT:
        raise Refusal("InvalidTimeStamp.Expired")

    body = hashlib.sha256(asked.body.encode()).hexdigest()
    pairs = sorted(parse_qsl(asked.query, keep_blank_values=True))
    query = "&".join("=".join(quote(word, safe="-_.~") for word in pair) for pair in pairs)
    headers = [f"{name}:{asked.headers.get(name, '').strip()}" for name in sorted(names)]
    lines = [asked.method, asked.path, query, *headers, "", ";".join(sorted(names)), body]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    right = hmac.digest(secret.encode(), f"ACS3-HMAC-SHA256\n{digest}".encode(), "sha256").hex()
    same_body = asked.headers.get("x-acs-content-sha256") == body
    if not (same_body and hmac.compare_digest(right, given.get("Signature", ""))):
        raise Refusal("SignatureDoesNotMatch")


def check_tencent(asked: Request, secret: str, *, key_id: str = KEY_ID, now: float | None = None) -> None:
    """Refuse a request whose TC3-HMAC-SHA256 signature is not that of this key, over its body and host."""
    algorithm, _, rest = asked.headers.get("authorization", "").partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    who, _, scope = given.get("Credential", "").partition("/")
    names = given.get("SignedHeaders", "").split(";")
    if algorithm != "TC3-HMAC-SHA256" or who != key_id:
        raise Refusal("AuthFailure.SecretIdNotFound")
    if not {"content-type", "host"} <= set(names):
        raise Refusal("AuthFailure.InvalidAuthorization")

    at = int(asked.headers.get("x-tc-timestamp", "0"))
    if abs(at - (time.time() if now is None else now)) > DRIFT / 3:
        raise Refusal("AuthFailure.SignatureExpire")

    day, service, _ = f"{scope}//".split("/")[:3]
    headers = [f"{name}:{asked.headers.get(name, '').strip().lower()}" for name in names]
    body = hashlib.sha256(asked.body.encode()).hexdigest()
    lines = [asked.method, asked.path, asked.query, *headers, "", ";".join(names), body]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    key = f"TC3{secret}".encode()
    for step in (day, service, "tc3_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    right = hmac.digest(key, f"TC3-HMAC-SHA256\n{at}\n{scope}\n{digest}".encode(), "sha256").hex()
    right_day = day == f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    if not (right_day and hmac.compare_digest(right, given.get("Signature", ""))):
        raise Refusal("AuthFailure.SignatureFailure")


# --- running it -----------------------------------------------------------------------------------------------------


def secret_in(folder: Path) -> str:
    """Return the test key of this folder, made where there is none."""
    path = folder / "sms_secret.txt"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16))
    return path.read_text()


def environment(folder: Path, address: str, mail: str = "") -> dict[str, str]:
    """Return what configures the portal for the gateway at this address: the settings that real providers have.

    `mail`: host and port of the mailbox, where there is one.
    """
    secret_in(folder)
    common = {
        "KEY_ID": KEY_ID,
        "SECRET_FILE": str(folder / "sms_secret.txt"),
        "SIGN_NAME": SIGN_NAME,
        "TEMPLATES": ",".join(f"{kind}={template}" for template, kind in TEMPLATES.items()),
        "GATEWAY": address,
    }
    aliyun = {f"NMEC_ALIYUN_SMS_{name}": value for name, value in common.items()}
    aliyun |= {"NMEC_SMTP": f"smtp://{mail}"} if mail else {}
    return aliyun | {f"NMEC_TENCENT_SMS_{name}": value for name, value in {**common, "APP_ID": APP_ID}.items()}


def server(listening: socket.socket, gateway: Gateway) -> Server:
    """Make the gateway on this socket; serve_forever() runs it. Raise ValueError where it is not on loopback."""
    return on_loopback(listening, gateway)


def main(arguments: list[str]) -> None:
    """Serve until standard input ends: with who started it. FDs of two bound sockets, and the folder of the key."""
    pages, mails = (socket.socket(fileno=int(number)) for number in arguments[0].split(","))
    mailbox = Mailbox()
    gateway = Gateway(secret_in(Path(arguments[1])), mailbox=mailbox)
    for running in (server(pages, gateway), mailboxes.server(mails, mailbox)):
        Thread(target=running.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
