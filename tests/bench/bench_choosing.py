"""Seconds from a file's choosing to its picture on the page, in Chromium on a phone's screen, against what is promised.

Each round is a candidate's first: a browser that has nothing kept, so that what draws is fetched and begun, too. A HEIC
is measured where the variable HEIC names one of 12 megapixels. They are seconds of this machine, and the note says how
busy it was. Then the same on a page whose thread is slowed four times (a cheap phone): its longest task, for as long as
which no touch is answered.
"""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bench.measure import Row
from tests.browser.conftest import LAUNCH, PHONE, Person
from tests.browser.test_materials import a_phone_photo, arrived, send, tiles
from tests.browser.test_uploads import a_page_of_a_scanner
from tests.factories import make_application
from tests.served import serving

ROUNDS = 5
PATIENCE = 120_000  # milliseconds
SLOWED = 4  # times
LONGEST_TASK = 200  # milliseconds
HEAR_TASKS = """() => {
  window.longTasks = [];
  const hear = (list) => list.getEntries().forEach(({ duration }) => window.longTasks.push(duration));
  new PerformanceObserver(hear).observe({ type: "longtask" });
}"""


def run() -> Iterator[Row]:
    serve = serving()
    server = next(serve)
    try:
        with sync_playwright() as playwright, TemporaryDirectory() as folder:
            browser = playwright.chromium.launch(**LAUNCH)
            chosen = list(files(Path(folder)))
            for subject, promised, path in chosen:
                yield row(subject, promised, [seconds(browser, server.url, path) for _ in range(ROUNDS)])
            for subject, _, path in chosen:
                yield task_row(subject, [longest_task(browser, server.url, path) for _ in range(ROUNDS)])
            browser.close()
            connections.close_all()  # playwright's loop gave this thread another one: the database is removed next
    finally:
        next(serve, None)


def files(folder: Path) -> Iterator[tuple[str, float, Path]]:
    """What is chosen, and in how many seconds it is to be stored."""
    photo, scan = folder / "photo.jpg", folder / "scan.pdf"
    photo.write_bytes(a_phone_photo())
    scan.write_bytes(a_page_of_a_scanner())
    yield "a JPEG of 12 megapixels", 2, photo
    yield "a PDF of one A4 page at 200 dpi", 2, scan
    if "HEIC" in os.environ:
        yield "a HEIC of 12 megapixels", 3, Path(os.environ["HEIC"])


def seconds(browser: Browser, base: str, path: Path) -> float:
    with at_the_sheet(browser, base) as page:
        return stored(page, path)


def longest_task(browser: Browser, base: str, path: Path) -> float:
    """Return the milliseconds of the longest task of the page's own thread, slowed."""
    with at_the_sheet(browser, base) as page:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        page.evaluate(HEAR_TASKS)
        stored(page, path)
        page.wait_for_timeout(500)  # tasks are told of afterwards
        return max(page.evaluate("window.longTasks"), default=0)


@contextmanager
def at_the_sheet(browser: Browser, base: str) -> Iterator[Page]:
    """A candidate's first visit, with the sheet open in which files are chosen."""
    width, height = PHONE
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = arrived(Person(context, base), make_application("registered")).page
    page.click("[data-dialog=upload-identity]:not([data-replaces])")
    yield page
    context.close()


def stored(page: Page, path: Path) -> float:
    """Choose the file and send it; return the seconds until its tile is there."""
    began = time.perf_counter()
    page.set_input_files("#images-identity", path)
    send(page)
    expect(tiles(page)).to_have_count(1, timeout=PATIENCE)
    return time.perf_counter() - began


def row(subject: str, promised: float, taken: list[float]) -> Row:
    median = statistics.median(taken)
    note = f"{median:.2f} s ({min(taken):.2f} to {max(taken):.2f}), load {os.getloadavg()[0]:.1f}"
    return Row(f"{subject}, chosen to stored", f"{promised:g} s", median / promised, "≤ 1", note)


def task_row(subject: str, longest: list[float]) -> Row:
    median = statistics.median(longest)
    words = f"{median:.0f} ms ({min(longest):.0f} to {max(longest):.0f}), load {os.getloadavg()[0]:.1f}"
    return Row(
        f"{subject}, longest task on a page slowed {SLOWED} times", "200 ms", median / LONGEST_TASK, "≤ 1", words
    )
