"""Others' log-ins while candidates send pictures that cost as much as a picture can: 200 MB of pixels in 194 KB.

The portal as `make serve` runs it, with the processes of gunicorn.conf.py. Rounds of log-ins alone and under the attack
take turns. Who is told when to come again waits so long; who is not sends the next at once.
"""

import os
import statistics
import struct
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from django.db import connection

from materials.pictures import png
from materials.pictures.formats import PNG
from tests.bench.bench_uploads import BOUNDARY, CATEGORIES, TOKEN, cookies_of
from tests.bench.measure import Row
from tests.factories import make_application, make_session
from tests.nmec_portal.local.serving import Browser, Portal, database_like

ROUNDS, LOGINS = 3, 40  # of each kind, and in each
PARALLEL, FILES = 5, 30  # requests of one candidate at once, pictures in each
MANY = 20  # candidates at once, a request each
MAX_BODY = 32 * 1024 * 1024  # as in production
PATIENCE = 90  # seconds for an answer
_serials = count(1)


def run() -> Iterator[Row]:
    session = make_session()
    other = {"mobile": make_application("registered", session=session).account.mobile}
    attackers = [cookies_of(make_application("registered", session=session).account) for _ in range(1 + MANY)]
    name = connection.settings_dict["NAME"]
    connection.close()
    workers = str(2 * (os.cpu_count() or 1) + 1)
    with tempfile.TemporaryDirectory() as folder, database_like(name) as url:
        more = {"NMEC_WORKERS": workers, "NMEC_MAX_BODY": str(MAX_BODY)}
        portal = Portal(Path(folder), url, people="print('{}')", **more)
        try:
            portal.wait()
            one = [(attackers[0], same)] * PARALLEL
            what = f"one candidate: {PARALLEL} requests at once, each {FILES} times the same picture"
            yield beside(portal, other, what, one, "≤ 2")
            many = [(cookie, different) for cookie in attackers[1:]]
            yield beside(portal, other, f"{MANY} candidates at once, {FILES} different pictures each", many, "")
        finally:
            portal.stop()


def beside(portal: Portal, person: dict, what: str, senders: list, target: str) -> Row:
    """The 95th percentile of somebody's log-ins under this attack, against alone."""
    alone: list[float] = []
    under: list[float] = []
    answers: Counter[int] = Counter()
    for turn in range(ROUNDS + 1):
        taken = log_ins(portal, person)
        with attack(portal, senders, answers):
            during = log_ins(portal, person)
        if turn:  # the first of a process are slower
            alone += taken
            under += during
    slow, fast = ninety_fifth(under), ninety_fifth(alone)
    told = ", ".join(f"{number} answers of {status}" for status, number in sorted(answers.items()))
    note = f"{slow * 1000:.0f} ms / {fast * 1000:.0f} ms, 95th percentile of {len(under)} log-ins; {told}"
    return Row(f"a log-in beside {what}", "alone", slow / fast, target, note)


def log_ins(portal: Portal, person: dict) -> list[float]:
    """Seconds that each took: the page, and the answer to what was typed in."""
    taken = []
    for _ in range(LOGINS):
        began = time.perf_counter()
        answer = Browser(portal.port, patience=PATIENCE).log_in(person)
        taken.append(time.perf_counter() - began)
        if answer.status != 302:
            raise AssertionError(f"no log-in: {answer.status}")
    return taken


def ninety_fifth(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


@contextmanager
def attack(portal: Portal, senders: list[tuple[str, Callable[[], list[bytes]]]], answers: Counter) -> Iterator[None]:
    """Each sender (cookies, what makes the pictures of one request) sends again and again until the body has ended."""
    over = threading.Event()

    def send(cookie: str, pictures: Callable[[], list[bytes]]) -> None:
        headers = {
            "Cookie": cookie,
            "Accept": "application/json",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }
        while not over.is_set():
            serial = next(_serials)
            address = f"/materials/{CATEGORIES[serial % len(CATEGORIES)]}/"
            answer = Browser(portal.port, patience=PATIENCE).ask("POST", address, form(pictures()), headers)
            answers[answer.status] += 1
            over.wait(int(answer.head.get("retry-after", 0)))

    threads = [threading.Thread(target=send, args=sender) for sender in senders]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE)


def form(pictures: list[bytes]) -> bytes:
    disposition = 'Content-Disposition: form-data; name="'
    parts = [f'{disposition}csrfmiddlewaretoken"\r\n\r\n{TOKEN}'.encode()]
    kind = 'images"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    parts += [f"{disposition}{kind}".encode() + content for content in pictures]
    start = f"--{BOUNDARY}\r\n".encode()
    return start + (b"\r\n" + start).join(parts) + f"\r\n--{BOUNDARY}--\r\n".encode()


def same() -> list[bytes]:
    return [picture()] * FILES


def different() -> list[bytes]:
    return [picture() for _ in range(FILES)]


def picture() -> bytes:
    """5,000 by 5,000 pixels of 8 bytes; each call gives other bytes."""
    return _costly[:-12] + png.chunk(b"tEXt", b"n\0%d" % next(_serials)) + _costly[-12:]


def costly(side: int = 5000) -> bytes:
    row, packer = bytes(1 + side * 8), zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 16, 6, 0, 0, 0)
    return PNG.signature + b"".join(
        png.chunk(kind, data) for kind, data in [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    )


_costly = costly()
