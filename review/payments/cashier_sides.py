"""The demo cashier's two sides: what each provider answers, tells and signs, in its own words.

A side speaks for one provider; the cashier keeps the trades and shows them to people.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from review.payments import cashier_keys
from review.payments.cashier_keys import APP_ID, MERCHANT_ID, SELLER_ID, Keys
from review.payments.money import fen, yuan

BEIJING = timezone(timedelta(hours=8))
Answer = tuple[str, list[tuple[str, str]], bytes]
PAGE = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>演示收银台</title>
<style>body{{font:16px/1.6 "PingFang SC","Noto Sans CJK SC",sans-serif;max-width:26em;margin:2em auto;padding:0 1em}}
button{{min-height:44px;padding:0 2em;margin:0 1em 1em 0;font:inherit}} b{{font-size:1.6em}}</style></head>
<body><p>演示数据 · {provider} · 不会真的扣款</p><h1>演示收银台</h1>{content}</body></html>"""


@dataclass
class Trade:
    """One order that was brought here; `amount` in fen."""

    provider: str
    order: str
    amount: int
    subject: str
    notify: str
    back: str
    number: str = field(default_factory=lambda: f"{datetime.now(BEIJING):%Y%m%d}{secrets.randbelow(10**18):018}")
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    paid_at: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """What the portal, or its browser, asks a provider."""

    method: str
    path: str
    query: str
    body: str
    authorization: str


class Till(Protocol):
    """The cashier as its sides know it."""

    keys: Keys

    def take(self, trade: Trade) -> str:
        """Keep the trade, and return where it is paid."""

    def find(self, provider: str, order: str) -> Trade | None: ...


class Side(Protocol):
    name: ClassVar[str]
    label: ClassVar[str]
    path: ClassVar[str]  # how the addresses begin that the portal asks it at

    def asked(self, till: Till, asked: Asked) -> Answer: ...

    def notification(self, keys: Keys, trade: Trade) -> tuple[bytes, dict[str, str]]:
        """Return body and headers of the notification of a paid trade."""

    def after_payment(self, keys: Keys, trade: Trade) -> Answer | None:
        """Return where the browser goes once it has paid; None where it stays."""


