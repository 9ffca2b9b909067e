"""A mail server on this machine that keeps what it is given, or fails as mail servers do."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, fails_at: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.fails_at = fails_at  # "": never; "recipient", "content": refused; "hangs up": after the whole content
        self.kept: list[tuple[str, EmailMessage]] = []


class _Talk(socketserver.StreamRequestHandler):
    """One conversation of RFC 5321, as much of it as a client needs."""

    server: _Server

    def handle(self) -> None:
        recipient = ""
        self.say("220 ready")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT":
                recipient = line.decode().split("<")[1].split(">")[0]
                self.say("550 no such person" if self.server.fails_at == "recipient" else "250 yes")
            elif word == b"DATA":
                self.say("354 go on")
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                if self.server.fails_at == "hangs up":
                    return
                if self.server.fails_at == "content":
                    self.say("451 try again later")
                    continue
                self.server.kept.append((recipient, message_from_bytes(content, policy=policy.default)))
                self.say("250 kept")
            elif word == b"QUIT":
                self.say("221 good-bye")
                return
            else:
                self.say("250 yes")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(fails_at: str = ""):
    """A running server; `kept` is the recipient and the mail of each that it has accepted."""
    with _Server(fails_at) as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield server
        server.shutdown()
