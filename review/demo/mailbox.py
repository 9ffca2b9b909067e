"""The demo's mailbox: an SMTP server on this machine that keeps what it is given, for the page of sms_gateway.py.

It speaks as much of RFC 5321 as Django's mail needs. Nobody is mailed.
"""

import socket
import socketserver
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy

from candidates.rules.moments import SHANGHAI

KEPT = 200
LARGEST = 1024 * 1024  # bytes of a mail
LONGEST_LINE = 2000  # bytes


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    at: datetime = field(default_factory=lambda: datetime.now(SHANGHAI))


class Mailbox:
    def __init__(self) -> None:
        self.taken: deque[Mail] = deque(maxlen=KEPT)  # the newest first

    def take(self, to: str, content: bytes) -> None:
        mail = message_from_bytes(content, policy=policy.default)
        body = mail.get_body(("plain",))
        text = body.get_content().replace("\r\n", "\n").strip() if body else ""
        self.taken.appendleft(Mail(to, str(mail["Subject"] or ""), text))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    mailbox: Mailbox


class _Talk(socketserver.StreamRequestHandler):
    server: Server
    timeout = 60  # seconds

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:  # it has hung up
            return

    def _talk(self) -> None:
        to = ""
        self._say("220 demo")
        while line := self.rfile.readline(LONGEST_LINE):
            word = line[:4].upper()
            if word == b"RCPT":
                to = line.decode("utf-8", "replace").partition("<")[2].partition(">")[0]
                self._say("250 yes")
            elif word == b"DATA":
                self._say("354 go on")
                content = self._content()
                if content is None:
                    return
                self.server.mailbox.take(to, content)
                self._say("250 kept")
            elif word == b"QUIT":
                self._say("221 good-bye")
                return
            else:
                self._say("250 yes")

    def _content(self) -> bytes | None:
        """Return the mail; None where it is too long, or breaks off."""
        lines, size = [], 0
        while (line := self.rfile.readline(LARGEST)) != b".\r\n":
            size += len(line)
            if not line or size > LARGEST:
                return None
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def server(listening: socket.socket, mailbox: Mailbox) -> Server:
    """Make the mail server on this socket; serve_forever() runs it. Raise ValueError where it is not on loopback."""
    address = listening.getsockname()[:2]
    if address[0] != "127.0.0.1":
        raise ValueError("the demo mailbox is for this machine only")
    made = Server(address, _Talk, bind_and_activate=False)
    made.socket.close()
    made.socket, made.mailbox = listening, mailbox
    made.server_activate()
    return made
