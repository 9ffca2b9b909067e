"""A scanner at a reviewer's desk: a keyboard that types fast, whatever the page shows and whatever has the focus.

The keys are real; the page's clock stands still and goes on by exactly what lies between two of them.
"""

import pytest
from playwright.sync_api import expect

from candidates.models import Record
from review.cases import reasons
from review.models import DraftVerdicts, OnsiteTick, Verdict
from tests.browser.conftest import leads_on
from tests.factories import make_application, make_reviewer, make_units, pass_on
from tests.review.casework import reviewer
from tests.waiting import wait_until

SPEEDS = (5, 15, 40)  # milliseconds between two keys of a scanner
HUMAN = 90


@pytest.fixture
def cases():
    reasons.add_missing()
    return [make_application("point_review") for _ in range(2)]


class Desk:
    """A reviewer at a page whose clock the test turns."""

    def __init__(self, somebody, base):
        self.somebody, self.page, self.base = somebody, somebody.page, base

    def at(self, path, ready="[data-tools]"):
        self.somebody.open(path)
        expect(self.page.locator(ready).first).to_be_visible()
        self.page.clock.pause_at((self.page.evaluate("Date.now()") + 1000) / 1000)

    def type(self, keys, apart, *, end=("Enter",)):
        for key in (*keys, *end):
            self.page.keyboard.press(key)
            self.page.clock.run_for(apart)

    def wait(self, milliseconds=700):
        self.page.clock.run_for(milliseconds)

    @property
    def said(self):
        return self.page.locator("[data-said]")


@pytest.fixture
def desk(cases, person):
    somebody = person()
    somebody.comes_as(make_reviewer(cases[0].point))
    somebody.page.clock.install()
    desk = Desk(somebody, somebody.base)
    yield desk
    desk.wait(1000)
    desk.somebody.let_arrive()  # what the page still sends, before the tables are emptied


def here(case):
    return f"/review/applications/{case.number}/"


def address(case):
    return f"http://127.0.0.1:8000/verify/{case.notice_versions.get().code}/"


def nothing_was_done():
    done = Record.objects.filter(action__in=["pass", "return", "reject"]).count()
    return (done, Verdict.objects.count(), OnsiteTick.objects.count(), DraftVerdicts.objects.count()) == (0, 0, 0, 0)


def is_open(desk, case):
    expect(desk.page.locator("h1")).to_have_text(case.number)


@pytest.mark.parametrize("apart", SPEEDS)
def test_a_scan_on_an_open_case_leads_to_its_own_and_judges_nothing(desk, cases, apart):
    desk.at(here(cases[0]))
    with leads_on(desk.page):
        desk.type(address(cases[1]), apart)
    is_open(desk, cases[1])
    assert nothing_was_done()


@pytest.mark.parametrize("code", ["{address}", "{number}", "]Q1{address}", "HTTP://127.0.0.1:8000/VERIFY/{code}/"])
def test_whatever_a_scanner_makes_of_the_notices_codes_leads_to_its_case(desk, cases, code):
    second = cases[1]
    words = {"address": address(second), "number": second.number, "code": second.notice_versions.get().code}
    desk.at(here(cases[0]))
    with leads_on(desk.page):
        desk.type(code.format(**words), 15)
    is_open(desk, second)
    assert nothing_was_done()


@pytest.mark.parametrize("end", [(), ("Tab",), ("Enter", "Enter"), ("Enter", "Control+j"), ("Control+m",)])
def test_a_scan_ends_with_a_key_or_with_silence(desk, cases, end):
    desk.at(here(cases[0]))
    with leads_on(desk.page):
        desk.type(cases[1].number, 15, end=end)
        desk.wait()
    is_open(desk, cases[1])


def test_a_scan_from_the_queue_leads_to_the_case(desk, cases):
    desk.at("/review/applications/", "[data-list]")
    with leads_on(desk.page):
        desk.type(address(cases[1]), 15)
    is_open(desk, cases[1])


