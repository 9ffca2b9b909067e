"""More at once than can be served, as `make serve` runs it: a storm of log-ins beside uploads, and too many uploads.

NMEC_BENCH_CROWDS=50,100 takes other numbers of connections, NMEC_BENCH_STORM=10 another storm. The CPU of a log-in is
that of its processes, so that other work on the machine disturbs it little; waiting is by the clock.
"""

import asyncio
import json
import os
import ssl
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from django.db import connection

from candidates.models import Account, Application
from tests.bench.bench_serving import cpu_of
from tests.bench.bench_uploads import BOUNDARY, CATEGORIES, body, cookies_of
from tests.bench.measure import Row
from tests.factories import make_application, make_candidate, make_session
from tests.nmec_portal.local.serving import Browser, Portal, database_like

CROWDS = [int(one) for one in os.environ.get("NMEC_BENCH_CROWDS", "200,700,1000").split(",")]
STORM = int(os.environ.get("NMEC_BENCH_STORM", "40"))  # who logs in at once, again and again
WARM = 24  # uploads that are not counted
ASKED = 60  # uploads beside the storm, and as many without
LOGINS = 40
LOG_IN = 0.060  # CPU seconds
REFUSED_WITHIN = 10  # seconds
PATIENCE = 120  # seconds for an answer


@dataclass(frozen=True)
class Answer:
    status: int  # 0: none
    seconds: float
    again: bool  # it says when to come again


def run() -> Iterator[Row]:
    session = make_session()
    person = {"mobile": make_candidate().mobile}
    like = make_application("registered", session=session)
    accounts = [*clones(like, max(CROWDS))]
    cookies = [cookies_of(account) for account in accounts]
    uploading = [cookies_of(make_application("registered", session=session).account) for _ in range(8)]
    name = connection.settings_dict["NAME"]
    connection.close()
    with tempfile.TemporaryDirectory() as folder, database_like(name) as url:
        portal = Portal(Path(folder), url, people="print('{}')")
        try:
            portal.wait()
            yield log_in(portal, person)
            yield beside_a_storm(portal, person, uploading)
            serial = 0
            for number in CROWDS:
                before = stored(url)
                answers = asyncio.run(all_at_once(portal, cookies[:number], serial))
                serial += number
                settle(portal)
                yield from told(number, answers, stored(url) - before)
        finally:
            portal.stop()


def clones(like: Application, number: int) -> Iterator[Account]:
    """Make so many candidates, each with an application in which nothing is uploaded."""
    for serial in range(number):
        account = Account.objects.get(pk=like.account_id)
        _ = account.document_number, account.mobile  # opened, and so sealed anew for the copy's row
        account._state.adding = True
        account.identity_hash, account.mobile_hash = f"crowd {serial}", f"crowd {serial}"
        Account.objects.insert(account)
        entry = Application.objects.get(pk=like.pk)
        _ = entry.document_number, entry.mobile, entry.data_key
        entry.pk, entry._state.adding = None, True
        entry.account, entry.number = account, f"9{serial:015}"
        entry.identity_hash, entry.mobile_hash = account.identity_hash, account.mobile_hash
        Application.objects.bulk_create([entry])
        yield account


# --- log-ins


def log_in(portal: Portal, person: dict) -> Row:
    """Return what a log-in costs the processes that are there for it."""
    master = log_in_processes(portal)
    Browser(portal.port).log_in(person)  # the first of a process is slower
    before = cpu_of(master)
    for _ in range(LOGINS):
        if Browser(portal.port).log_in(person).status != 302:
            raise AssertionError("no log-in")
    cpu = (cpu_of(master) - before) / LOGINS
    return Row("a log-in", "60 ms", cpu / LOG_IN, "≤ 1", f"{cpu * 1000:.1f} ms of CPU")


def log_in_processes(portal: Portal) -> int:
    children = Path(f"/proc/{portal.process.pid}/task/{portal.process.pid}/children").read_text().split()
    for pid in children:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if b"gunicorn" in words and b"-w" in words:
            return int(pid)
    raise AssertionError("no processes for log-ins")


