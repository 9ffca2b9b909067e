"""Other engines than today's Chromium, at a phone's width and at a desk's: what one sees, and what one presses there.

Which engines: the variable ENGINES, set by `make test-webkit` and `make test-old` (__main__.py, which installs them).
"""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from tests.engines.programs import CHROMIUMS
from tests.served import let_rest, serving
from tests.waiting import wait_until

PHONE, DESK = (390, 844), (1280, 900)
# the middle of it is seen, and where it was a moment ago: pictures that are still to come push the page about
STANDS = """(() => {
    const one = %s;
    one.scrollIntoView({ block: "center" });
    const { left, top, width, height } = one.getBoundingClientRect();
    const boxes = [...document.images].filter((image) => !image.complete).map((image) => image.getBoundingClientRect());
    const isStill = !boxes.some((box) => box.bottom > 0 && box.top < innerHeight);
    const before = String(window.stands);
    window.stands = [left + width / 2, top + height / 2];
    const there = document.elementFromPoint(...window.stands);
    return isStill && before === String(window.stands) && (one === there || one.contains(there));
})()"""
SHOTS = Path(settings.DATA_DIR).parent / "screenshots"


def begun(engine, size):
    if engine == "webkit":
        from tests.engines.webkit import WebKit

        return WebKit(size)

    from tests.engines.chromium import Chromium

    return Chromium(CHROMIUMS[engine].program, size)


class Visitor:
    """Somebody at a browser: presses only what can be seen and reached, and waits for what the page says."""

    def __init__(self, name, size, base):
        self.name, self.size, self.base = f"{name}-{size[0]}", size, base
        self.browser = begun(name, size)

    def js(self, expression):
        return self.browser.js(expression)

    def until(self, expression, seconds=30):
        last = []

        def holds():
            try:
                last[:] = [self.js(f"Boolean({expression})")]
            except AssertionError as wrong:  # a page on its way to another one answers nothing
                last[:] = [wrong]
                return False
            return last[0]

        try:
            wait_until(holds, "", seconds)
        except AssertionError:
            self.shot("failed")
            raise AssertionError(f"{self.name}: {expression} gave {last[0]}; {self.browser.complaints}") from None

    def open(self, path):
        self.browser.open(self.base + path)
        self.until(f"location.pathname === {json.dumps(path.split('?')[0])} && document.readyState === 'complete'")

    def click(self, selector):
        """Press what stands there as a thumb does: where it still moves, or lies under something else, wait."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.until(f"{found} && {found}.getClientRects().length")
        self.until(STANDS % found)
        self.browser.click_at(*self.js("window.stands"))

    def leads_on(self, act):
        """`act` leads to another page, which has come when this returns."""
        self.js("(window.before = true)")
        act()
        self.until("!window.before && document.readyState === 'complete'")

    def write(self, selector, text):
        self.click(selector)
        self.until(f"document.activeElement === document.querySelector({json.dumps(selector)})")
        self.browser.write(text)

    def press(self, key, outcome):
        self.browser.press(key)
        self.until(outcome)

    def choose(self, name, value):
        """From a list that the system draws: what is chosen is told the page as the browser tells it."""
        option = f"document.querySelector('select[name={name}] option[value=\"{value}\"]')"
        self.until(option)
        self.js(f"({option}.selected = true)")
        self.js(f"{option}.parentElement.dispatchEvent(new Event('change', {{ bubbles: true }}))")

    def logs_in(self, username, password):
        self.open("/login/")
        self.write("[name=username]", username)
        self.write("[name=password]", password)
        self.leads_on(lambda: self.click("main button[type=submit]"))
        assert not self.js("location.pathname.startsWith('/login')")

    def shot(self, name):
        """With SHOTS=1, and where a walk fails, a picture of what is seen."""
        if "SHOTS" in os.environ or name == "failed":
            SHOTS.mkdir(parents=True, exist_ok=True)
            self.browser.picture(SHOTS / f"{self.name}-{name}.png")

    def fits(self, name):
        self.shot(name)
        assert self.js("document.documentElement.scrollWidth") <= self.size[0], f"{name} scrolls sideways"


@pytest.fixture(scope="session")
def live_server():
    yield from serving()


@pytest.fixture(params=os.environ.get("ENGINES", "").split())
def visitor(request, live_server):
    """visitor(size) opens a browser of its own; at the end no console may have complained."""
    visitors = []

    def arrive(size):
        visitors.append(Visitor(request.param, size, live_server.url))
        return visitors[-1]

    yield arrive
    for somebody in visitors:
        somebody.browser.close()
    let_rest()
    assert [one for somebody in visitors for one in somebody.browser.complaints] == []
