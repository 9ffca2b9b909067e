"""A real Chromium on a real server: what the page says on its console, and what it asks the network for, counts."""

import os
import shutil
from ctypes.util import find_library
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import expect

from tests.waiting import wait_until

NEEDS = "chromium-headless-shell and libatomic1, which playwright's own Node needs"
CHROMIUM = shutil.which("chromium-headless-shell") if find_library("atomic") else None
SHOTS = Path(settings.DATA_DIR).parent / "screenshots"
PHONE, DESK = (390, 844), (1280, 900)
QUIET = ("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync")
LAUNCH = {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--no-first-run", "--disable-gpu", *QUIET]}
PATIENCE = 30_000  # milliseconds: a busy machine is no fault of the portal

expect.set_options(timeout=PATIENCE)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in the tests' thread


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.skipif(not CHROMIUM, reason=f"not installed: {NEEDS}"))
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def nobody_connected():
    connections.close_all()


@pytest.fixture(scope="session")
def playwright(nobody_connected, playwright):
    """In its loop this thread has a connection of its own: none stays open where the loop begins and where it ends."""
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return LAUNCH


class Person:
    """Somebody at a browser: a page, an address to start from, and what went wrong on the console."""

    def __init__(self, context, base):
        self.context, self.base = context, base
        self.page = context.new_page()
        self.complaints = []
        self.also = ()  # other addresses that a test leads to
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._stays_here(request.url))
        self.on_the_way = set()
        self.page.on("request", lambda request: self.on_the_way.add(request))
        for ended in ("requestfinished", "requestfailed"):
            self.page.on(ended, lambda request: self.on_the_way.discard(request))

    def _stays_here(self, url):
        if not url.startswith((self.base, *self.also, "data:", "blob:")):
            self.complaints.append(f"asked for {url}")

    def open(self, path):
        self.page.goto(self.base + path)

    def comes_as(self, account):
        """Log in without the form: most tests are not about the form that one logs in with."""
        client = Client()
        client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.base}
        self.context.add_cookies([session])

    def log_in(self, name, password):
        self.open("/login/")
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", password)
        with leads_on(self.page):
            self.page.click("main button[type=submit]")

    def let_arrive(self):
        """Wait until everything that the page has asked for has been answered."""
        wait_until(lambda: self.page.evaluate("1") and not self.on_the_way, "an answer did not come")

    def snap(self, name):
        """No page wider than its screen, at both widths; with SHOTS=1 the pictures too, which take their time."""
        for width, height in (PHONE, DESK):
            self.page.set_viewport_size({"width": width, "height": height})
            shot(self.page, f"{name}-{width}", full_page=True)
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"

    fits = snap


def leads_on(page):
    """with leads_on(page): what is pressed there leads to another page, which has come when the block ends."""
    return page.expect_navigation()


def shot(page, name, **options):
    """With SHOTS=1 a picture of the page as it stands, for the eye."""
    if "SHOTS" in os.environ:
        page.screenshot(path=SHOTS / f"{name}.png", **options)


@pytest.fixture
def person(browser, live_server):
    """person() opens a browser of its own; at the end nobody's console may have complained."""
    people = []

    def arrive(size=DESK, *, script=True, touch=False):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            has_touch=touch,
        )
        context.set_default_timeout(PATIENCE)
        people.append(Person(context, live_server.url))
        return people[-1]

    yield arrive
    complaints = [one for somebody in people for one in somebody.complaints]
    for somebody in people:
        somebody.context.close()
    assert complaints == []