@pytest.mark.parametrize("focused", ["[data-act=pass]", "[data-verdict] input[value=not_ok]", "summary", "select"])
def test_a_scan_presses_nothing_that_has_the_focus(desk, cases, focused):
    desk.at(here(cases[0]))
    desk.page.locator(f"{focused}:visible").first.focus()
    with leads_on(desk.page):
        desk.type(address(cases[1]), 15)
    is_open(desk, cases[1])
    assert nothing_was_done()


@pytest.mark.parametrize("opening", ["click", "Alt+ArrowDown", "F4", "Space"])
def test_a_scan_chooses_nothing_from_a_list_that_is_open(desk, cases, opening):
    desk.at(here(cases[0]))
    reasons_list = desk.page.locator("[data-verdict]:visible select")
    if opening == "click":
        reasons_list.click()
    else:
        reasons_list.press(opening)
        desk.wait()
    expect(reasons_list).to_have_attribute("size", "10")
    with leads_on(desk.page):
        desk.type(cases[1].number, 15)
    is_open(desk, cases[1])
    assert nothing_was_done()


def test_a_reason_is_chosen_from_the_list_by_mouse_and_by_its_digit(desk, cases):
    desk.at(here(cases[0]))
    listed = desk.page.locator("[data-verdict]:visible select")
    listed.click()
    listed.locator("option").nth(2).click()
    expect(listed).to_have_value("incomplete")
    expect(listed).not_to_have_attribute("size", "10")
    listed.press("1")
    desk.wait(100)
    expect(listed).to_have_value("unclear")
    expect(desk.page.locator("[data-verdict]:visible input[value=not_ok]")).to_be_checked()


def test_what_is_no_code_is_said_and_does_nothing(desk, cases):
    desk.at(here(cases[0]))
    desk.type("tpgarxtpgarx6901234", 15)
    desk.wait()
    expect(desk.said).to_contain_text("扫描的内容不是通知单上的条码或二维码，没有执行任何操作")
    is_open(desk, cases[0])
    assert nothing_was_done()


def test_a_code_scanned_into_a_field_is_taken_out_of_it_again(desk, cases):
    desk.at(here(cases[0]))
    desk.type("x", HUMAN, end=())
    words = desk.page.locator(".verdict-words:visible")
    words.fill("印章不清")
    desk.wait()
    with leads_on(desk.page):
        desk.type(address(cases[1]), 15)
    is_open(desk, cases[1])
    (kept,) = DraftVerdicts.objects.get().judged.values()
    assert kept["words"] == "印章不清"


def test_what_is_no_code_stays_in_its_field_and_judges_nothing(desk, cases):
    desk.at(here(cases[0]))
    words = desk.page.locator(".verdict-words:visible")
    words.focus()
    desk.type("6901234567892", 15)
    desk.wait()
    expect(desk.said).to_contain_text("已留在输入框里")
    words.blur()
    desk.wait()
    expect(words).to_have_value("6901234567892")
    assert desk.page.locator("[data-verdict] input:checked").count() == 0


def test_what_was_scanned_into_the_search_box_is_searched_for(desk, cases):
    desk.at(here(cases[0]))
    desk.page.locator("#id_text").focus()
    with leads_on(desk.page):
        desk.type(cases[1].document_number, 15)  # a reader of identity cards types, too
    expect(desk.page.locator("[data-found] tbody a")).to_have_text(cases[1].number)


def test_a_scan_over_an_open_dialog_leads_on_and_closes_nothing_by_its_enter(desk, cases):
    desk.at(here(cases[0]))
    desk.type("s", HUMAN, end=())
    expect(desk.page.locator("[data-specimens]:visible")).to_be_visible()
    desk.type("6901234567892", 15)
    expect(desk.said).to_contain_text("没有执行任何操作")
    expect(desk.page.locator("[data-specimens]:visible")).to_be_visible()
    desk.wait()
    with leads_on(desk.page):
        desk.type(address(cases[1]), 15)
    is_open(desk, cases[1])


def test_the_enter_of_a_slow_scanner_presses_nothing_either(desk, cases):
    desk.at(f"{here(cases[0])}reject/", "textarea")
    desk.page.locator("textarea").fill("伪造证书。")
    desk.page.locator("main button").focus()
    desk.type(cases[1].number, 15, end=())
    desk.wait(300)
    expect(desk.page.locator("[data-scan-ask]")).to_be_visible()
    desk.page.keyboard.press("Enter")
    desk.wait(300)
    expect(desk.page.locator("[data-scan-ask]")).to_be_visible()
    assert nothing_was_done()


