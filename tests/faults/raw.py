"""Uploads sent piece by piece over a connection that is held in the hand: to be slow with, or to let go."""

import hashlib
import http.client
import socket
import ssl
import struct

from tests.bench.bench_uploads import form, picture
from tests.faults.clients import PATIENCE, UPLOAD, Candidate, serials, stored
from tests.faults.ledger import Line


class Sending:
    """One upload of a candidate, of which nothing has been sent yet but the head."""

    def __init__(self, candidate: Candidate, category: str) -> None:
        self.candidate, self.category = candidate, category
        content = picture(serial := next(serials))
        self.what, self.body, self.sent = hashlib.sha256(content).hexdigest(), form(serial, content), 0
        plain = socket.create_connection(("127.0.0.1", candidate.port), PATIENCE)
        self.socket = ssl._create_unverified_context().wrap_socket(plain)
        host = f"127.0.0.1:{candidate.port}"
        given = {"Host": host, "Cookie": candidate.cookie, "Origin": f"https://{host}", "Connection": "close", **UPLOAD}
        lines = [f"{name}: {value}" for name, value in {**given, "Content-Length": str(len(self.body))}.items()]
        self.socket.sendall("\r\n".join([f"POST /materials/{category}/ HTTP/1.1", *lines, "", ""]).encode())

    def send(self, up_to: int) -> None:
        self.socket.sendall(self.body[self.sent : up_to])
        self.sent = max(self.sent, up_to)

    def let_go(self) -> None:
        """Cuts the connection so that the other side is told of an error."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
        act = "left" if self.sent >= len(self.body) else "cut"
        self.candidate.ledger.write(Line(act, self.candidate.case, what=self.what))

    def answered(self) -> int:
        """Reads the answer into the ledger; its status, 0 where none comes."""
        answer = http.client.HTTPResponse(self.socket)
        try:
            answer.begin()
            answer.content = answer.read()
        except (OSError, http.client.HTTPException):
            answer = None
        self.socket.close()
        status = answer.status if answer else 0
        gave = stored(answer) if answer else ""
        self.candidate.ledger.write(Line("upload", self.candidate.case, status, what=self.what, gave=gave))
        if gave:
            self.candidate.kept[self.category].append(gave)
        return status
