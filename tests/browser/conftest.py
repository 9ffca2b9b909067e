"""A real Chromium on a real server: what the page says on its console, and what it asks the network for, counts."""

import os
import shutil
from ctypes.util import find_library
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext, Error, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.waiting import wait_until

NEEDS = "chromium-headless-shell and libatomic1, which playwright's own Node needs"
CHROMIUM = shutil.which("chromium-headless-shell") if find_library("atomic") else None
SHOTS = Path(settings.DATA_DIR).parent / "screenshots"
PHONE, DESK = (390, 844), (1280, 900)
QUIET = ("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync")
LAUNCH = {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--no-first-run", "--disable-gpu", *QUIET]}
REST = "/static/icon.svg"  # without a script, kept by the browser, of the portal's own origin
PATIENCE = 90_000  # milliseconds: a busy machine is no fault of the portal

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


class Static(StaticFilesHandler):
    """Let the browser keep the static files, as it may in production, and know what is being answered."""

    at_work: set[object] = set()

    def __call__(self, environ, start_response):
        request = object()
        self.at_work.add(request)
        try:
            return super().__call__(environ, start_response)
        finally:
            self.at_work.discard(request)

    def serve(self, request):
        answer = super().serve(request)
        answer["Cache-Control"] = "public, max-age=3600, immutable"
        answer["Cross-Origin-Opener-Policy"] = "same-origin"  # as the pages': else a browser takes a new process
        return answer


@pytest.fixture(scope="session")
def live_server():
    server = LiveServer("127.0.0.1", start=False)
    server.thread.static_handler = Static
    server.start()
    yield server
    server.stop()


# What a test does that the next one could notice: the browser it was done to is closed with its test.
TRACES = {
    BrowserContext: (
        *("add_init_script", "clock", "expose_binding", "expose_function", "grant_permissions", "new_cdp_session"),
        *("on", "once", "route", "set_extra_http_headers", "set_geolocation", "set_offline"),
    ),
    Page: (
        *("add_init_script", "clock", "emulate_media", "expose_binding", "expose_function", "on", "once", "route"),
        "set_extra_http_headers",
    ),
}
traces: list[str] = []  # of the test that runs
listen = Page.on  # as it is before it is noted


def noted(kind, name):
    """Let a method (or the clock) of playwright's be written down when a test uses it."""
    plain = getattr(kind, name)

    def noting(self, *given, **options):
        traces.append(name)
        return plain.fget(self) if isinstance(plain, property) else plain(self, *given, **options)

    setattr(kind, name, property(noting) if isinstance(plain, property) else noting)


for kind, names in TRACES.items():
    for name in names:
        noted(kind, name)


class Person:
    """Somebody at a browser: a page, an address to start from, and what went wrong on the console."""

    def __init__(self, context, base, page=None):
        self.context, self.base = context, base
        self.page = page or context.new_page()
        self.complaints = []
        self.also = ()  # other addresses that a test leads to
        self.on_the_way = set()
        self._hears = [
            ("console", lambda said: said.type == "error" and self.complaints.append(said.text)),
            ("pageerror", lambda error: self.complaints.append(str(error))),
            ("request", self._sets_out),
            ("requestfinished", lambda request: self.on_the_way.discard(request)),
            ("requestfailed", lambda request: self.on_the_way.discard(request)),
        ]
        for event, hear in self._hears:
            listen(self.page, event, hear)

    def hears_no_more(self):
        for event, hear in self._hears:
            self.page.remove_listener(event, hear)

    def _sets_out(self, request):
        self.on_the_way.add(request)
        self._stays_here(request.url)

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


def until_sent(page, held):
    """Waits until a route has put into `held` what the page sends."""
    hears = "() => new Promise(requestAnimationFrame)"
    wait_until(lambda: held or (page.evaluate(hears) and held), "the page sends nothing", seconds=60)


def shot(page, name, **options):
    """With SHOTS=1 a picture of the page as it stands, for the eye."""
    if "SHOTS" in os.environ:
        page.screenshot(path=SHOTS / f"{name}.png", **options)


class Browsers:
    """The browsers of a file's tests, kept from one to the next: a new page's process costs more than most tests.

    Each has its own cookies and its own page; it rests at an address of the portal, where the process stays the same.
    """

    def __init__(self, browser, base):
        self.browser, self.base = browser, base
        self.resting: dict[tuple, Page] = {}  # by what cannot be changed afterwards

    def lend(self, size, **options):
        page = self.resting.pop(tuple(options.items()), None) or self._new_page(**options)
        width, height = size
        if page.viewport_size != {"width": width, "height": height}:
            page.set_viewport_size({"width": width, "height": height})
        return Person(page.context, self.base, page)

    def _new_page(self, *, script, touch):
        context = self.browser.new_context(
            viewport={"width": DESK[0], "height": DESK[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            has_touch=touch,
        )
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    def take_back(self, somebody, page, **options):
        """Let it rest if it is as it was when it was lent, else close it."""
        options = tuple(options.items())
        if traces or options in self.resting or page.is_closed() or not self._comes_to_rest(somebody, page):
            somebody.context.close()
        else:
            self.resting[options] = page

    def _comes_to_rest(self, somebody, page):
        """Leave no listener, no other page, no cookie, and nothing on its way that could write for somebody."""
        try:
            somebody.context.clear_cookies()
            somebody.hears_no_more()
            for other in page.context.pages:
                if other != page:
                    other.close()
            page.mouse.move(0, 0)
            page.goto(self.base + REST)
            page.evaluate("() => { sessionStorage.clear(); localStorage.clear(); window.name = ''; }")
        except Error:
            return False
        return page.url == self.base + REST

    def close(self):
        for page in self.resting.values():
            page.context.close()


@pytest.fixture(scope="module")
def browsers(browser, live_server, django_db_setup):
    """Those of one file: with them end the connections to the server, and the server's to the database."""
    browsers = Browsers(browser, live_server.url)
    yield browsers
    browsers.close()


@pytest.fixture
def person(browsers):
    """person() opens a browser of its own; at the end nobody's console may have complained."""
    people = []
    traces.clear()

    def arrive(size=DESK, *, script=True, touch=False):
        options = {"script": script, "touch": touch}
        somebody = browsers.lend(size, **options)
        people.append((somebody, somebody.page, options))
        return somebody

    yield arrive
    complaints = [one for somebody, *_ in people for one in somebody.complaints]
    for somebody, page, options in people:
        browsers.take_back(somebody, page, **options)
    wait_until(lambda: not Static.at_work, "the server goes on working")  # or it writes while the tables are emptied
    assert complaints == []