def test_a_scan_ticks_no_box_and_opens_no_part_of_a_list_of_cases(desk, cases):
    for case in cases:
        pass_on(case)
    other = Desk(desk.somebody, desk.base)
    other.somebody.context.clear_cookies()
    other.somebody.comes_as(reviewer(cases[0], "site"))
    other.at("/review/applications/", "[data-list]")
    other.page.locator("[name=case]").first.check()
    with leads_on(other.page):
        other.page.locator(".batch-row button").click()
    other.page.locator("main button").focus()
    with leads_on(other.page):
        other.type(address(cases[1]), 15)
    is_open(other, cases[1])
    assert Record.objects.filter(to_status="region_review").count() == 0


def test_a_held_key_acts_once_and_a_held_arrow_goes_on(desk, cases):
    desk.at(here(cases[0]))
    page = desk.page
    for key, times in (("o", 20), ("ArrowRight", 3)):
        for _ in range(times):
            page.keyboard.down(key)
            desk.wait(500 if _ == 0 else 33)
        page.keyboard.up(key)
        desk.wait(100)
    expect(page.locator("[data-place]")).to_contain_text("4 /")


def test_a_key_that_repeats_at_once_is_one_key(desk, cases):
    desk.at(here(cases[0]))
    for _ in range(2):
        desk.page.keyboard.down("o")
    desk.wait(100)
    assert desk.page.locator("[data-overview]").is_visible()


def test_a_scan_through_an_input_method_is_read_by_its_keys(desk, cases):
    desk.at(here(cases[0]))
    number = cases[1].number
    with leads_on(desk.page):
        desk.page.evaluate(
            """(number) => [...number].forEach((digit) => document.body.dispatchEvent(new KeyboardEvent("keydown",
                {key: "Process", code: `Digit${digit}`, keyCode: 229, bubbles: true})))""",
            number,
        )
        desk.wait()
    is_open(desk, cases[1])


# what an American scanner's keys become on the computer's own keyboard: digits, letters, signs of an address
FRENCH = str.maketrans("1234567890:/.-qwaz", "&é\"'(-è_çàM!:)azqw")
GERMAN = str.maketrans(":/-yz", "Ö-ßzy")
PLACES = {":": "Semicolon", "/": "Slash", ".": "Period", "-": "Minus"}


@pytest.mark.parametrize("layout", [FRENCH, GERMAN], ids=["french", "german"])
def test_a_scan_is_read_by_the_places_of_its_keys_where_the_keyboard_is_another_one(desk, cases, layout):
    desk.at(here(cases[0]))
    scanned = address(cases[1]).lower()
    places = [PLACES.get(one) or ("Digit" if one.isdigit() else "Key") + one.upper() for one in scanned]
    with leads_on(desk.page):
        desk.page.evaluate(
            """(keys) => keys.forEach(([key, code, shiftKey]) => document.body.dispatchEvent(
                new KeyboardEvent("keydown", {key, code, shiftKey, bubbles: true})))""",
            [[one.translate(layout), place, one == ":"] for one, place in zip(scanned, places, strict=True)],
        )
        desk.wait()
    is_open(desk, cases[1])


def test_a_reason_is_chosen_on_a_french_keyboard_without_shift(desk, cases):
    desk.at(here(cases[0]))
    desk.type("X", HUMAN, end=())  # the lock for capitals is on
    desk.page.evaluate(
        """document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "é", code: "Digit2", bubbles: true}))"""
    )
    desk.wait(100)
    expect(desk.page.locator("[data-verdict]:visible select")).to_have_value("incomplete")


def test_full_width_letters_are_folded(desk, cases):
    desk.at(here(cases[0]))
    wide = "".join(chr(ord(one) + 0xFEE0) for one in cases[1].number)
    with leads_on(desk.page):
        desk.page.evaluate(
            """(text) => [...text].forEach((key) => document.body.dispatchEvent(
                new KeyboardEvent("keydown", {key, bubbles: true})))""",
            wide,
        )
        desk.wait()
    is_open(desk, cases[1])


