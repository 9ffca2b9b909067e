"""An institution looked up on the form in a browser: by keyboard, by touch, and without scripts."""

import pytest
from playwright.sync_api import expect

from candidates.models import MedicalInstitution
from tests.browser.conftest import PHONE, leads_on
from tests.factories import make_application

FORM = "/application/edit/?section=work"
SAVE = "#section_work .btn-row button[type=submit]"
NAME, NUMBER = "[name=employer_name]", "[name=employer_registration_number]"
NARROW = (320, 640)


@pytest.fixture
def arrive(person):
    def arriving(**options):
        for at, name in enumerate(("示例市第一医院", "示例市第二医院", "另一个很长名称的医院" * 5), 1):
            MedicalInstitution.objects.create(
                registration_number=f"PDY0000{at}", name=name, address=f"示例路 {at} 号", postcode=f"10000{at}"
            )
        application = make_application("registered", employer_telephone="010-12345678")
        somebody = person(options.pop("size", PHONE), **options)
        somebody.comes_as(application.account)
        somebody.open(FORM)
        return somebody, application

    return arriving


def type_into(page, field, typed):
    page.fill(field, "")
    page.locator(field).press_sequentially(typed)


def options(page):
    return page.locator("[role=option]:visible")


def values(page, *cells, of="employer_"):
    return [page.input_value(f"[name={of}{cell}]") for cell in cells]


def test_by_keyboard_one_is_chosen_and_fills_in_its_fields(arrive):
    somebody, application = arrive()
    page = somebody.page
    type_into(page, NAME, "示例市")
    expect(options(page)).to_have_count(2)
    field = page.locator(NAME)
    assert (field.get_attribute("role"), field.get_attribute("aria-expanded")) == ("combobox", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    pointed = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    assert (pointed.get_attribute("aria-selected"), pointed.inner_text().split()[0]) == ("true", "示例市第二医院")
    page.keyboard.press("Enter")
    cells = ("name", "registration_number", "address", "postcode", "telephone")
    assert values(page, *cells) == ["示例市第二医院", "PDY00002", "示例路 2 号", "100002", "010-12345678"]
    assert (options(page).count(), field.get_attribute("aria-expanded")) == (0, "false")
    page.click(SAVE)
    expect(page.locator(".notice-success")).to_have_count(1)
    application.refresh_from_db()
    assert application.employer_registration_number == "PDY00002"


def test_by_its_number_and_a_tap_it_is_chosen(arrive):
    page = arrive(touch=True)[0].page
    type_into(page, NUMBER, "pdy00001")
    expect(options(page)).to_have_count(1)
    assert options(page).bounding_box()["height"] >= 44
    options(page).tap()
    assert values(page, "name", "registration_number") == ["示例市第一医院", "PDY00001"]


def test_escape_closes_the_list_and_what_is_typed_stays(arrive):
    page = arrive()[0].page
    type_into(page, NAME, "示例市")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    assert values(page, "name") == ["示例市"]


def test_too_little_asks_nothing_and_what_is_not_listed_is_told(arrive):
    somebody, _ = arrive()
    page, asked = somebody.page, []
    page.on("request", lambda request: asked.append(request.post_data) if "/institutions/" in request.url else None)
    type_into(page, NAME, "示")
    type_into(page, NAME, "没有的")
    told = page.locator("#field_employer_name .found-told")
    expect(told).to_have_text("名单中没有以此开头的机构，可以直接填写。")
    assert [one for one in asked if "typed=%E7%A4%BA&" in one] == []


def test_a_row_that_was_added_is_looked_up_and_the_trial_may_be(arrive):
    page = arrive()[0].page
    page.click("[data-add-institution]")
    for of in ("further_institutions-0-", "trial_"):
        type_into(page, f"[name={of}name]", "示例市第一")
        expect(options(page)).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert values(page, "registration_number", of=of) == ["PDY00001"]


def test_what_was_filled_in_is_kept_as_if_it_had_been_typed(arrive):
    somebody, _ = arrive()
    page = somebody.page
    type_into(page, NAME, "示例市第一")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#section_work [data-draft-note]")).to_contain_text("已暂存")
    somebody.open(FORM)
    assert values(page, "name", "address") == ["示例市第一医院", "示例路 1 号"]


def test_nothing_goes_sideways_on_a_narrow_screen(arrive):
    page = arrive(size=NARROW)[0].page
    type_into(page, NAME, "另一")
    expect(options(page)).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    assert options(page).bounding_box()["width"] <= NARROW[0]


def test_without_scripts_a_button_finds_and_a_button_chooses(arrive):
    somebody, application = arrive(script=False)
    page = somebody.page
    page.fill(NAME, "示例市")
    page.fill(NUMBER, "")
    page.fill("[name=post]", "外科医师")
    with leads_on(page):
        page.click("#field_employer_name [name=find_institution]")
    assert page.locator(".found-one").all_inner_texts()[1].split()[0] == "示例市第二医院"
    with leads_on(page):
        page.click(".found-one >> nth=1")
    assert values(page, "name", "registration_number") == ["示例市第二医院", "PDY00002"]
    assert page.input_value("[name=post]") == "外科医师"
    application.refresh_from_db()
    assert application.employer_name != "示例市第二医院"
    with leads_on(page):
        page.press(NAME, "Enter")
    application.refresh_from_db()
    assert (application.employer_name, application.post) == ("示例市第二医院", "外科医师")


def test_without_scripts_what_was_found_fits_a_narrow_screen(arrive):
    page = arrive(script=False, size=NARROW)[0].page
    page.fill(NAME, "另一")
    page.fill(NUMBER, "")
    with leads_on(page):
        page.click("#field_employer_name [name=find_institution]")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    assert page.locator(".found-one").bounding_box()["height"] >= 44
