"""微信支付: Native (the candidate scans a code), its notification and its query, APIv3."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django.urls import reverse

from candidates.models.session import SHANGHAI
from review.models import PROVIDERS
from review.payments.money import LARGEST
from review.payments.providers.terms import TIMEOUT, BadNotification, Paid, Unavailable

SIGNATURE = "WECHATPAY2-SHA256-RSA2048"
HEADERS = tuple(f"Wechatpay-{name}" for name in ("Signature", "Timestamp", "Nonce", "Serial", "Signature-Type"))
FRESH = 300  # seconds that a notification's time may differ from ours, as the provider asks


class WeChat:
    """`config` as nmec_portal/payment_settings.py gives it; `base` is the portal's own address."""

    name: ClassVar[str] = "wechat"
    label: ClassVar[str] = PROVIDERS[name]
    scan: ClassVar[str] = "用微信“扫一扫”付款"
    words: ClassVar[str] = "显示二维码，用微信“扫一扫”付款；适合在电脑上打开本页"

    def __init__(self, config: Mapping[str, str], base: str) -> None:
        from wechatpayv3 import WeChatPay, WeChatPayType

        self.config = config
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

    def address(self, number: str, amount: int, subject: str, until: datetime) -> str:
        """Ask the provider for what the code to scan says, for `amount` fen. Raise Unavailable."""
        order = partial(
            self.client.pay,
            description=subject,
            out_trade_no=number,
            amount={"total": amount, "currency": "CNY"},
            time_expire=until.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        )
        code, answer = _ask(order)
        if code != 200 or not isinstance(answer.get("code_url"), str):
            raise Unavailable(f"{code} {answer.get('code')}")
        return str(answer["code_url"])

    def notified(self, headers: Mapping[str, str], body: bytes, fields: Mapping[str, str]) -> Paid | None:
        """Return the payment that a verified notification tells of, or None. Raise BadNotification."""
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
        if told.get("event_type") != "TRANSACTION.SUCCESS":
            return None
        return self._paid(told["resource"])

    def acknowledged(self, accepted: bool) -> tuple[str, str]:
        code, message = ("SUCCESS", "成功") if accepted else ("FAIL", "验签失败")
        return "application/json", json.dumps({"code": code, "message": message})

    def query(self, number: str) -> Paid | None:
        """Ask 微信支付 for this order; None where it is not paid. Raise Unavailable."""
        code, answer = _ask(partial(self.client.query, out_trade_no=number))
        if code == 404 and answer.get("code") in ("ORDER_NOT_EXIST", "ORDERNOTEXIST"):
            return None
        if code != 200 or answer.get("out_trade_no") != number:
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
            total, currency = facts["amount"]["total"], facts["amount"]["currency"]
            if type(total) is not int or not 0 < total <= LARGEST or currency != "CNY":
                raise ValueError(total)
            said_at = str(facts.get("success_time", ""))
            return Paid(str(facts["out_trade_no"]), str(facts["transaction_id"]), total, _moment(said_at), said_at)
        except (KeyError, TypeError, ValueError) as error:
            raise BadNotification(f"facts: {type(error).__name__}") from None


def _ask(question: Callable[[], tuple[int, str]]) -> tuple[int, dict[str, Any]]:
    try:
        code, answer = question()
        found = json.loads(answer)
    except Exception as error:  # the library raises bare Exceptions for answers it cannot verify
        raise Unavailable(type(error).__name__) from None
    return code, found if isinstance(found, dict) else {}


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
