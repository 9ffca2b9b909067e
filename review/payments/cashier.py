"""演示收银台: stands in for 支付宝 and 微信支付 on this machine, for the demo and the tests. No money moves.

It speaks the providers' signed protocol with test keys: the portal does not know the difference. A small WSGI
server on loopback, started by `make run`; what was paid is remembered until it stops.
"""

import html
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from review.payments import cashier_keys
from review.payments.cashier_keys import Keys
from review.payments.cashier_sides import BEIJING, SIDES, Answer, Asked, Refund, Trade, page, redirect, refunds_page
from review.payments.money import yuan

LARGEST_BODY = 64 * 1024  # bytes
TRADES_KEPT = 10_000
TRIES = (0, 2, 10)  # seconds before each try to notify


class Cashier:
    """The WSGI application. `address` is its own, without a slash at the end."""

    def __init__(self, keys: Keys, address: str, *, tells_of_refunds: bool = False) -> None:
        self.keys, self.address = keys, address
        self.trades: dict[tuple[str, str], Trade] = {}
        self.refunds: dict[tuple[str, str], Refund] = {}
        self.payers: dict[str, str] = {}  # of WeChat: a code -> who is behind it
        self.tells_of_refunds = tells_of_refunds  # on its own, as the providers do; tests ask for it
        self.short_of_money = False  # the merchant's account holds too little to give anything back
        self.lock = Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        status, headers, body = self._answer(environ)
        start(status, [*headers, ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        path, method, query = environ["PATH_INFO"], environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
        body = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST_BODY)).decode()
        side = next((one for one in SIDES.values() if path.startswith(one.paths)), None)
        if side:
            headers = environ.get("HTTP_AUTHORIZATION", ""), environ.get("HTTP_REFERER", "")
            return side.asked(self, Asked(method, path, query, body, *headers))
        if path == "/refunds":
            return refunds_page(list(self.refunds.values()))

        trade = self.by_token(path.rpartition("/")[2])
        if not path.startswith("/pay/") or trade is None:
            return page("支付", "<p>没有这笔交易。</p>", "404 Not Found")
        return self._pressed(trade, body) if method == "POST" else self._shown(trade)

    # --- the till, for the sides

    def take(self, trade: Trade) -> str:
        """Keep the trade of this order, and return where it is paid; a second bringing leads to the first."""
        with self.lock:
            if len(self.trades) >= TRADES_KEPT:
                self.trades.clear()
            kept = self.trades.setdefault((trade.provider, trade.order), trade)
        return f"{self.address}/pay/{kept.token}"

    def find(self, provider: str, order: str) -> Trade | None:
        return self.trades.get((provider, order))

    def by_token(self, token: str) -> Trade | None:
        return next((one for one in list(self.trades.values()) if one.token == token), None)

    def give_back(self, wanted: Refund) -> Refund | str:
        """Keep a refund of a paid trade, once for its number, and together never more than was paid."""
        with self.lock:
            key = wanted.provider, wanted.number
            old = self.refunds.get(key)
            if old:
                return old if (old.trade, old.amount) == (wanted.trade, wanted.amount) else "PARAM_ERROR"
            if self.short_of_money:
                return "NOT_ENOUGH"
            trades = [one for one in self.trades.values() if one.number == wanted.trade and one.paid_at]
            back = sum(one.amount for one in self.refunds.values() if one.trade == wanted.trade)
            if not trades or not 0 < wanted.amount <= trades[0].amount - back:
                return "INVALID_REQUEST"
            trades[0].given_back += wanted.amount
            return self.refunds.setdefault(key, replace(wanted, of=trades[0]))

    def given_back(self, provider: str, number: str) -> Refund | None:
        return self.refunds.get((provider, number))

    # --- what people see

    def _shown(self, trade: Trade) -> Answer:
        label = SIDES[trade.provider].label
        facts = f"<p><b>{yuan(trade.amount)}</b> 元</p><p>{html.escape(trade.subject)}<br>订单号 {trade.order}</p>"
        if trade.paid_at:
            back = html.escape(trade.back)
            return page(label, f'{facts}<p>已支付。</p><p><a href="{back}">返回缴费页面</a></p>')
        buttons = '<button name="act" value="pay">支付</button><button name="act" value="cancel">取消</button>'
        return page(
            SIDES[trade.provider].label, f'{facts}<form method="post" action="/pay/{trade.token}">{buttons}</form>'
        )

    def _pressed(self, trade: Trade, body: str) -> Answer:
        if dict(parse_qsl(body)).get("act") != "pay":
            return redirect(trade.back)
        with self.lock:
            trade.paid_at = trade.paid_at or datetime.now(BEIJING)
        telling = Thread(target=self.notify, args=(trade,), daemon=True)
        telling.start()
        telling.join(5)  # seconds; as in life, the notification is mostly there first
        return SIDES[trade.provider].after_payment(self.keys, trade) or self._shown(trade)

    # --- what the portal is told

    def notify(self, trade: Trade) -> bool:
        """Tell the portal of a payment, again where it does not take it."""
        return self._tell(trade.notify, lambda: SIDES[trade.provider].notification(self.keys, trade))

    def tell_of_refund(self, refund: Refund, address: str) -> None:
        """Tell the portal of a refund, while the request that asked for it is still answered or afterwards."""
        if self.tells_of_refunds:
            made = partial(SIDES[refund.provider].refund_notification, self.keys, refund)
            Thread(target=self._tell, args=(address, made), daemon=True).start()

    def _tell(self, address: str, made: Callable[[], tuple[bytes, dict[str, str]]]) -> bool:
        return any(self._taken(address, made, pause) for pause in TRIES)

    def _taken(self, address: str, made: Callable[[], tuple[bytes, dict[str, str]]], pause: float) -> bool:
        time.sleep(pause)
        body, headers = made()
        request = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310
        try:
            with DIRECT.open(request, timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


# no proxy stands between two processes of one machine
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """No access log: it would hold order numbers."""


def server(listening: socket.socket, keys: Keys, *, tells_of_refunds: bool = False) -> Server:
    """Make the cashier on this socket; serve_forever() runs it. Raise ValueError where it is not on loopback."""
    host, port = listening.getsockname()[:2]
    return on_loopback(listening, Cashier(keys, f"http://{host}:{port}", tells_of_refunds=tells_of_refunds))


def on_loopback(listening: socket.socket, application: Callable[..., Iterable[bytes]]) -> Server:
    """Make a server of this WSGI application on a bound socket. Raise ValueError where it is not on loopback."""
    host, port = listening.getsockname()[:2]
    if host != "127.0.0.1":
        raise ValueError("what plays a provider in the demo is for this machine only")

    made = Server((host, port), Quiet, bind_and_activate=False)
    made.socket.close()
    made.socket = listening
    made.server_name, made.server_port = host, port

    made.setup_environ()
    made.server_activate()
    made.set_app(application)
    return made


def main(arguments: list[str]) -> None:
    """Serve until standard input ends: with who started it. FD of a bound socket, and the folder of the keys."""
    keys = cashier_keys.keys_in(Path(arguments[1]))
    running = server(socket.socket(fileno=int(arguments[0])), keys, tells_of_refunds=True)
    Thread(target=running.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
