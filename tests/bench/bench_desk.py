"""The reviewer's desk: from the key that decides to the next case's picture, and what the server does for it.

The browser part needs chromium-headless-shell; it counts from the moment at which the key acts, so after the wait that
tells a key from a scanner. NMEC_BENCH_CASES=20 decides more cases. Run it on a machine that does nothing else.
"""

import os
import statistics
from collections.abc import Callable, Iterator

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from candidates.models import Account, Application
from review.cases import reasons
from review.cases.verdicts import submitted_images
from tests.bench.measure import Row, in_turns
from tests.browser.conftest import CHROMIUM, LAUNCH
from tests.factories import make_application, make_reviewer
from tests.served import Static
from tests.waiting import wait_until

CASES = int(os.environ.get("NMEC_BENCH_CASES", "9"))
ROUNDS = 15
NEXT, KEY = 300, 50  # milliseconds
LIST = "/review/applications/"
MARKS = """
document.addEventListener("review:key", (event) => {
  const { key } = event.detail;
  const now = performance.timeOrigin + performance.now();
  if (key === "p") sessionStorage.setItem("decided", now);
  requestAnimationFrame(() => setTimeout(() => {
    (window.answered ||= []).push([key, performance.timeOrigin + performance.now() - now]);
  }));
}, true);
const look = () => {
  const picture = document.querySelector("[data-stage] .viewer-canvas img");
  const isShown = picture && picture.complete && picture.naturalWidth > 1;
  if (isShown) window.shown = performance.timeOrigin + performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
STEPS = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const begun = performance.timeOrigin - Number(sessionStorage.getItem("decided"));
  return {
    whole: window.shown - Number(sessionStorage.getItem("decided")),
    asked: begun,
    decided: page.redirectEnd - page.redirectStart,
    page: page.responseEnd - (page.redirectEnd || 0),
    scripts: page.domContentLoadedEventEnd - page.responseEnd,
    picture: window.shown - performance.timeOrigin - page.domContentLoadedEventEnd,
  };
}"""


def run() -> Iterator[Row]:
    reasons.add_missing()
    cases = [make_application("point_review") for _ in range(CASES)]
    account = make_reviewer(cases[0].point)
    yield from of_the_server(account, cases[:2])
    if CHROMIUM:
        yield from in_the_browser(account)


# --- the server -------------------------------------------------------------------------------------------------------


def of_the_server(account: Account, cases: list[Application]) -> Iterator[Row]:
    client = Client()
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    first, second = cases
    judged = {f"image-{image.id}-verdict": "ok" for image in submitted_images(first)}
    posted = {"seen": first.last_record_id, "then": "next", **judged}
    works: dict[str, Callable[[], object]] = {
        "deciding": lambda: undone(lambda: client.post(f"{LIST}{first.number}/pass/", posted)),
        "the case page": lambda: client.get(f"{LIST}{second.number}/"),
        "fetching ahead": lambda: client.get(f"{LIST}ahead/", {"after": first.number}),
    }
    times = in_turns(list(works.values()), rounds=ROUNDS)
    for (name, work), one in zip(works.items(), times, strict=True):
        with CaptureQueriesContext(connection) as asked:
            work()
        note = f"{one.cpu * 1000:.1f} ms of CPU, {one.wall * 1000:.1f} ms; {len(asked)} queries"
        yield Row(f"{name}, of the server", f"{NEXT} ms", one.wall * 1000 / NEXT, "", note)


def undone(work: Callable[[], object]) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


# --- the browser ------------------------------------------------------------------------------------------------------


def in_the_browser(account: Account) -> Iterator[Row]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
    client = Client()
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    server = LiveServer("127.0.0.1", start=False)
    server.thread.static_handler = Static
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**LAUNCH)
            context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])
            context.add_init_script(MARKS)
            page = context.new_page()
            page.goto(f"{server.url}{LIST}")
            steps, keys = decided(page)
            browser.close()
    finally:
        server.stop()
    parts = ", ".join(f"{name} {statistics.median(one[name] for one in steps):.0f}" for name in steps[0])
    whole = statistics.median(one["whole"] for one in steps)
    yield Row("from the key to the next case's picture", f"{NEXT} ms", whole / NEXT, "≤ 1", f"{whole:.0f} ms: {parts}")
    slowest = max(statistics.median(taken) for taken in keys.values())
    told = ", ".join(f"{key} {statistics.median(taken):.0f}" for key, taken in keys.items())
    yield Row("a key, until it is drawn", f"{KEY} ms", slowest / KEY, "≤ 1", f"medians in ms: {told}")


def decided(page: Page) -> tuple[list[dict[str, float]], dict[str, list[float]]]:
    """Pass one case after the other by keyboard; the first two warm everything up. Return steps, and times by key."""
    steps: list[dict[str, float]] = []
    keys: dict[str, list[float]] = {}
    with page.expect_navigation():
        page.keyboard.press("n")
    for number in range(CASES - 1):
        wait_until(lambda: page.evaluate("window.shown"), "the picture does not come", seconds=60)
        page.wait_for_load_state("networkidle")  # the next case's pictures are fetched ahead
        if number > 2:
            steps.append(page.evaluate(STEPS))
        look_at_all(page)
        page.keyboard.press("g")
        page.wait_for_selector("[data-verdict]:not(:has(input:checked))", state="detached")
        for key, taken in page.evaluate("window.answered"):
            keys.setdefault(key, []).append(taken)
        with page.expect_navigation():
            page.keyboard.press("p")
    return steps, keys


def look_at_all(page: Page) -> None:
    for key in ("o", "o", "+", "0", "f", "f", "f"):
        page.keyboard.press(key)
        page.wait_for_timeout(90)
    done = page.locator("[data-sheet]:is([data-displayed], [data-empty]):visible")
    for _ in range(page.locator("[data-sheet]").count()):
        wait_until(lambda: done.count() == 1, "it is not displayed")
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(90)
