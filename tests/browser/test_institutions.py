"""Several institutions on the form in a browser: added and removed, with scripts and without, nothing lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, leads_on
from tests.factories import a_further_institution, make_application

FORM = "/application/edit/?section=work"
SAVE = "#section_work .btn-row button[type=submit]"
ROW = "[name=further_institutions-{}-{}]"


@pytest.fixture
def arrive(person):
    def arriving(**options):
        application = make_application("registered", further_institutions=[a_further_institution()])
        somebody = person(PHONE, **options)
        somebody.comes_as(application.account)
        somebody.open(FORM)
        return somebody, application

    return arriving


def fill(page, place, **changes):
    row = a_further_institution(**{"period_from": "2021-01", "period_to": "2021-03", **changes})
    for cell, value in row.items():
        page.fill(ROW.format(place, cell), value)


def kept(page):
    """Wait until the server has what stands in the section."""
    page.wait_for_function("() => window.formDrafts.isKept(document.querySelector('[data-section=work]'))")


def names(application):
    application.refresh_from_db()
    return [row["name"] for row in application.further_institutions]


def test_an_institution_is_added_without_leaving_the_page_and_saved_with_the_section(arrive):
    somebody, application = arrive()
    page = somebody.page
    page.fill("[name=post]", "外科医师")
    page.click("[data-add-institution]")
    assert page.evaluate("document.activeElement.name") == "further_institutions-1-name"
    assert page.locator("[data-institution-number]").all_inner_texts() == ["2", "3"]
    fill(page, 1, name="示例诊所")
    page.click(SAVE)
    expect(page.locator(".notice-success")).to_have_count(1)
    application.refresh_from_db()
    assert (names(application), application.post) == (["示例市第二医院", "示例诊所"], "外科医师")


def test_a_removed_institution_can_be_had_back_until_the_section_is_saved(arrive):
    somebody, application = arrive()
    page = somebody.page
    page.click("[data-remove-institution]")
    expect(page.locator(ROW.format(0, "name"))).to_be_hidden()
    page.click("[data-restore-institution]")
    assert page.input_value(ROW.format(0, "name")) == "示例市第二医院"
    page.click("[data-remove-institution]")
    page.click(SAVE)
    expect(page.locator(".notice-success")).to_have_count(1)
    assert names(application) == []


def test_the_enter_key_saves_and_removes_nothing(arrive):
    somebody, application = arrive()
    somebody.page.press(ROW.format(0, "name"), "Enter")
    expect(somebody.page.locator(".notice-success")).to_have_count(1)
    assert names(application) == ["示例市第二医院"]


def test_at_the_sixth_institution_the_button_is_gone_and_comes_back(arrive):
    page = arrive()[0].page
    for _ in range(4):
        page.click("[data-add-institution]")
    expect(page.locator("[data-add-institution]")).to_be_hidden()
    page.locator("[data-remove-institution]").last.click()
    expect(page.locator("[data-add-institution]")).to_be_visible()


def test_a_row_that_is_not_saved_stays_while_another_section_is_saved(arrive):
    page = arrive()[0].page
    page.click("[data-add-institution]")
    page.fill(ROW.format(1, "name"), "示例诊所")
    page.evaluate("document.querySelector('#section_education').open = true")
    page.click("#section_education button[type=submit]")
    expect(page.locator(".notice-success")).to_have_count(1)
    assert page.input_value(ROW.format(1, "name")) == "示例诊所"


def test_rows_that_are_not_saved_stand_there_after_a_reload_as_they_were_typed(arrive):
    somebody, application = arrive()
    page = somebody.page
    page.fill(ROW.format(0, "telephone"), "010")
    page.click("[data-add-institution]")
    fill(page, 1, name="示例诊所", postcode="１")
    page.click("[data-add-institution]")
    page.locator("[data-remove-institution]").last.click()
    kept(page)
    page.reload()
    stands = [page.input_value(ROW.format(place, cell)) for place, cell in ((0, "telephone"), (1, "name"))]
    assert (stands, page.input_value(ROW.format(1, "postcode"))) == (["010", "示例诊所"], "１")
    assert page.locator("[data-institution-number]").all_inner_texts() == ["2", "3"]
    page.locator("[data-remove-institution]").first.click()
    kept(page)
    page.reload()
    assert page.locator("[data-institution]").count() == 1
    assert names(application) == ["示例市第二医院"]


def test_without_scripts_rows_come_and_go_as_typed_until_they_are_saved(arrive):
    somebody, application = arrive(script=False)
    page = somebody.page
    page.fill(ROW.format(0, "name"), "示例市第一医院")
    with leads_on(page):
        page.click("text=再加一个机构")
    fill(page, 1, name="示例诊所")
    with leads_on(page):
        page.press(ROW.format(1, "telephone"), "Enter")
    assert names(application) == ["示例市第一医院", "示例诊所"]
    with leads_on(page):
        page.locator("text=删除这个机构").first.click()
    assert (page.input_value(ROW.format(1, "name")), names(application)[0]) == ("示例诊所", "示例市第一医院")
    with leads_on(page):
        page.click(SAVE)
    assert names(application) == ["示例诊所"]
