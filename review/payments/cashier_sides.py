"""The demo cashier's two sides: what each provider answers, tells and signs, in its own words.

A side speaks for one provider; the cashier keeps the trades and refunds, and shows them to people.
"""

import html
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from review.payments import cashier_keys
from review.payments.cashier_keys import APP_ID, MERCHANT_ID, SELLER_ID, Keys
from review.payments.money import fen, yuan

BEIJING = timezone(timedelta(hours=8))
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
Answer = tuple[str, list[tuple[str, str]], bytes]
PAGE = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>演示收银台</title>
<style>body{{font:16px/1.6 "PingFang SC","Noto Sans CJK SC",sans-serif;max-width:26em;margin:2em auto;padding:0 1em}}
button{{min-height:44px;padding:0 2em;margin:0 1em 1em 0;font:inherit}} b{{font-size:1.6em}}</style></head>
<body><p>演示数据 · {provider} · 不会真的扣款</p><h1>演示收银台</h1>{content}</body></html>"""


@dataclass
class Trade:
    """One order that was brought here; `amount` in fen, `kind` as its provider calls it."""

    provider: str
    order: str
    amount: int
    subject: str
    notify: str
    back: str
    kind: str = ""
    number: str = field(default_factory=lambda: f"{datetime.now(BEIJING):%Y%m%d}{secrets.randbelow(10**18):018}")
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    paid_at: datetime | None = None
    given_back: int = 0  # fen


@dataclass(frozen=True)
class Refund:
    """Money that goes back; `amount` in fen, `state` in the provider's words."""

    provider: str
    number: str
    trade: str
    amount: int
    state: str
    of: Trade | None = field(default=None, compare=False)
    own_number: str = field(default_factory=lambda: f"5{secrets.randbelow(10**27):027}")


@dataclass(frozen=True)
class Asked:
    """What the portal, or its browser, asks a provider."""

    method: str
    path: str
    query: str
    body: str
    authorization: str
    referrer: str = ""

    @property
    def fields(self) -> dict[str, str]:
        return dict(parse_qsl(self.query))


class Till(Protocol):
    """The cashier as its sides know it."""

    keys: Keys
    address: str
    payers: dict[str, str]
    short_of_money: bool

    def take(self, trade: Trade) -> str:
        """Keep the trade, and return where it is paid."""

    def find(self, provider: str, order: str) -> Trade | None: ...

    def by_token(self, token: str) -> Trade | None: ...

    def give_back(self, wanted: Refund) -> Refund | str:
        """Keep the refund, once; a word where it cannot be."""

    def given_back(self, provider: str, number: str) -> Refund | None: ...

    def tell_of_refund(self, refund: Refund, address: str) -> None: ...


class Side(Protocol):
    name: ClassVar[str]
    label: ClassVar[str]
    paths: ClassVar[tuple[str, ...]]  # how the addresses begin that the portal, or its browser, asks it at

    def asked(self, till: Till, asked: Asked) -> Answer: ...

    def notification(self, keys: Keys, trade: Trade) -> tuple[bytes, dict[str, str]]:
        """Return body and headers of the notification of a paid trade."""

    def refund_notification(self, keys: Keys, refund: Refund) -> tuple[bytes, dict[str, str]]:
        """Return body and headers of the notification of a refund that has gone back."""

    def after_payment(self, keys: Keys, trade: Trade) -> Answer | None:
        """Return where the browser goes once it has paid; None where it stays."""


