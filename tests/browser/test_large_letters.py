"""Narrow screens and large letters: nothing scrolls sideways, and what stays in view leaves room for the page."""

import pytest

from review.models import Slot
from tests.browser.conftest import PHONE, shot
from tests.browser.test_pages_interrupted import to_book
from tests.factories import make_application, make_session

SMALLEST = (320, 568)
PROFILE = "level=physician&route=degree&education=bachelor&graduated_on=2018-07-01&residency=mainland"
PAGES = {
    "nobody": ("/", "/login/", "/register/", "/password/", "/units/?region=11", "/help/", f"/requirements/?{PROFILE}"),
    "draft": ("/application/", "/application/edit/", "/application/check/"),
    "registered": (
        *("/application/", "/materials/", "/materials/submit/", "/account/", "/logins/", "/messages/"),
        *("/application/documents/", "/application/withdraw/", "/password/change/"),
    ),
    "returned": ("/application/", "/materials/"),
    "point_review": ("/application/", "/materials/", "/application/recall/"),
    "payment_due": ("/application/", "/payment/"),
    "to book": ("/appointment/?day={}",),
}
# how tall what stays in view is, in hundredths of the screen; two frames later, as the page measures itself
STAYING = """async () => {
    for (const frame of [1, 2]) await new Promise((drawn) => requestAnimationFrame(drawn));
    const stays = (one) => ["sticky", "fixed"].includes(getComputedStyle(one).position) && one.tagName !== "DIALOG";
    const heights = [...document.querySelectorAll("body *")].filter(stays).map((one) => one.offsetHeight);
    return Math.round((100 * Math.max(0, ...heights)) / window.innerHeight);
}"""


@pytest.mark.parametrize("who", PAGES)
def test_nothing_scrolls_sideways_and_bars_leave_room(person, who):
    make_session()
    somebody = person(SMALLEST)
    if who != "nobody":
        somebody.comes_as(to_book() if who == "to book" else make_application(who).account)

    wide, tall = {}, {}
    for path in PAGES[who]:
        somebody.open(path.format(getattr(Slot.objects.last(), "day", "")))
        for size, letters in ((SMALLEST, 100), (SMALLEST, 200), (PHONE, 200)):
            somebody.page.set_viewport_size({"width": size[0], "height": size[1]})
            somebody.page.evaluate(f"document.documentElement.style.fontSize = '{letters}%'")
            seen = (path, size[0], letters)
            tall[seen] = somebody.page.evaluate(STAYING)
            wide[seen] = somebody.page.evaluate("document.documentElement.scrollWidth")
            shot(somebody.page, f"letters-{who}-{path.strip('/').replace('/', '-')[:20]}-{size[0]}-{letters}")
    assert {seen: width for seen, width in wide.items() if width > seen[1]} == {}
    assert {seen: height for seen, height in tall.items() if height > 20} == {}


def test_a_sheets_foot_leaves_room_for_the_sheet(person):
    somebody = person(SMALLEST)
    somebody.comes_as(make_application("registered").account)
    somebody.open("/materials/")
    somebody.page.click("[data-dialog=upload-identity]")
    tall = [somebody.page.evaluate(STAYING)]
    somebody.page.evaluate("document.documentElement.style.fontSize = '200%'")
    tall.append(somebody.page.evaluate(STAYING))
    foot = somebody.page.locator("#upload-identity .sheet-foot")
    assert [height <= 20 for height in tall] == [True, True]
    assert (foot.evaluate("(one) => getComputedStyle(one).position"), tall[0] > 0) == ("static", True)


def test_how_many_to_bring_stands_on_one_line_on_the_narrowest_phone(person):
    somebody = person(SMALLEST)
    somebody.comes_as(make_application("registered").account)
    somebody.open("/materials/")
    somebody.page.evaluate("document.querySelector('.bring-list').open = true")
    lines = somebody.page.locator(".bring > strong").evaluate_all(
        "(all) => all.map((one) => Math.round(one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)))"
    )
    assert (len(lines) > 5, set(lines)) == (True, {1})