def test_what_is_pasted_is_no_scan(desk, cases):
    desk.at(here(cases[0]))
    words = desk.page.locator(".verdict-words:visible")
    words.focus()
    desk.page.keyboard.insert_text(address(cases[1]))
    desk.wait()
    expect(words).to_have_value(address(cases[1]))
    expect(desk.said).to_be_empty()


def test_a_human_hand_is_never_taken_for_a_scanner(desk, cases):
    desk.at(here(cases[0]))
    desk.type("ooooo", HUMAN, end=())
    desk.type("x", HUMAN, end=())
    desk.wait()
    assert desk.page.locator("[data-verdict] input[value=not_ok]:checked").count() == 1
    expect(desk.said).to_be_empty()
    desk.wait(1000)  # the draft's pause
    wait_until(DraftVerdicts.objects.exists, "the verdict was not kept")


def test_a_key_acts_when_nothing_has_followed_for_60_milliseconds(desk, cases):
    desk.at(here(cases[0]))
    overview = desk.page.locator("[data-overview]")
    desk.page.keyboard.press("o")
    desk.wait(59)
    assert overview.is_hidden()
    desk.wait(2)
    assert overview.is_visible()


def test_keys_that_follow_too_closely_do_nothing_and_it_is_said(desk, cases):
    desk.at(here(cases[0]))
    desk.type("xp", 15, end=())
    desk.wait()
    expect(desk.said).to_contain_text("几个键按得太近，都没有执行")
    assert desk.page.locator("[data-verdict] input:checked").count() == 0


def test_a_page_with_unsaved_words_asks_before_it_is_left(desk, cases):
    desk.at(f"{here(cases[0])}reject/", "textarea")
    desk.page.locator("textarea").fill("伪造证书。")
    desk.page.locator("textarea").blur()
    desk.type(address(cases[1]), 15)
    desk.wait()
    expect(desk.page.locator("[data-scan-ask]")).to_be_visible()
    assert nothing_was_done()
    desk.page.locator("[data-scan-ask] [value=stay]").click()
    expect(desk.page.locator("textarea")).to_have_value("伪造证书。")


def test_a_notice_of_another_unit_opens_nothing_and_says_so(desk, cases):
    elsewhere = make_application("point_review", point=make_units()["1102001"])
    desk.at(here(cases[0]))
    with leads_on(desk.page):
        desk.type(address(elsewhere), 15)
    expect(desk.page.locator("main")).to_contain_text("没有找到")


def test_an_input_method_that_composes_is_no_scanner(desk, cases):
    desk.at(here(cases[0]))
    desk.page.evaluate(
        """() => ["x", "p", "t"].forEach((key) => document.body.dispatchEvent(new KeyboardEvent("keydown",
            {key: "Process", code: `Key${key.toUpperCase()}`, keyCode: 229, isComposing: true, bubbles: true})))"""
    )
    desk.wait()
    assert desk.page.locator("[data-verdict] input:checked").count() == 0
    assert nothing_was_done()


def test_the_slash_leads_to_the_search_box_of_every_page(desk, cases):
    for path, ready in (
        ("/review/applications/", "[data-list]"),
        (here(cases[0]), "[data-tools]"),
        ("/review/progress/", "main"),
    ):
        desk.at(path, ready)
        desk.type("/", HUMAN, end=())
        expect(desk.page.locator("[role=search] input[type=text]")).to_be_focused()


def test_what_is_found_shows_who_it_is_and_has_the_focus(desk, cases):
    desk.at("/review/applications/", "[data-list]")
    desk.page.locator("[role=search] input[type=text]").fill(cases[0].name[:1])
    with leads_on(desk.page):
        desk.page.locator("[role=search] button").click()
    row = desk.page.locator("[data-found] tbody tr").first
    expect(row).to_contain_text(cases[0].document_number[-4:])
    expect(row).to_contain_text(f"{cases[0].birth_date:%Y-%m-%d}")
    expect(desk.page.locator("[data-found] tbody a").first).to_be_focused()