class AlipaySide:
    name: ClassVar[str] = "alipay"
    label: ClassVar[str] = "支付宝"
    paths: ClassVar[tuple[str, ...]] = ("/gateway.do",)
    products: ClassVar[Mapping[str, str]] = {
        "alipay.trade.page.pay": "FAST_INSTANT_TRADE_PAY",
        "alipay.trade.wap.pay": "QUICK_WAP_WAY",
    }

    def asked(self, till: Till, asked: Asked) -> Answer:
        fields = asked.fields
        text = cashier_keys.alipay_text(fields, without=("sign",))
        is_signed = cashier_keys.is_signed(till.keys.merchant, text, fields.get("sign", ""))
        if fields.get("app_id") != APP_ID or not is_signed:
            return page(self.label, "<p>签名错误（invalid-signature）。</p>", "400 Bad Request")

        wanted, method = json.loads(fields["biz_content"]), fields["method"]
        if method in self.products:
            if wanted.get("product_code") != self.products[method]:
                return page(self.label, "<p>产品码错误（isv.invalid-parameter）。</p>", "400 Bad Request")
            amount, notify, back = fen(wanted["total_amount"]), fields["notify_url"], fields["return_url"]
            number, subject = wanted["out_trade_no"], wanted["subject"]
            return redirect(till.take(Trade(self.name, number, amount, subject, notify, back, method)))

        facts = self._refund(till, method, wanted) if "refund" in method else self._trade(till, wanted)
        answer = cashier_keys.alipay_answer(till.keys, method, facts)
        return "200 OK", [("Content-Type", "application/json")], answer

    def _trade(self, till: Till, wanted: Mapping[str, str]) -> dict[str, str]:
        trade = till.find(self.name, wanted["out_trade_no"])
        if trade is None:
            return _failed("ACQ.TRADE_NOT_EXIST")
        return {"code": "10000", "msg": "Success", **alipay_facts(trade)}

    def _refund(self, till: Till, method: str, wanted: Mapping[str, str]) -> dict[str, str]:
        old = till.given_back(self.name, wanted["out_request_no"])
        if method == "alipay.trade.fastpay.refund.query":
            known = {"out_request_no": wanted["out_request_no"], "refund_status": "REFUND_SUCCESS"} if old else {}
            return {"code": "10000", "msg": "Success", **known}
        amount = fen(wanted["refund_amount"])
        kept = till.give_back(Refund(self.name, wanted["out_request_no"], wanted["trade_no"], amount, "SUCCESS"))
        if isinstance(kept, str):
            return _failed({"NOT_ENOUGH": "ACQ.SELLER_BALANCE_NOT_ENOUGH"}.get(kept, "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"))
        if not old and kept.of:
            till.tell_of_refund(kept, kept.of.notify)  # the address of the payment
        facts = {"trade_no": kept.trade, "refund_fee": yuan(kept.amount), "fund_change": "N" if old else "Y"}
        return {"code": "10000", "msg": "Success", **facts}

    def notification(self, keys: Keys, trade: Trade) -> tuple[bytes, dict[str, str]]:
        return cashier_keys.alipay_notification(keys, alipay_facts(trade)), dict(FORM)

    def refund_notification(self, keys: Keys, refund: Refund) -> tuple[bytes, dict[str, str]]:
        return cashier_keys.alipay_notification(keys, alipay_refund_facts(refund)), dict(FORM)

    def after_payment(self, keys: Keys, trade: Trade) -> Answer | None:
        facts = {"out_trade_no": trade.order, "trade_no": trade.number, "total_amount": yuan(trade.amount)}
        fields = {**facts, "app_id": APP_ID, "seller_id": SELLER_ID, "charset": "utf-8"}
        text = cashier_keys.alipay_text(fields, without=())
        signed = {**fields, "sign": cashier_keys.signature(keys.provider, text), "sign_type": "RSA2"}
        return redirect(f"{trade.back}?{urlencode(signed)}")


def _failed(word: str) -> dict[str, str]:
    return {"code": "40004", "msg": "Business Failed", "sub_code": word, "sub_msg": f"演示：{word}"}


