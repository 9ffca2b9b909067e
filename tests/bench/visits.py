"""A first and a repeat visit in Chromium, over 400 kbit/s with 300 ms to an answer, behind nginx as in production.

Chromium itself holds requests and answers back, after the connection is made: opening one costs more on a real line.
"""

import base64
import hashlib
import shutil
import ssl
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from tests.bench.measure import Row
from tests.browser.conftest import LAUNCH
from tests.nmec_portal.local.serving import Portal, database_like

CHROMIUM = "chromium-headless-shell"
WHO = ("form", "materials", "case", "queue")
TIMES = 3  # a first visit and a repeat, each time by a browser that has seen nothing
LINE = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}  # ms, bytes a second
MOST = {"first": 3.0, "repeat": 1.0}  # seconds to the page's DOM being ready
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000"
PEOPLE = """
import django, json; django.setup()
from tests.bench.bench_waiting import people
cookies = lambda client: [[name, morsel.value] for name, morsel in client.cookies.items()]
print(json.dumps({what: [address, cookies(client)] for what, (client, address) in people().items()}))
"""


class Visit(NamedTuple):
    """When the DOM was ready, in seconds; how many answers came from the portal, and of these how many thumbnails."""

    ready: float
    asked: int
    thumbnails: int


def rows() -> Iterator[Row]:
    if not shutil.which(CHROMIUM):
        raise SystemExit(f"The visits need {CHROMIUM}: install it, then run this bench again.")
    name = connection.settings_dict["NAME"]
    connection.close()
    with tempfile.TemporaryDirectory() as folder, database_like(name) as url:
        portal = Portal(Path(folder), url, people=PEOPLE, NMEC_SECOND_FACTOR="0")
        try:
            portal.wait()
            with sync_playwright() as playwright:
                trusting = f"--ignore-certificate-errors-spki-list={key_of(portal.port)}"
                browser = playwright.chromium.launch(**{**LAUNCH, "args": [*LAUNCH["args"], trusting]})
                for what in WHO:
                    yield from seen(browser, portal, what)
        finally:
            portal.stop()


def key_of(port: int) -> str:
    """Return the hash by which Chromium knows the portal's own certificate."""
    certificate = x509.load_pem_x509_certificate(ssl.get_server_certificate(("127.0.0.1", port)).encode())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


def seen(browser: Browser, portal: Portal, what: str) -> Iterator[Row]:
    pairs = [visits(browser, portal, *portal.known[what]) for _ in range(TIMES)]
    for which, found in zip(MOST, zip(*pairs, strict=True), strict=True):
        ready = statistics.median(one.ready for one in found)
        note = f"DOM ready after {ready:.2f} s, {found[-1].asked} answers of the portal's"
        yield Row(f"{what}, {which} visit", f"{MOST[which]:g} s", ready / MOST[which], "≤ 1", note)
    thumbnails = max(repeat.thumbnails for _, repeat in pairs)
    if first := max(one.thumbnails for one, _ in pairs):
        note = f"{first} on the first visit"
        yield Row(f"{what}, thumbnails asked for on a repeat", "none", thumbnails, "≤ 0", note)


def visits(browser: Browser, portal: Portal, address: str, cookies: list[list[str]]) -> tuple[Visit, Visit]:
    """Visit a page for the first time, go to nothing, and visit it again."""
    base = f"https://127.0.0.1:{portal.port}"
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        given = [{"name": name, "value": value, "url": base, "secure": True} for name, value in cookies]
        context.add_cookies(given)
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", LINE)
        came: list[str] = []
        network.on("Network.responseReceived", lambda told: _note(told, came))

        found = []
        for _ in range(2):
            came.clear()
            answer = page.goto(base + address, wait_until="networkidle", timeout=120_000)
            if not answer or answer.status != 200 or page.url != base + address:
                raise SystemExit(f"{address} led to {page.url}: that would have been measured")
            thumbnails = sum("/thumbnail" in url for url in came)
            found.append(Visit(page.evaluate(READY), len(came), thumbnails))
            page.goto("about:blank")
        return found[0], found[1]


def _note(told: dict, came: list[str]) -> None:
    response = told["response"]
    if response["url"].startswith("https:") and not (
        response.get("fromDiskCache") or response.get("fromPrefetchCache")
    ):
        came.append(response["url"])
