"""What engines.js gives to browsers that lack it: today's Chromium with those parts taken out, as Safari 14.5 is."""

import pytest
from playwright.sync_api import expect

from candidates.models import Application
from review.cases import reasons
from tests.browser.conftest import PHONE, leads_on, shot
from tests.browser.test_materials import a_file, a_scan, send, tiles
from tests.factories import make_application, make_reviewer

# what is left of <dialog> is a word that the browser does not know
WITHOUT = """
    delete Element.prototype.replaceChildren;
    delete HTMLFormElement.prototype.requestSubmit;
    delete SubmitEvent.prototype.submitter;
    for (const name of ["show", "showModal", "close", "open", "returnValue"]) delete HTMLDialogElement.prototype[name];
    Object.setPrototypeOf(HTMLDialogElement.prototype, HTMLUnknownElement.prototype);
    delete window.HTMLDialogElement;
"""
SHEET = "#upload-identity"


@pytest.fixture
def older(person):
    """older(account, size) comes as somebody whose browser lacks them."""

    def arriving(account, **size):
        somebody = person(**size)
        somebody.context.add_init_script(WITHOUT)
        somebody.comes_as(account)
        return somebody

    return arriving


@pytest.fixture
def sheet(older):
    """Return somebody on a phone at an open sheet."""
    somebody = older(make_application("registered").account, size=PHONE)
    somebody.open("/materials/")
    somebody.page.click("[data-dialog=upload-identity]:not([data-replaces])")
    expect(somebody.page.locator(f"{SHEET}[open]")).to_be_visible()
    return somebody


@pytest.fixture
def case(older):
    """Return a reviewer at a case that waits, its first picture shown."""
    reasons.add_missing()
    application = make_application("point_review")
    somebody = older(make_reviewer(application.point))
    somebody.open(f"/review/applications/{application.number}/")
    expect(somebody.page.locator("[data-sheet]:visible")).to_have_attribute("data-displayed", "")
    return somebody


def test_a_picture_is_sent_through_a_sheet_whose_title_is_in_sight(sheet):
    page = sheet.page
    assert page.locator(f"{SHEET} h2").bounding_box()["y"] >= 0
    shot(page, "engines-sheet")
    page.set_input_files("#images-identity", [a_file(a_scan())])
    send(page)
    expect(tiles(page)).to_have_count(1)
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_sheet_keeps_the_focus_until_escape_gives_it_back(sheet):
    page = sheet.page
    first = page.locator(f"{SHEET} [data-close]").first
    expect(first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(f"{SHEET} [data-discard]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("[data-dialog=upload-identity]:not([data-replaces])")).to_be_focused()


def test_a_dialogs_own_form_closes_it_and_leaves_the_page_standing(case):
    page = case.page
    page.keyboard.press("?")
    expect(page.locator("[data-help]")).to_be_visible()
    shot(page, "engines-help")
    page.click("[data-help] button")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("[data-tools]")).to_be_visible()


def test_a_case_is_returned_by_the_button_that_was_pressed(case):
    page = case.page
    page.keyboard.press("x")
    expect(page.locator("[data-sheet]:visible input[value=not_ok]")).to_be_checked()
    page.keyboard.press("1")
    expect(page.locator("[data-sheet]:visible select")).not_to_have_value("")
    page.keyboard.press("r")
    expect(page.locator("[data-act=return]")).to_be_focused()
    with leads_on(page):
        page.keyboard.press("Enter")
    assert Application.objects.get().status == "returned"