class WeChatSide:
    name: ClassVar[str] = "wechat"
    label: ClassVar[str] = "微信支付"
    paths: ClassVar[tuple[str, ...]] = (
        *("/v3/pay/transactions/", "/v3/refund/domestic/refunds"),
        *("/connect/oauth2/authorize", "/sns/oauth2/access_token", "/checkmweb", "/window"),
    )
    kinds: ClassVar[Mapping[str, str]] = {"native": "NATIVE", "h5": "MWEB", "jsapi": "JSAPI"}

    def asked(self, till: Till, asked: Asked) -> Answer:
        ours = {
            "/connect/oauth2/authorize": self._who_pays,
            "/sns/oauth2/access_token": self._named,
            "/checkmweb": self._from_a_browser,
            "/window": self._from_the_window,
        }
        if asked.path in ours:
            return ours[asked.path](till, asked)

        whole = f"{asked.path}?{asked.query}" if asked.query else asked.path
        keys = till.keys
        if not cashier_keys.wechat_request_is_signed(keys, asked.authorization, asked.method, whole, asked.body):
            return self._signed(keys, "401 Unauthorized", {"code": "SIGN_ERROR", "message": "签名错误"})
        if asked.path.startswith("/v3/refund/"):
            return self._refund(till, asked)
        if asked.method == "POST":
            return self._ordered(till, asked)

        found = till.find(self.name, asked.path.rpartition("/")[2])
        if found is None:
            return self._signed(keys, "404 Not Found", {"code": "ORDER_NOT_EXIST", "message": "订单不存在"})
        return self._signed(keys, "200 OK", wechat_facts(found))

    def _ordered(self, till: Till, asked: Asked) -> Answer:
        wanted, kind = json.loads(asked.body), asked.path.rpartition("/")[2]
        back = "{0.scheme}://{0.netloc}/payment/".format(urlsplit(wanted["notify_url"]))
        amount, number = wanted["amount"]["total"], wanted["out_trade_no"]
        trade = Trade(self.name, number, amount, wanted["description"], wanted["notify_url"], back, self.kinds[kind])
        old = till.find(self.name, number)
        if old and old.kind != trade.kind:  # one number, one kind
            return self._signed(till.keys, "403 Forbidden", {"code": "OUT_TRADE_NO_USED", "message": "商户订单号重复"})
        if kind == "h5" and not wanted["scene_info"]["payer_client_ip"]:
            return self._signed(till.keys, "400 Bad Request", {"code": "PARAM_ERROR", "message": "参数错误"})
        if kind == "jsapi" and wanted["payer"]["openid"] not in till.payers.values():
            return self._signed(till.keys, "400 Bad Request", {"code": "PARAM_ERROR", "message": "无效的openid"})

        address = till.take(trade)
        token = address.rpartition("/")[2]
        answers = {
            "native": {"code_url": address},
            "h5": {"h5_url": f"{till.address}/checkmweb?prepay_id={token}&package=1"},
            "jsapi": {"prepay_id": token},
        }
        return self._signed(till.keys, "200 OK", answers[kind])

    # --- on a phone

    def _who_pays(self, till: Till, asked: Asked) -> Answer:
        """Lead back at once with a code, as WeChat does for snsapi_base."""
        wanted = asked.fields
        if wanted.get("appid") != APP_ID or wanted.get("scope") != "snsapi_base":
            return page(self.label, "<p>参数错误。</p>", "400 Bad Request")
        code = secrets.token_urlsafe(12)
        till.payers[code] = f"o{secrets.token_urlsafe(20)}"
        return redirect(f"{wanted['redirect_uri']}?{urlencode({'code': code, 'state': wanted.get('state', '')})}")

    def _named(self, till: Till, asked: Asked) -> Answer:
        """Say who is behind a code, once, to whom the application's secret is known."""
        wanted = asked.fields
        facts: dict[str, Any] = {"errcode": 40125, "errmsg": "invalid appsecret"}
        if wanted.get("appid") == APP_ID and wanted.get("secret") == till.keys.app_secret:
            openid = till.payers.get(wanted.get("code", ""))
            facts = (
                {"openid": openid, "scope": "snsapi_base"} if openid else {"errcode": 40029, "errmsg": "invalid code"}
            )
            if openid:
                till.payers[f"used {wanted['code']}"] = till.payers.pop(wanted["code"])
        return "200 OK", [("Content-Type", "application/json")], json.dumps(facts).encode()

    def _from_a_browser(self, till: Till, asked: Asked) -> Answer:
        """H5: only from a page of the merchant's, which the browser has to name."""
        trade = till.by_token(asked.fields.get("prepay_id", ""))
        if trade is None:
            return page(self.label, "<p>支付请求已失效，请重新发起支付。</p>", "404 Not Found")
        here, there = urlsplit(asked.referrer), urlsplit(trade.notify)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            return page(self.label, "<p>商家参数格式有误，请联系商家解决（没有 Referer）。</p>", "400 Bad Request")
        trade.back = asked.fields.get("redirect_url", trade.back)
        return redirect(f"{till.address}/pay/{trade.token}")

    def _from_the_window(self, till: Till, asked: Asked) -> Answer:
        """JSAPI: stands for WeChat's own window, which opens only for what the merchant has signed."""
        token = asked.fields.get("package", "").removeprefix("prepay_id=")
        trade = till.by_token(token)
        if trade is None or not cashier_keys.wechat_window_is_signed(till.keys, asked.fields):
            return page(self.label, "<p>支付验证签名失败。</p>", "400 Bad Request")
        return redirect(f"{till.address}/pay/{trade.token}")

    # --- back

    def _refund(self, till: Till, asked: Asked) -> Answer:
        if asked.method == "GET":
            found = till.given_back(self.name, asked.path.rpartition("/")[2])
            if found is None:
                return self._signed(
                    till.keys, "404 Not Found", {"code": "RESOURCE_NOT_EXISTS", "message": "退款单不存在"}
                )
            return self._signed(till.keys, "200 OK", self._given_back(replace(found, state="SUCCESS")))

        wanted = json.loads(asked.body)
        amount, number = wanted["amount"]["refund"], wanted["out_refund_no"]
        kept = till.give_back(Refund(self.name, number, wanted["transaction_id"], amount, "PROCESSING"))
        if isinstance(kept, str):
            status = "403 Forbidden" if kept == "NOT_ENOUGH" else "400 Bad Request"
            return self._signed(till.keys, status, {"code": kept, "message": f"演示：{kept}"})
        if wanted.get("notify_url"):
            till.tell_of_refund(kept, wanted["notify_url"])
        return self._signed(till.keys, "200 OK", self._given_back(kept))

    def _given_back(self, refund: Refund) -> dict[str, Any]:
        facts = {"refund_id": refund.own_number, "out_refund_no": refund.number, "transaction_id": refund.trade}
        return {**facts, "status": refund.state, "amount": {"refund": refund.amount, "currency": "CNY"}}

    def _signed(self, keys: Keys, status: str, facts: Mapping[str, Any]) -> Answer:
        body = json.dumps(facts)
        return status, list(cashier_keys.wechat_headers(keys, body).items()), body.encode()

    def notification(self, keys: Keys, trade: Trade) -> tuple[bytes, dict[str, str]]:
        body = cashier_keys.wechat_notification(keys, wechat_facts(trade))
        return body.encode(), cashier_keys.wechat_headers(keys, body)

    def refund_notification(self, keys: Keys, refund: Refund) -> tuple[bytes, dict[str, str]]:
        body = cashier_keys.wechat_notification(keys, wechat_refund_facts(refund), event="REFUND.SUCCESS")
        return body.encode(), cashier_keys.wechat_headers(keys, body)

    def after_payment(self, keys: Keys, trade: Trade) -> Answer | None:
        """Lead back from a phone; the page that showed a code is on another screen."""
        return redirect(trade.back) if trade.kind in ("MWEB", "JSAPI") else None


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
    facts |= {"amount": {"total": trade.amount, "currency": "CNY"}, "trade_type": trade.kind or "NATIVE"}
    facts |= {"trade_state": "NOTPAY"}
    if trade.paid_at:
        facts |= {"trade_state": "SUCCESS", "transaction_id": trade.number}
        facts |= {"success_time": trade.paid_at.isoformat(timespec="seconds")}
    return facts


