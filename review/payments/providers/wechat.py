"""微信支付, APIv3: Native (a code), H5 (phones), JSAPI (WeChat's own window), notification, query, refund."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import reverse

from candidates.models.session import SHANGHAI
from candidates.rules.devices import Device
from review.models import PROVIDERS
from review.payments.money import LARGEST
from review.payments.providers import wechat_payer
from review.payments.providers.terms import (
    CODE,
    NOWHERE,
    PAGE,
    TIMEOUT,
    WINDOW,
    BadNotification,
    Bill,
    Outcome,
    Paid,
    Refund,
    Returned,
    Unavailable,
    Way,
)

SIGNATURE = "WECHATPAY2-SHA256-RSA2048"
HEADERS = tuple(f"Wechatpay-{name}" for name in ("Signature", "Timestamp", "Nonce", "Serial", "Signature-Type"))
FRESH = 300  # seconds that a notification's time may differ from ours, as the provider asks
NATIVE = Way("native", CODE, "显示二维码，用手机微信“扫一扫”付款")
H5 = Way("h5", PAGE, "打开微信付款")
JSAPI = Way("jsapi", WINDOW, "在微信里直接付款")
ON_A_COMPUTER = Way("", NOWHERE, "请在电脑上打开本页，用手机微信“扫一扫”付款")
IN_A_BROWSER = Way("", NOWHERE, "请点右上角“…”，选择“在浏览器中打开”，再用微信支付付款")
ON_A_PHONE = Way("", NOWHERE, "请用手机打开本页付款")
IN_WECHAT = Way("", NOWHERE, "请把本页的网址发到微信，在手机微信里打开本页付款")
# 微信支付 refuses a second kind of payment under an order's number: each kind has a number of its own
ENDINGS = {"native": "", "h5": "-H", "jsapi": "-J"}
FAILED = {"CLOSED": "退款已关闭", "ABNORMAL": "退款异常：原付款账户收不到，请到商户平台处理"}
AGAIN = ("SYSTEM_ERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "FREQUENCY_LIMIT_EXCEED")


class WeChat:
    """`config` as nmec_portal/payment_settings.py gives it; `base` is the portal's own address."""

    name: ClassVar[str] = "wechat"
    label: ClassVar[str] = PROVIDERS[name]

    def __init__(self, config: Mapping[str, str], base: str) -> None:
        from wechatpayv3 import WeChatPay, WeChatPayType

        self.config, self.base, self.kinds = config, base, WeChatPayType
        self.client = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=config["merchant_id"],
            private_key=config["private_key"],
            cert_serial_no=config["certificate_serial"],
            appid=config["app_id"],
            apiv3_key=config["api_v3_key"],
            notify_url=base + reverse("payment:notify", args=[self.name]),
            timeout=(TIMEOUT, TIMEOUT),
            public_key=config["public_key"],
            public_key_id=config["public_key_id"],
        )
        self.client._core._gate_way = config["gateway"]  # the library knows only its own

    def way(self, device: Device) -> Way:
        agreed = self.config["ways"].split(",")
        if device.bridge and "jsapi" in agreed:
            return JSAPI
        if device.phone and not device.wechat and not device.alipay and "h5" in agreed:
            return H5
        if not device.phone and "native" in agreed:  # a phone cannot scan what it shows itself
            return NATIVE
        if device.phone and "h5" in agreed:
            return IN_A_BROWSER
        if "native" in agreed:
            return ON_A_COMPUTER
        return IN_WECHAT if "jsapi" in agreed else ON_A_PHONE

    def address(self, bill: Bill, way: Way) -> str:
        """Ask for what the code to scan says, or for the page that opens WeChat. Raise Unavailable."""
        if way.name == "h5":
            scene = {"payer_client_ip": bill.payer_address, "h5_info": {"type": "Wap"}}
            back = f"{self.base}{reverse('payment:pay')}?returned=1"
            return f"{self._ordered(bill, way, 'h5_url', scene_info=scene)}&{urlencode({'redirect_url': back})}"
        return self._ordered(bill, way, "code_url")

    def payer_asked(self, state: str) -> str:
        """Return where WeChat says who pays; it leads back to the portal's page `window` with `state`."""
        return wechat_payer.asked(self.config, self.base + reverse("payment:window"), state)

    def window(self, bill: Bill, code: str) -> dict[str, str]:
        """Return what WeChat's own window is opened with, signed, for the person behind `code`. Raise Unavailable.

        Who that is (openid) is told to the provider with this order, and kept nowhere.
        """
        payer = wechat_payer.named(self.config, code)
        prepared = self._ordered(bill, JSAPI, "prepay_id", payer={"openid": payer})
        fields = {
            "appId": self.config["app_id"],
            "timeStamp": str(int(time.time())),
            "nonceStr": secrets.token_hex(16),
            "package": f"prepay_id={prepared}",
        }
        return {**fields, "signType": "RSA", "paySign": self.client.sign(list(fields.values()))}

    def _ordered(self, bill: Bill, way: Way, wanted: str, **words: Any) -> str:
        order = partial(
            self.client.pay,
            description=bill.subject,
            out_trade_no=f"{bill.number}{ENDINGS[way.name]}",
            amount={"total": bill.amount, "currency": "CNY"},
            time_expire=bill.until.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            pay_type=self.kinds[way.name.upper()],
            **words,
        )
        code, answer = _ask(order)
        if code != 200 or not isinstance(answer.get(wanted), str):
            raise Unavailable(f"{code} {answer.get('code')}")
        return str(answer[wanted])

    def notified(self, headers: Mapping[str, str], body: bytes, fields: Mapping[str, str]) -> Paid | Returned | None:
        """Return the payment or refund that a verified notification tells of, or None. Raise BadNotification."""
        own = {name: headers.get(name, "") for name in HEADERS}
        # checked here: for a serial it does not know, the library would go and ask for certificates
        if own["Wechatpay-Signature-Type"] != SIGNATURE or own["Wechatpay-Serial"] != self.config["public_key_id"]:
            raise BadNotification("signature")

        sent = own["Wechatpay-Timestamp"]
        if not sent.isascii() or not sent.isdecimal() or abs(time.time() - int(sent[:12])) > FRESH:
            raise BadNotification("not of this moment")

        try:
            told = self.client.callback(own, body)
        except (ValueError, TypeError, AttributeError) as error:
            raise BadNotification(f"body: {type(error).__name__}") from None
        if not told or not isinstance(told.get("resource"), dict):
            raise BadNotification("signature")
        event = str(told.get("event_type"))
        if event.startswith("REFUND."):
            return self._returned(told["resource"])
        return self._paid(told["resource"]) if event == "TRANSACTION.SUCCESS" else None

    def acknowledged(self, accepted: bool) -> tuple[str, str]:
        code, message = ("SUCCESS", "成功") if accepted else ("FAIL", "验签失败")
        return "application/json", json.dumps({"code": code, "message": message})

    def query(self, number: str) -> Paid | None:
        """Ask 微信支付 for this order, by each kind of payment; None where it is not paid. Raise Unavailable."""
        for ending in ENDINGS.values():
            if paid := self._query(number, ending):
                return paid
        return None

    def _query(self, number: str, ending: str) -> Paid | None:
        code, answer = _ask(partial(self.client.query, out_trade_no=number + ending))
        if code == 404 and answer.get("code") in ("ORDER_NOT_EXIST", "ORDERNOTEXIST"):
            return None
        if code != 200 or answer.get("out_trade_no") != number + ending:
            raise Unavailable(f"{code} {answer.get('code')}")
        try:
            return self._paid(answer)
        except BadNotification as error:
            raise Unavailable(str(error)) from None

    def _paid(self, facts: Mapping[str, Any]) -> Paid | None:
        if facts.get("appid") != self.config["app_id"]:
            raise BadNotification("another app")
        if facts.get("mchid") != self.config["merchant_id"]:
            raise BadNotification("another merchant")
        if facts.get("trade_state") != "SUCCESS":
            return None
        try:
            number, trade = ours(str(facts["out_trade_no"])), str(facts["transaction_id"])
            amount, said_amount = _fen(facts["amount"])
        except (KeyError, TypeError) as error:
            raise BadNotification(f"facts: {type(error).__name__}") from None
        said_at = str(facts.get("success_time", ""))
        return Paid(number, trade, amount, _moment(said_at), said_at, said_amount)

    def _returned(self, facts: Mapping[str, Any]) -> Returned | None:
        """Read the facts of a refund's notification, which names no app."""
        if facts.get("mchid") != self.config["merchant_id"]:
            raise BadNotification("another merchant")
        try:
            number, trade, amount = facts["out_refund_no"], facts["transaction_id"], facts["amount"]["refund"]
        except (KeyError, TypeError) as error:
            raise BadNotification(f"facts: {type(error).__name__}") from None

        outcome = _outcome(str(facts.get("refund_id", "")), facts.get("refund_status"))
        if outcome.state == "processing":
            return None
        return Returned(str(number), str(trade), amount if type(amount) is int else 0, outcome)

    def refund(self, wanted: Refund) -> Outcome:
        """Give the money back; 微信支付 knows a refund by out_refund_no."""
        amount = {"refund": wanted.amount, "total": wanted.paid, "currency": "CNY"}
        order = partial(
            self.client.refund,
            out_refund_no=wanted.number,
            transaction_id=wanted.trade_number,
            reason=wanted.reason,
            amount=amount,
        )
        code, answer = _ask(order)
        if code == 200:
            return self._outcome(wanted, answer)
        if 400 <= code < 500 and code != 429 and answer.get("code") not in AGAIN:
            return Outcome("failed", words=f"{answer.get('message', '')} {answer.get('code', '')}".strip())
        raise Unavailable(f"{code} {answer.get('code')}")

    def refunded(self, wanted: Refund) -> Outcome | None:
        code, answer = _ask(partial(self.client.query_refund, out_refund_no=wanted.number))
        if code == 404 and answer.get("code") == "RESOURCE_NOT_EXISTS":
            return None
        if code != 200:
            raise Unavailable(f"{code} {answer.get('code')}")
        return self._outcome(wanted, answer)

    def _outcome(self, wanted: Refund, facts: Mapping[str, Any]) -> Outcome:
        if facts.get("out_refund_no") != wanted.number or facts.get("transaction_id") != wanted.trade_number:
            raise Unavailable("another refund")
        return _outcome(str(facts.get("refund_id", "")), facts.get("status"))


def _outcome(number: str, status: object) -> Outcome:
    if status in FAILED:
        return Outcome("failed", number, FAILED[str(status)])
    return Outcome("done" if status == "SUCCESS" else "processing", number)


def ours(number: str) -> str:
    """Return our order's number of the one that 微信支付 knows."""
    return next((number.removesuffix(one) for one in ENDINGS.values() if one and number.endswith(one)), number)


def _ask(question: Callable[[], tuple[int, str]]) -> tuple[int, dict[str, Any]]:
    try:
        code, answer = question()
        found = json.loads(answer)
    except Exception as error:  # the library raises bare Exceptions for answers it cannot verify
        raise Unavailable(type(error).__name__) from None
    return code, found if isinstance(found, dict) else {}


def _fen(amount: Mapping[str, Any]) -> tuple[int, str]:
    """Return the amount in fen, 0 where nobody can have paid it, and what was said."""
    total, currency = amount["total"], amount["currency"]
    possible = type(total) is int and 0 < total <= LARGEST and currency == "CNY"
    return total if possible else 0, f"{total} {currency}"


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
