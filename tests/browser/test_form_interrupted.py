"""Somebody fills in the form and is interrupted: what stood in a section before stands in it afterwards."""

import re

import pytest
from playwright.sync_api import expect

from candidates.models import Application, FormDraft, LoginSession
from candidates.rules.sections import SECTIONS
from tests.browser.conftest import PHONE, leads_on
from tests.factories import PASSWORD, make_application, make_category

FORM = "/application/edit/"
TYPED = {
    "basic": {"mobile": "138", "address": "某省某市某路 3 号"},
    "exam": {"region": "12"},
    "education": {"school": "别的医学院", "diploma_number": "没有写完"},
    "work": {"post": "主治医师", "employer_telephone": "010"},
    "licence": {"licence_number": "1101"},
}
STANDS = """
    Object.fromEntries([...document.querySelectorAll('form[data-section]')].map((form) => [form.dataset.section,
      Object.fromEntries([...form.elements].filter((one) => one.name && one.type !== 'hidden' && one.type !== 'submit')
        .map((one) => [one.name + one.value.length + one.type, one.type === 'radio' ? one.checked : one.value]))]))
"""


@pytest.fixture
def application():
    return make_application("registered", exam_category=make_category("110"), education="bachelor")


@pytest.fixture
def candidate(application, person):
    somebody = person(PHONE)
    somebody.comes_as(application.account)
    somebody.open(FORM)
    yield somebody
    somebody.complaints.clear()  # Chromium's console tells of cut connections and refusals by itself


def type_into(page, code, **typed):
    page.locator(f"#section_{code}").evaluate("(section) => { section.open = true; }")
    if code == "licence":  # its number is asked of who holds one
        page.check("[name=holds_assistant_licence][value=true]")
    for name, value in (typed or TYPED[code]).items():
        field = page.locator(f"#section_{code} [name={name}]")
        field.select_option(value) if name == "region" else field.fill(value)
    if code == "exam":  # the lists below have one unit each
        expect(page.locator("[name=point]")).to_have_value("1201001")


def note(page, code):
    return page.locator(f"#section_{code} [data-draft-note]")


def kept(page, *codes):
    """Wait until each section says so: beside what is being typed, or above what was drawn from a draft."""
    for code in codes:
        said = page.locator(f"#section_{code} :is([data-draft-note], .notice)")
        expect(said.filter(has_text=re.compile("已暂存，还没有保存|这是您.*未保存的内容")).first).to_be_visible()


def stands(page):
    """What stands in each section's fields."""
    return page.evaluate(STANDS)


def reload(candidate, codes):
    kept(candidate.page, *codes)
    candidate.page.reload()


def go_back(candidate, codes):
    kept(candidate.page, *codes)
    candidate.open("/application/")
    candidate.page.go_back()


def lose_the_session(candidate, codes):
    kept(candidate.page, *codes)
    LoginSession.objects.all().delete()
    candidate.page.reload()
    log_in(candidate.page)


def log_in(page):
    page.fill("[name=username]", Application.objects.get().account.mobile)
    page.fill("[name=password]", PASSWORD)
    with leads_on(page):
        page.click("main button[type=submit]")


def come_on_another_phone(candidate, codes):
    kept(candidate.page, *codes)
    candidate.page.close()
    candidate.page = candidate.context.new_page()
    candidate.open(FORM)


INTERRUPTIONS = (reload, go_back, lose_the_session, come_on_another_phone)


@pytest.mark.parametrize("interrupt", INTERRUPTIONS)
def test_what_is_typed_into_every_section_stands_there_after(candidate, application, interrupt):
    for code in SECTIONS:
        type_into(candidate.page, code)
    before = stands(candidate.page)
    interrupt(candidate, SECTIONS)
    assert stands(candidate.page) == before
    for code in SECTIONS:
        expect(candidate.page.locator(f"#section_{code} .notice", has_text="未保存的内容")).to_be_visible()
    candidate.fits(f"form-after-{interrupt.__name__}")
    assert Application.objects.get().address == application.address


@pytest.mark.parametrize("interrupt", INTERRUPTIONS)
def test_one_section_saved_and_another_refused_leave_the_rest_as_typed(candidate, application, interrupt):
    page = candidate.page
    for code in SECTIONS:
        type_into(page, code)
    page.click("#section_education .btn-row button")
    expect(page.locator(".notice-success", has_text="“学历信息”已保存。")).to_be_visible()
    page.click("#section_basic .btn-row button")
    expect(page.locator("#field_mobile .field-error")).to_be_visible()
    before = stands(page)
    interrupt(candidate, SECTIONS.keys() - {"education"})
    assert stands(candidate.page) == before
    saved = Application.objects.get()
    assert (saved.school, saved.mobile, saved.post) == ("别的医学院", application.mobile, application.post)


