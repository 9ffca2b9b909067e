"""Narrow screens and large letters: nothing scrolls sideways, and what stays in view leaves room for the page."""

import pytest

from tests.browser.conftest import PHONE
from tests.factories import make_application, make_session

SMALLEST = (320, 568)
PROFILE = "level=physician&route=degree&education=bachelor&graduated_on=2018-07-01&residency=mainland"
PAGES = {
    "nobody": ("/", "/login/", "/register/", "/password/", "/units/?region=11", "/help/", f"/requirements/?{PROFILE}"),
    "draft": ("/application/", "/application/edit/", "/application/check/"),
    "registered": (
        *("/application/", "/materials/", "/materials/submit/", "/account/", "/logins/", "/messages/"),
        *("/application/documents/", "/application/withdraw/"),
    ),
    "returned": ("/application/", "/materials/"),
    "point_review": ("/application/", "/materials/", "/application/recall/"),
    "payment_due": ("/application/", "/payment/"),
}
# how tall what stays in view is, in hundredths of the screen; two frames later, as the page measures itself
STAYING = """async () => {
    for (const frame of [1, 2]) await new Promise((drawn) => requestAnimationFrame(drawn));
    const stays = (one) => ["sticky", "fixed"].includes(getComputedStyle(one).position);
    const heights = [...document.querySelectorAll("body *")].filter(stays).map((one) => one.offsetHeight);
    return Math.round((100 * Math.max(0, ...heights)) / window.innerHeight);
}"""


@pytest.mark.parametrize("who", PAGES)
@pytest.mark.parametrize(("size", "letters"), [(SMALLEST, 100), (PHONE, 200)])
def test_nothing_scrolls_sideways_and_bars_leave_room(person, who, size, letters):
    make_session()
    somebody = person(size)
    if who != "nobody":
        somebody.comes_as(make_application(who).account)

    wide, tall = {}, {}
    for path in PAGES[who]:
        somebody.open(path)
        somebody.page.evaluate(f"document.documentElement.style.fontSize = '{letters}%'")
        tall[path] = somebody.page.evaluate(STAYING)
        wide[path] = somebody.page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in wide.items() if width > size[0]} == {}
    assert {path: height for path, height in tall.items() if height > 20} == {}


def test_how_many_to_bring_stands_on_one_line_on_the_narrowest_phone(person):
    somebody = person(SMALLEST)
    somebody.comes_as(make_application("registered").account)
    somebody.open("/materials/")
    somebody.page.evaluate("document.querySelector('.bring-list').open = true")
    lines = somebody.page.locator(".bring > strong").evaluate_all(
        "(all) => all.map((one) => Math.round(one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)))"
    )
    assert (len(lines) > 5, set(lines)) == (True, {1})