def beside_a_storm(portal: Portal, person: dict, cookies: list[str]) -> Row:
    """Return the 95th percentile of uploads while many log in, against alone; rounds of both take turns."""
    alone: list[float] = []
    beside: list[float] = []
    done: Counter[int] = Counter()
    serial = 1_000_000
    for _ in range(WARM):  # the first that a process answers takes it half a second
        upload(portal, cookies[serial % len(cookies)], serial, 0)
        serial += 1
    for turn in range(3):
        for taken, storming in ((alone, False), (beside, True)):
            with storm(portal, person, done, STORM if storming else 0):
                for _ in range(ASKED // 3):
                    taken.append(upload(portal, cookies[serial % len(cookies)], serial, turn))
                    serial += 1
    slow, fast = ninety_fifth(beside), ninety_fifth(alone)
    note = f"{slow * 1000:.0f} ms / {fast * 1000:.0f} ms, 95th percentile of {len(beside)} uploads; {done[302]} log-ins"
    return Row(f"an upload beside {STORM} who log in", "alone", slow / fast, "≤ 2", note)


def upload(portal: Portal, cookie: str, serial: int, turn: int) -> float:
    headers = headers_of(cookie)
    began = time.perf_counter()
    address = f"/materials/{CATEGORIES[serial // 8 % len(CATEGORIES)]}/"
    answer = Browser(portal.port, patience=PATIENCE).ask("POST", address, body(serial), headers)
    if answer.status != 201:
        raise AssertionError(answer.content)
    return time.perf_counter() - began


@contextmanager
def storm(portal: Portal, person: dict, done: Counter, number: int) -> Iterator[None]:
    """Let so many log in again and again until the body has ended."""
    over = threading.Event()

    def again() -> None:
        while not over.is_set():
            done[Browser(portal.port, patience=PATIENCE).log_in(person).status] += 1

    threads = [threading.Thread(target=again) for _ in range(number)]
    for thread in threads:
        thread.start()
    time.sleep(1 if number else 0)  # until they wait
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE)


def ninety_fifth(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


# --- too many uploads


def headers_of(cookie: str) -> dict[str, str]:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return {"Cookie": cookie, "Accept": "application/json", "Content-Type": kind}


async def all_at_once(portal: Portal, cookies: list[str], serial: int) -> list[Answer]:
    """Have everybody send a picture at the same moment, each on a connection of its own."""
    trusting = ssl._create_unverified_context()
    return await asyncio.gather(*(send(portal, trusting, one, serial + at) for at, one in enumerate(cookies)))


async def send(portal: Portal, trusting: ssl.SSLContext, cookie: str, serial: int) -> Answer:
    content = body(serial)
    head = {"Host": "127.0.0.1", "Origin": f"https://127.0.0.1:{portal.port}", "Connection": "close"}
    head |= {**headers_of(cookie), "Content-Length": str(len(content))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    began = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", portal.port, ssl=trusting)
            writer.write(f"POST /materials/identity/ HTTP/1.1\r\n{lines}\r\n".encode() + content)
            await writer.drain()
            sent = time.perf_counter()
            answer = (await reader.read()).decode(errors="replace")
            writer.close()
    except (OSError, TimeoutError):
        return Answer(0, time.perf_counter() - began, False)
    status = int(answer.split(" ", 2)[1]) if answer.startswith("HTTP/1.1 ") else 0
    return Answer(status, time.perf_counter() - sent, "\r\nretry-after:" in answer.lower())


def settle(portal: Portal) -> None:
    """Wait until nothing is in hand any more: a page that is answered at once, twice."""
    for _ in range(2):
        while Browser(portal.port, patience=PATIENCE).get("/healthz").status != 200:
            time.sleep(0.5)


def stored(url: str) -> int:
    with psycopg2.connect(url) as database, database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM materials_materialimage")
        return cursor.fetchone()[0]


def told(number: int, answers: list[Answer], rows: int) -> Iterator[Row]:
    by_status = Counter(one.status for one in answers)
    refused = [one for one in answers if one.status == 503]
    served = by_status[201]
    longest = max((one.seconds for one in refused), default=0)
    told_of = json.dumps(dict(sorted(by_status.items()))).replace('"', "")
    what, note = f"{number} uploads at once", f"{longest:.1f} s at most; {told_of}"
    yield Row(f"{what}: refused", f"{REFUSED_WITHIN} s", longest / REFUSED_WITHIN, "≤ 1", note)
    yield Row(f"{what}: refused without Retry-After", "none", sum(not one.again for one in refused), "≤ 0")
    note = f"{rows} rows, {served} answers"
    yield Row(f"{what}: rows against answers of 201", "none", abs(rows - served), "≤ 0", note)
    yield Row(f"{what}: neither stored nor refused", "none", number - served - len(refused), "≤ 0")