def alipay_refund_facts(refund: Refund) -> dict[str, str]:
    """Return a refund in 支付宝's words: its trade, with how much of it has gone back by now."""
    trade, now = refund.of, f"{datetime.now(BEIJING):%Y-%m-%d %H:%M:%S}"
    if trade is None:
        raise ValueError(f"refund {refund.number} is of no trade")
    status = "TRADE_CLOSED" if trade.given_back == trade.amount else "TRADE_SUCCESS"
    told = {"refund_fee": yuan(trade.given_back), "gmt_refund": now, "out_biz_no": refund.number}
    return {**alipay_facts(trade), "trade_status": status, **told}


def wechat_refund_facts(refund: Refund, status: str = "SUCCESS") -> dict[str, Any]:
    """Return a refund in 微信支付's words, as its notification seals them: no app is named."""
    total = refund.of.amount if refund.of else refund.amount
    amount = {"total": total, "refund": refund.amount, "payer_total": total, "payer_refund": refund.amount}
    numbers = {"transaction_id": refund.trade, "out_refund_no": refund.number, "refund_id": refund.own_number}
    order = {"mchid": MERCHANT_ID, "out_trade_no": refund.of.order if refund.of else ""}
    at = datetime.now(BEIJING).isoformat(timespec="seconds")
    told = {"refund_status": status, "success_time": at, "user_received_account": "支付用户零钱"}
    return {**order, **numbers, **told, "amount": amount}


def page(provider: str, content: str, status: str = "200 OK") -> Answer:
    body = PAGE.format(provider=provider, content=content).encode()
    return status, [("Content-Type", "text/html; charset=utf-8")], body


def redirect(address: str) -> Answer:
    return "302 Found", [("Location", address)], b""


def refunds_page(refunds: list[Refund]) -> Answer:
    """Show what went back, for who tries the demo."""
    rows = "".join(
        f"<li>{html.escape(SIDES[one.provider].label)}：{yuan(one.amount)} 元，交易号 {html.escape(one.trade)}，"
        f"退款单号 {html.escape(one.number)}</li>"
        for one in refunds
    )
    return page("退款", f"<ul>{rows}</ul>" if rows else "<p>还没有退款。</p>")