def test_offline_it_is_kept_once_the_connection_is_back(candidate):
    page = candidate.page
    candidate.context.set_offline(True)
    type_into(page, "work")
    expect(note(page, "work")).to_contain_text("网络中断，刚填写的内容还没有暂存")
    candidate.context.set_offline(False)
    kept(page, "work")
    before = stands(page)
    page.reload()
    assert stands(page) == before


@pytest.mark.parametrize("code", ["basic", "education", "work", "licence"])
def test_what_is_typed_after_the_session_was_deleted_is_offered_after_logging_in(candidate, code):
    page = candidate.page
    LoginSession.objects.all().delete()
    type_into(page, code)
    expect(note(page, code)).to_contain_text("登录已过期。")
    before = stands(page)[code]
    page.goto(f"{candidate.base}/login/?next={FORM}")
    log_in(page)
    assert stands(page)[code] == before
    assert FormDraft.objects.get().offered_until is not None


@pytest.mark.parametrize("code", ["basic", "education", "work", "licence"])
def test_a_second_tab_is_told_and_overwrites_only_when_it_says_so(candidate, code):
    first, second = candidate.page, candidate.context.new_page()
    second.goto(candidate.base + FORM)
    type_into(first, code)
    kept(first, code)
    name = next(reversed(TYPED[code]))
    type_into(second, code, **{name: "2"})
    expect(second.locator(f"#section_{code} [data-another]")).to_contain_text("在另一个页面也填写了内容")
    before = stands(first)
    first.reload()
    assert stands(first) == before
    second.click(f"#section_{code} [data-over]")
    kept(second, code)
    expect(second.locator(f"#section_{code} [data-another]")).to_be_hidden()
    first.reload()
    assert first.input_value(f"[name={name}]") == "2"


def test_what_is_typed_back_to_what_is_saved_is_kept_no_more(candidate, application):
    page = candidate.page
    type_into(page, "education")
    kept(page, "education")
    page.fill("[name=school]", application.school)
    page.fill("[name=diploma_number]", application.diploma_number)
    expect(note(page, "education")).to_have_text("")
    assert FormDraft.objects.count() == 0


def test_a_character_that_no_font_has_is_told_beside_its_field_while_one_types(candidate):
    page = candidate.page
    type_into(page, "education")
    page.fill("[name=school]", "示例\U00031353大学")
    told = page.locator(".field:has([name=school]) [data-rare]")
    expect(told).to_contain_text("没有可用的字体")
    page.fill("[name=school]", "示例大学")
    expect(told).to_have_count(0)


def test_what_is_not_wanted_is_dropped_and_what_is_saved_stands_there_again(candidate, application):
    page = candidate.page
    type_into(page, "work")
    kept(page, "work")
    page.reload()
    with leads_on(page):
        page.click("#section_work button[form=drop_work]")
    expect(page.locator("#section_work .notice", has_text="未保存的内容")).to_have_count(0)
    assert (page.input_value("[name=post]"), FormDraft.objects.count()) == (application.post, 0)


def test_without_a_script_the_enter_key_saves_and_never_drops(application, person):
    somebody = person(PHONE, script=False)
    somebody.comes_as(application.account)
    somebody.open(f"{FORM}?section=work")
    page = somebody.page
    page.fill("[name=post]", "主治医师")
    page.fill("[name=employer_telephone]", "010")
    page.click("#section_work button.btn-primary[type=submit]")
    somebody.open(FORM)
    assert (page.input_value("[name=post]"), page.input_value("[name=employer_telephone]")) == ("主治医师", "010")
    page.fill("[name=employer_telephone]", "010-12345678")
    page.press("[name=employer_telephone]", "Enter")
    expect(page.locator(".notice-success", has_text="“工作与试用”已保存。")).to_be_visible()
    assert (Application.objects.get().post, FormDraft.objects.count()) == ("主治医师", 0)


def test_a_saved_section_is_typed_and_kept_no_more(candidate):
    page = candidate.page
    type_into(page, "work", post="主治医师")
    page.click("#section_work button.btn-primary[type=submit]")
    expect(page.locator(".notice-success", has_text="“工作与试用”已保存。")).to_be_visible()
    page.evaluate("fetch('/healthz')")
    page.reload()
    assert (page.input_value("[name=post]"), FormDraft.objects.count()) == ("主治医师", 0)
