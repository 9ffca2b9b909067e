"""One POST to a provider, and whether it can have arrived: what a library hides, and a message must know."""

import base64
import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

CONNECT, ANSWER = 5, 10  # seconds
LARGEST = 64 * 1024  # bytes of an answer


class NotSent(Exception):
    """There was no connection: the provider cannot have it."""


class NoAnswer(Exception):
    """It was handed over, and what became of it was not said."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes


def post(address: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """Send it once. Raises NotSent, NoAnswer."""
    parts = urlsplit(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as error:
            raise NotSent(type(error).__name__) from None
        if connection.sock:
            connection.sock.settimeout(ANSWER)
        try:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            return Reply(answer.status, answer.read(LARGEST))
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(type(error).__name__) from None
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    """Make a connection, through the machine's proxy where one is set."""
    if scheme == "http":  # this machine's own gateway
        return http.client.HTTPConnection(host, port, timeout=CONNECT)
    proxy = "" if proxy_bypass(host) else getproxies().get("https", "")
    if not proxy:
        return http.client.HTTPSConnection(host, port, timeout=CONNECT, context=_trusted())
    by = urlsplit(proxy)
    connection = http.client.HTTPSConnection(by.hostname or "", by.port or 3128, timeout=CONNECT, context=_trusted())
    password = f"{unquote(by.username or '')}:{unquote(by.password or '')}"
    asks = {"Proxy-Authorization": f"Basic {base64.b64encode(password.encode()).decode()}"} if by.username else {}
    connection.set_tunnel(host, port or 443, asks)
    return connection


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
