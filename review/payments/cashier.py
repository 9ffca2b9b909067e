"""演示收银台: stands in for 支付宝 and 微信支付 on this machine, for the demo and the tests. No money moves.

It speaks the providers' signed protocol with test keys: the portal does not know the difference. A small WSGI
server on loopback, started by `make run`; what was paid is remembered until it stops.
"""

import html
import json
import secrets
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from review.payments import cashier_keys
from review.payments.cashier_keys import APP_ID, MERCHANT_ID, SELLER_ID, Keys
from review.payments.money import fen, yuan

BEIJING = timezone(timedelta(hours=8))
LARGEST_BODY = 64 * 1024  # bytes
TRADES_KEPT = 10_000
TRIES = (0, 2, 10)  # seconds before each try to notify
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


class Cashier:
    """The WSGI application. `address` is its own, without a slash at the end."""

    def __init__(self, keys: Keys, address: str) -> None:
        self.keys, self.address = keys, address
        self.trades: dict[tuple[str, str], Trade] = {}
        self.lock = Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        status, headers, body = self._answer(environ)
        start(status, [*headers, ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        query = environ.get("QUERY_STRING", "")
        body = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST_BODY)).decode()
        if path == "/gateway.do":
            return self._alipay(dict(parse_qsl(query)))
        if path.startswith("/v3/pay/transactions/"):
            whole = f"{path}?{query}" if query else path
            return self._wechat(method, whole, body, environ.get("HTTP_AUTHORIZATION", ""))
        _, _, token = path.rpartition("/")
        trade = next((one for one in list(self.trades.values()) if one.token == token), None)
        if not path.startswith("/pay/") or trade is None:
            return page("", "<p>没有这笔交易。</p>", "404 Not Found")
        return self._pressed(trade, body) if method == "POST" else self._shown(trade)

    def _take(self, trade: Trade) -> Trade:
        """The trade of this order; a second bringing gives the first."""
        with self.lock:
            if len(self.trades) >= TRADES_KEPT:
                self.trades.clear()
            return self.trades.setdefault((trade.provider, trade.order), trade)

    # --- what people see

    def _shown(self, trade: Trade) -> Answer:
        facts = f"<p><b>{yuan(trade.amount)}</b> 元</p><p>{html.escape(trade.subject)}<br>订单号 {trade.order}</p>"
        if trade.paid_at:
            back = html.escape(trade.back)
            return page(trade.provider, f'{facts}<p>已支付。</p><p><a href="{back}">返回缴费页面</a></p>')
        buttons = '<button name="act" value="pay">支付</button><button name="act" value="cancel">取消</button>'
        return page(trade.provider, f'{facts}<form method="post" action="/pay/{trade.token}">{buttons}</form>')

    def _pressed(self, trade: Trade, body: str) -> Answer:
        if dict(parse_qsl(body)).get("act") != "pay":
            return redirect(trade.back)
        with self.lock:
            trade.paid_at = trade.paid_at or datetime.now(BEIJING)
        telling = Thread(target=self.notify, args=(trade,), daemon=True)
        telling.start()
        telling.join(5)  # seconds; as in life, the notification is mostly there first
        if trade.provider == "wechat":
            return self._shown(trade)
        facts = {"out_trade_no": trade.order, "trade_no": trade.number, "total_amount": yuan(trade.amount)}
        fields = {**facts, "app_id": APP_ID, "seller_id": SELLER_ID, "charset": "utf-8"}
        text = cashier_keys.alipay_text(fields, without=())
        signed = {**fields, "sign": cashier_keys.signature(self.keys.provider, text), "sign_type": "RSA2"}
        return redirect(f"{trade.back}?{urlencode(signed)}")

    # --- what the portal is told

    def notify(self, trade: Trade) -> bool:
        """Tells the portal, again where it does not take it."""
        return any(self._told(trade, pause) for pause in TRIES)

    def _told(self, trade: Trade, pause: float) -> bool:
        time.sleep(pause)
        body, headers = self.notification(trade)
        request = urllib.request.Request(trade.notify, data=body, headers=headers)  # noqa: S310
        try:
            with DIRECT.open(request, timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def notification(self, trade: Trade) -> tuple[bytes, dict[str, str]]:
        """Body and headers of the notification of a paid trade."""
        if trade.provider == "alipay":
            form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
            return cashier_keys.alipay_notification(self.keys, alipay_facts(trade)), form
        body = cashier_keys.wechat_notification(self.keys, wechat_facts(trade))
        return body.encode(), cashier_keys.wechat_headers(self.keys, body)

    # --- what the portal asks

    def _alipay(self, fields: dict[str, str]) -> Answer:
        text = cashier_keys.alipay_text(fields, without=("sign",))
        if fields.get("app_id") != APP_ID or not cashier_keys.is_signed(
            self.keys.merchant, text, fields.get("sign", "")
        ):
            return page("alipay", "<p>签名错误（invalid-signature）。</p>", "400 Bad Request")
        wanted, method = json.loads(fields["biz_content"]), fields["method"]
        if method == "alipay.trade.page.pay":
            amount, back = fen(wanted["total_amount"]), fields["return_url"]
            order = Trade("alipay", wanted["out_trade_no"], amount, wanted["subject"], fields["notify_url"], back)
            return redirect(f"{self.address}/pay/{self._take(order).token}")
        trade = self.trades.get(("alipay", wanted["out_trade_no"]))
        facts = {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"}
        if trade:
            facts = {"code": "10000", "msg": "Success", **alipay_facts(trade)}
        answer = cashier_keys.alipay_answer(self.keys, method, facts)
        return "200 OK", [("Content-Type", "application/json")], answer

    def _wechat(self, method: str, path: str, body: str, authorization: str) -> Answer:
        if not cashier_keys.wechat_request_is_signed(self.keys, authorization, method, path, body):
            return self._signed("401 Unauthorized", {"code": "SIGN_ERROR", "message": "签名错误"})
        if method == "POST":
            wanted = json.loads(body)
            portal = "{0.scheme}://{0.netloc}/payment/".format(urlsplit(wanted["notify_url"]))
            amount, order = wanted["amount"]["total"], wanted["out_trade_no"]
            trade = Trade("wechat", order, amount, wanted["description"], wanted["notify_url"], portal)
            return self._signed("200 OK", {"code_url": f"{self.address}/pay/{self._take(trade).token}"})
        found = self.trades.get(("wechat", urlsplit(path).path.rpartition("/")[2]))
        if found is None:
            return self._signed("404 Not Found", {"code": "ORDER_NOT_EXIST", "message": "订单不存在"})
        return self._signed("200 OK", wechat_facts(found))

    def _signed(self, status: str, facts: dict[str, Any]) -> Answer:
        body = json.dumps(facts)
        return status, list(cashier_keys.wechat_headers(self.keys, body).items()), body.encode()


def alipay_facts(trade: Trade) -> dict[str, str]:
    """A trade in 支付宝's words, for a notification and for an answer."""
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
    """A trade in 微信支付's words."""
    facts: dict[str, Any] = {"appid": APP_ID, "mchid": MERCHANT_ID, "out_trade_no": trade.order}
    facts |= {"amount": {"total": trade.amount, "currency": "CNY"}, "trade_type": "NATIVE", "trade_state": "NOTPAY"}
    if trade.paid_at:
        facts |= {"trade_state": "SUCCESS", "transaction_id": trade.number}
        facts |= {"success_time": trade.paid_at.isoformat(timespec="seconds")}
    return facts


def page(provider: str, content: str, status: str = "200 OK") -> Answer:
    name = {"alipay": "支付宝", "wechat": "微信支付"}.get(provider, "支付")
    body = PAGE.format(provider=name, content=content).encode()
    return status, [("Content-Type", "text/html; charset=utf-8")], body


def redirect(address: str) -> Answer:
    return "302 Found", [("Location", address)], b""


# no proxy stands between two processes of one machine
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """No access log: it would hold order numbers."""


def server(listening: socket.socket, keys: Keys) -> Server:
    """The cashier on this socket; serve_forever() runs it. Raises ValueError where the socket is not on loopback."""
    host, port = listening.getsockname()[:2]
    if host != "127.0.0.1":
        raise ValueError("the demo cashier is for this machine only")
    made = Server((host, port), Quiet, bind_and_activate=False)
    made.socket.close()
    made.socket = listening
    made.server_name, made.server_port = host, port
    made.setup_environ()
    made.server_activate()
    made.set_app(Cashier(keys, f"http://{host}:{port}"))
    return made


def main(arguments: list[str]) -> None:
    """FD of a bound socket, and the folder of the keys. Ends when standard input does: with who started it."""
    running = server(socket.socket(fileno=int(arguments[0])), cashier_keys.keys_in(Path(arguments[1])))
    Thread(target=running.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