class AlipaySide:
    name: ClassVar[str] = "alipay"
    label: ClassVar[str] = "支付宝"
    path: ClassVar[str] = "/gateway.do"

    def asked(self, till: Till, asked: Asked) -> Answer:
        fields = dict(parse_qsl(asked.query))
        text = cashier_keys.alipay_text(fields, without=("sign",))
        is_signed = cashier_keys.is_signed(till.keys.merchant, text, fields.get("sign", ""))
        if fields.get("app_id") != APP_ID or not is_signed:
            return page(self.label, "<p>签名错误（invalid-signature）。</p>", "400 Bad Request")

        wanted, method = json.loads(fields["biz_content"]), fields["method"]
        number = wanted["out_trade_no"]
        if method == "alipay.trade.page.pay":
            amount, notify, back = fen(wanted["total_amount"]), fields["notify_url"], fields["return_url"]
            return redirect(till.take(Trade(self.name, number, amount, wanted["subject"], notify, back)))

        trade = till.find(self.name, number)
        facts = {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"}
        if trade:
            facts = {"code": "10000", "msg": "Success", **alipay_facts(trade)}
        answer = cashier_keys.alipay_answer(till.keys, method, facts)
        return "200 OK", [("Content-Type", "application/json")], answer

    def notification(self, keys: Keys, trade: Trade) -> tuple[bytes, dict[str, str]]:
        form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return cashier_keys.alipay_notification(keys, alipay_facts(trade)), form

    def after_payment(self, keys: Keys, trade: Trade) -> Answer | None:
        facts = {"out_trade_no": trade.order, "trade_no": trade.number, "total_amount": yuan(trade.amount)}
        fields = {**facts, "app_id": APP_ID, "seller_id": SELLER_ID, "charset": "utf-8"}
        text = cashier_keys.alipay_text(fields, without=())
        signed = {**fields, "sign": cashier_keys.signature(keys.provider, text), "sign_type": "RSA2"}
        return redirect(f"{trade.back}?{urlencode(signed)}")


class WeChatSide:
    name: ClassVar[str] = "wechat"
    label: ClassVar[str] = "微信支付"
    path: ClassVar[str] = "/v3/pay/transactions/"

    def asked(self, till: Till, asked: Asked) -> Answer:
        whole = f"{asked.path}?{asked.query}" if asked.query else asked.path
        keys = till.keys
        if not cashier_keys.wechat_request_is_signed(keys, asked.authorization, asked.method, whole, asked.body):
            return self._signed(keys, "401 Unauthorized", {"code": "SIGN_ERROR", "message": "签名错误"})

        if asked.method == "POST":
            wanted = json.loads(asked.body)
            back = "{0.scheme}://{0.netloc}/payment/".format(urlsplit(wanted["notify_url"]))
            amount, number = wanted["amount"]["total"], wanted["out_trade_no"]
            trade = Trade(self.name, number, amount, wanted["description"], wanted["notify_url"], back)
            return self._signed(keys, "200 OK", {"code_url": till.take(trade)})

        found = till.find(self.name, asked.path.rpartition("/")[2])
        if found is None:
            return self._signed(keys, "404 Not Found", {"code": "ORDER_NOT_EXIST", "message": "订单不存在"})
        return self._signed(keys, "200 OK", wechat_facts(found))

    def _signed(self, keys: Keys, status: str, facts: Mapping[str, Any]) -> Answer:
        body = json.dumps(facts)
        return status, list(cashier_keys.wechat_headers(keys, body).items()), body.encode()

    def notification(self, keys: Keys, trade: Trade) -> tuple[bytes, dict[str, str]]:
        body = cashier_keys.wechat_notification(keys, wechat_facts(trade))
        return body.encode(), cashier_keys.wechat_headers(keys, body)

    def after_payment(self, keys: Keys, trade: Trade) -> Answer | None:
        return None  # the page that showed the code is on another screen


SIDES: Mapping[str, Side] = {side.name: side for side in (AlipaySide(), WeChatSide())}


def alipay_facts(trade: Trade) -> dict[str, str]:
    """Return a trade in 支付宝's words, for a notification and for an answer."""
    when = f"{trade.paid_at:%Y-%m-%d %H:%M:%S}" if trade.paid_at else ""
    return {
        "app_id": APP_ID,
        "seller_id": SELLER_ID,
        "notify_type": "trade_status_sync",
        "notify_id": trade.token,
        "charset": "utf-8",
        "version": "1.0",
        "out_trade_no": trade.order,
        "trade_no": trade.number,
        "total_amount": yuan(trade.amount),
        "subject": trade.subject,
        "trade_status": "TRADE_SUCCESS" if trade.paid_at else "WAIT_BUYER_PAY",
        **({"gmt_payment": when, "send_pay_date": when, "notify_time": when} if when else {}),
    }


def wechat_facts(trade: Trade) -> dict[str, Any]:
    """Return a trade in 微信支付's words."""
    facts: dict[str, Any] = {"appid": APP_ID, "mchid": MERCHANT_ID, "out_trade_no": trade.order}
    facts |= {"amount": {"total": trade.amount, "currency": "CNY"}, "trade_type": "NATIVE", "trade_state": "NOTPAY"}
    if trade.paid_at:
        facts |= {"trade_state": "SUCCESS", "transaction_id": trade.number}
        facts |= {"success_time": trade.paid_at.isoformat(timespec="seconds")}
    return facts


def page(provider: str, content: str, status: str = "200 OK") -> Answer:
    body = PAGE.format(provider=provider, content=content).encode()
    return status, [("Content-Type", "text/html; charset=utf-8")], body


def redirect(address: str) -> Answer:
    return "302 Found", [("Location", address)], b""
