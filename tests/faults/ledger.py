"""What the clients were answered: one JSON line an answer, written before the next request of that client is sent.

Nothing else decides what the portal has acknowledged.
"""

import json
import threading
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

TORN = -1


@dataclass(frozen=True)
class Line:
    """One answer, or none.

    Acts: upload, remove, submit, decide, read; cut is an upload whose end was never sent, left one whose answer was
    not waited for.
    """

    act: str
    case: int  # the application's key
    status: int = 0  # 0: no answer; TORN: its head came, its body did not
    what: str = (
        ""  # upload, cut, left: SHA-256 of the picture sent; remove: its id; decide: the record it was drawn with
    )
    gave: str = ""  # upload: the id of the stored picture; decide: pass or return
    wrong: str = ""  # what is wrong with the answer by itself


class Ledger:
    def __init__(self, path: Path) -> None:
        self.path, self.counts, self._lock = path, Counter(), threading.Lock()
        self.may_tear = False  # a process that is killed between an answer's head and its body leaves it torn
        self._file = path.open("a", buffering=1)

    def write(self, line: Line) -> Line:
        with self._lock:
            self._file.write(json.dumps(asdict(line)) + "\n")
            self.counts[line.act, line.status] += 1
        return line

    def lines(self) -> list[Line]:
        return [Line(**json.loads(text)) for text in self.path.read_text().splitlines()]

    def number(self, act: str = "", status: int | None = None) -> int:
        """How many answers, of this act and with this status where given."""
        found = dict(self.counts).items()
        return sum(many for (one, was), many in found if act in ("", one) and status in (None, was))

    def close(self) -> None:
        self._file.close()
