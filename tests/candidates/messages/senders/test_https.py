"""What is known of a request: that it cannot have arrived, or that it may have."""

import socket
from contextlib import contextmanager
from threading import Thread

import pytest

from candidates.messages.senders import https
from candidates.messages.senders.https import NoAnswer, NotSent, post


@contextmanager
def server(answer: bytes | None):
    """Take one request; answer with these bytes, or hold the line until the test has seen enough."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            line, _ = listening.accept()
            with line:
                line.recv(65536)
                line.sendall(answer) if answer is not None else line.recv(1)

        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_an_answer_is_read_whole():
    with server(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno") as address:
        reply = post(f"{address}/?a=b", {"A": "b"}, b"")
    assert (reply.status, reply.body) == (400, b"no")


def test_where_nobody_listens_it_was_not_sent():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent):
            post(f"http://127.0.0.1:{nobody.getsockname()[1]}/", {}, b"")


@pytest.mark.parametrize("answer", [b"", b"rubbish\r\n\r\n"])
def test_a_line_that_breaks_after_the_request_leaves_it_open(answer):
    with server(answer) as address, pytest.raises(NoAnswer):
        post(f"{address}/", {}, b"body")


def test_who_takes_it_and_says_nothing_is_waited_for_only_so_long(monkeypatch):
    monkeypatch.setattr(https, "ANSWER", 0.05)
    with server(None) as address, pytest.raises(NoAnswer):
        post(f"{address}/", {}, b"body")


def test_a_proxy_is_gone_through_unless_the_host_is_excepted(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://us:pw%21@proxy.example:8080")
    monkeypatch.setenv("NO_PROXY", "near.example")
    far, near = (https._connection("https", f"{name}.example", None) for name in ("far", "near"))
    assert (far.host, far.port, far._tunnel_host) == ("proxy.example", 8080, "far.example")
    assert far._tunnel_headers["Proxy-Authorization"] == "Basic dXM6cHch"
    assert (near.host, near._tunnel_host) == ("near.example", None)
