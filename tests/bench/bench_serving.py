"""The portal as `make serve` runs it: what an upload and a page cost nginx, the portal and PostgreSQL; slow senders.

CPU is read from /proc for each part's processes, so that other work on the machine disturbs it little.
"""

import os
import socket
import ssl
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.db import connection

from nmec_portal.local import serve
from tests.bench.bench_uploads import BOUNDARY, CATEGORIES, PLACES, TOKEN, body, cookies_of
from tests.bench.measure import Row
from tests.factories import make_application, make_session
from tests.nmec_portal.local.serving import Browser, Portal, database_like

UPLOADS, PAGES = 200, 200
SLOW, ASKED = 300, 200
TICK = os.sysconf("SC_CLK_TCK")


def run() -> Iterator[Row]:
    session = make_session()
    people = UPLOADS // (len(CATEGORIES) * PLACES) + 1
    cookies = [cookies_of(make_application("registered", session=session).account) for _ in range(people)]
    name = connection.settings_dict["NAME"]
    connection.close()
    with tempfile.TemporaryDirectory() as folder, database_like(name) as url:
        portal = Portal(Path(folder), url, people="print('{}')")
        try:
            portal.wait()
            parts = {"nginx": serve.find_nginx(), "the portal": "gunicorn", "PostgreSQL": server_id()}
            yield from shares("an upload of 160 to 200 KB", lambda: upload(portal, cookies), UPLOADS, portal, parts)
            yield from shares("the page of materials", lambda: pages(portal, cookies[0]), PAGES, portal, parts)
            yield slow_senders(portal)
        finally:
            portal.stop()


def server_id() -> int:
    return int((Path(settings.OWN_SERVER) / "data" / "postmaster.pid").read_text().split()[0])


def shares(what: str, work: Callable[[], None], times: int, portal: Portal, parts: dict) -> Iterator[Row]:
    """One row a part: its CPU as a share of all three's."""
    masters = {part: found if isinstance(found, int) else child_of(portal, found) for part, found in parts.items()}
    before = {part: cpu_of(pid) for part, pid in masters.items()}
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    used = {part: cpu_of(pid) - before[part] for part, pid in masters.items()}
    everything = sum(used.values())
    for part, cpu in used.items():
        note = f"{cpu / times * 1000:.1f} of {everything / times * 1000:.1f} ms of CPU; {times / seconds:.0f} a second"
        yield Row(f"{what}: {part}", "all three", cpu / everything, "", note)


def child_of(portal: Portal, word: str) -> int:
    children = Path(f"/proc/{portal.process.pid}/task/{portal.process.pid}/children").read_text().split()
    return next(int(pid) for pid in children if word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes())


def cpu_of(pid: int) -> float:
    """CPU seconds of a process, its children, and those of its children that have ended."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(int(ticks) for ticks in stat[11:15]) / TICK + sum(cpu_of(int(child)) for child in children)


def upload(portal: Portal, cookies: list[str]) -> None:
    slots = [(category, one) for one in cookies for category in CATEGORIES for _ in range(PLACES)]
    for serial, (category, cookie) in enumerate(slots[:UPLOADS]):
        headers = {
            "Cookie": cookie,
            "Accept": "application/json",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }
        answer = Browser(portal.port).ask("POST", f"/materials/{category}/", body(serial), headers)
        if answer.status != 201:
            raise AssertionError(answer.content)


def pages(portal: Portal, cookie: str) -> None:
    for _ in range(PAGES):
        if Browser(portal.port).get("/materials/", headers={"Cookie": cookie}).status != 200:
            raise AssertionError("no page")


def slow_senders(portal: Portal) -> Row:
    """The 95th percentile of others' waiting, with and without 300 who have sent 1 of their picture's 200 KB."""
    alone = ninety_fifth(portal)
    head = (
        "POST /materials/identity/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: __Host-csrftoken={TOKEN}\r\nContent-Length: 200000\r\n\r\n"
    )
    with ExitStack() as stack:
        for _ in range(SLOW):
            plain = stack.enter_context(socket.create_connection(("127.0.0.1", portal.port), 10))
            slow = stack.enter_context(ssl._create_unverified_context().wrap_socket(plain))
            slow.sendall(head.encode() + b"x" * 1000)
        beside = ninety_fifth(portal)
    note = f"{beside * 1000:.0f} ms / {alone * 1000:.0f} ms, 95th percentile of {ASKED} requests"
    return Row(f"a page while {SLOW} send slowly", "the same page alone", beside / alone, "≤ 2", note)


def ninety_fifth(portal: Portal) -> float:
    taken = []
    for _ in range(ASKED):
        began = time.perf_counter()
        answer = Browser(portal.port).get("/help/")
        taken.append(time.perf_counter() - began)
        if answer.status != 200:
            raise AssertionError("no page")
    return statistics.quantiles(taken, n=20)[-1]
