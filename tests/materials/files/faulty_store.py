"""A man in the middle who spoils what goes to an S3 provider, whichever it is: the signature covers his own address.

`fault`: "" passes everything on; "before": hung up on before the provider has seen anything; "half": the provider gets,
or the portal is given, half of the bytes; "after": the provider has done it, and nobody is told; "slow": no answer
until whoever asks has given it up. `every`: each so-many-th request has the fault, 1 for all.
"""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import urlsplit


class _Relay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def relay(self) -> None:
        middle = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = middle.fault if next(middle.turns) % middle.every == 0 else ""
        middle.spoilt += bool(fault)
        if fault == "slow":
            self.wait_until_given_up()
        if fault in ("before", "slow"):
            self.hang_up()
        elif fault == "half" and body:
            self.pass_on(body[: len(body) // 2])  # the provider sees the end before it has all
            self.hang_up()
        else:
            self.answer(self.pass_on(body), fault)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = relay

    def pass_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Sends the request with the length that it declares, and so much of its body; gives the answer."""
        onward = http.client.HTTPConnection(*self.server.provider, timeout=30)
        try:
            onward.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in ("connection", "expect"):
                    onward.putheader(name, value)
            onward.endheaders(body or None)
            onward.sock.shutdown(socket.SHUT_WR)
            answer = onward.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            onward.close()

    def answer(self, given: tuple[int, list[tuple[str, str]], bytes], fault: str) -> None:
        status, headers, content = given
        if fault == "after":
            self.hang_up()
            return
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        length = dict(headers).get("Content-Length", "0") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if fault == "half" else content)
        if fault == "half":
            self.hang_up()

    def wait_until_given_up(self) -> None:
        self.connection.settimeout(60)
        with suppress(OSError):
            self.connection.recv(1)

    def hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *arguments: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments: Any) -> None:
        pass  # who was cut off


@contextmanager
def between(options: dict[str, Any]) -> Iterator[Any]:
    """Stands before the provider of these options of the storage class; its own are in `options`."""
    middle = _Server(("127.0.0.1", 0), _Relay)
    address = urlsplit(options["endpoint_url"])
    middle.provider = (address.hostname, address.port)
    middle.fault, middle.every, middle.spoilt, middle.turns = "", 1, 0, count(1)
    middle.options = {**options, "endpoint_url": f"http://127.0.0.1:{middle.server_port}"}
    threading.Thread(target=middle.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield middle
    finally:
        middle.shutdown()
        with suppress(OSError):
            middle.server_close()
