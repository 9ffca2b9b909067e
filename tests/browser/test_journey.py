"""The whole job in Chromium: what a candidate and three levels of reviewers see and press."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from candidates.models import Application
from candidates.rules.sections import SECTIONS
from review.cases import reasons
from tests.browser.conftest import leads_on, shot
from tests.candidates.posting import a_registration, a_section
from tests.factories import PASSWORD, make_category, make_reviewer, make_session, make_units

SPECIMENS = Path(settings.BASE_DIR) / "static" / "specimens"


@pytest.fixture
def portal():
    make_session(2027)
    units = make_units()
    make_category("210")
    reasons.add_missing()
    return {code: make_reviewer(units[code]) for code in ("1101001", "1101", "11")}


def fill(page, answers):
    """Put each answer into the control of its name, of whatever kind; leave alone what only shows."""
    for name, value in answers.items():
        controls = page.locator(f"[name={name}]:not([type=hidden])")
        if not value or not controls.count() or controls.first.is_disabled():
            continue
        if controls.first.evaluate("control => Boolean(control.closest('[hidden]'))"):  # cannot apply: is not asked
            continue
        kind = controls.first.evaluate("control => control.type")
        if kind in ("radio", "checkbox"):
            page.locator(f"[name={name}][value={value}]").check() if kind == "radio" else controls.first.check()
        elif kind.startswith("select"):
            controls.first.select_option(value)
        elif value == "long_term":
            page.locator(f"[name={name}][value=long_term]").check()
        else:
            controls.first.fill(value)


def upload(page, category, *names):
    page.click(f"[data-dialog=upload-{category}]")
    page.set_input_files(f"#images-{category}", [SPECIMENS / name for name in names])
    if page.locator(f"#upload-{category}[open] button[type=submit]").count():
        page.click(f"#upload-{category} button[type=submit]")
    expect(page.locator(f"section#{category} .tile img")).to_have_count(len(names))
    page.keyboard.press("Escape")


def test_a_candidate_registers_uploads_and_submits_and_three_levels_pass(portal, person):
    candidate = person()
    register(candidate)
    fill_in_the_form(candidate)
    upload_and_submit(candidate)
    first = Application.objects.get()
    the_point_returns(person(), first)
    correct(candidate, first)
    for code in ("1101001", "1101", "11"):
        pass_on(person(), portal[code].username, first)
    assert Application.objects.get().status == "payment_due"
    candidate.open("/application/")
    assert "待缴费" in candidate.page.inner_text("main")
    candidate.snap("application-payment-due")


def register(candidate):
    candidate.open("/register/")
    candidate.snap("register")
    with leads_on(candidate.page):
        candidate.page.click("main button[type=submit]")
    assert "处需要修改" in candidate.page.inner_text(".error-summary")
    candidate.snap("register-errors")
    fill(candidate.page, a_registration(name="张𬀩", valid_until="2099-01-01"))
    with leads_on(candidate.page):
        candidate.page.click("main button[type=submit]")
    assert candidate.page.url.endswith("/application/")
    candidate.snap("start")


def fill_in_the_form(candidate):
    page = candidate.page
    with leads_on(page):
        page.click('button:has-text("开始报名")')
    candidate.snap("edit-empty")
    for code in (code for code in SECTIONS if code != "licence"):  # which asks nothing of an assistant
        answers = a_section(Application.objects.select_related("account").get(), code)
        candidate.open(f"/application/edit/?section={code}")
        if code == "exam":  # each list comes from the one before
            for unit in ("region", "site"):
                page.select_option(f"[name={unit}]", answers[unit])
        fill(page.locator(f"#section_{code}"), answers)
        candidate.snap(f"edit-{code}")
        with leads_on(page):
            page.click(f"#section_{code} button.btn-primary[type=submit]")
    candidate.open("/application/check/")
    candidate.snap("check")
    with leads_on(page):
        page.click('button:has-text("完成报名")')
    assert Application.objects.get().number == "2027110100100001"
    candidate.open("/application/")
    candidate.snap("application-registered")


def upload_and_submit(candidate):
    page = candidate.page
    with leads_on(page):
        page.click('a:has-text("上传相关材料")')
    candidate.snap("materials-empty")
    page.click("[data-dialog=specimen-identity]")
    shot(page, "specimen-dialog")
    page.keyboard.press("Escape")
    upload(page, "identity", "identity.jpg", "identity-back.jpg", "diploma.jpg")
    with leads_on(page):
        page.locator("section#identity .tile-remove").last.click()
    with leads_on(page):
        page.click("main form button[type=submit]")  # asked once
    assert page.locator("section#identity .tile img").count() == 2
    for category in ("diploma", "probation", "institution_licence"):
        upload(page, category, f"{category}.jpg")
    candidate.snap("materials-filled")
    check_and_submit(candidate)
    candidate.open("/materials/")
    assert "上报完成，内容已锁定" in page.inner_text("main")
    candidate.snap("materials-locked")


def check_and_submit(candidate):
    page = candidate.page
    with leads_on(page):
        page.click('button:has-text("提交审核")')
    assert "提交后内容将锁定，审核期间不能修改" in page.inner_text("main")
    candidate.snap("materials-check")
    page.check("[name=declaration]")
    with leads_on(page):
        page.click('button:has-text("提交审核")')


def the_point_returns(reviewer, application):
    page = reviewer.page
    reviewer.log_in("point-1101001", PASSWORD)
    assert page.url.endswith("/review/applications/")
    reviewer.snap("review-queue")
    with leads_on(page):
        page.click(f"text={application.number}")
    reviewer.snap("review-case")
    categories = ("identity", "identity", "diploma", "probation", "institution_licence")
    for judged, category in enumerate(categories, 1):
        expect(page.locator("[data-sheet]:visible")).to_have_attribute("data-code", category)
        expect(page.locator("[data-sheet]:visible")).to_have_attribute("data-displayed", "")
        page.keyboard.press("x" if category == "diploma" else "a")
        expect(page.locator("[data-verdict] input:checked")).to_have_count(judged)
        if category == "diploma":
            expect(page.locator(".is-choosing")).to_be_visible()
            page.keyboard.press("3")
            expect(page.locator(".is-choosing")).to_have_count(0)
            page.keyboard.press("m")
            expect(page.locator(".verdict-words:visible")).to_be_focused()
            page.keyboard.type("印章看不清，请重新拍摄。")
            page.keyboard.press("Escape")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")
    page.keyboard.press("r")
    page.locator("[name=section-education-named]").check()
    page.locator("[name=section-education-reason]").fill("学校名称与毕业证书不一致。")
    reviewer.snap("review-return")
    with leads_on(page):
        page.locator("[data-act=return]").click()
    assert Application.objects.get().status == "returned"


def correct(candidate, application):
    page = candidate.page
    candidate.open("/application/")
    assert "印章看不清" in page.inner_text("main")
    candidate.snap("application-returned")
    candidate.open("/application/edit/?section=education")
    page.locator("[name=school]").fill("示例中医学院")
    with leads_on(page):
        page.click("#section_education button[type=submit]")
    candidate.open("/materials/")
    candidate.snap("materials-returned")
    with leads_on(page):
        page.locator("section#diploma .tile-remove").click()
    with leads_on(page):
        page.click("main form button[type=submit]")
    upload(page, "diploma", "diploma-overseas.jpg")
    check_and_submit(candidate)
    assert Application.objects.get().status == "point_review"


def pass_on(reviewer, login, application):
    page = reviewer.page
    reviewer.log_in(login, PASSWORD)
    reviewer.open(f"/review/applications/{application.number}/")
    reviewer.snap(f"review-{login.partition('-')[0]}")
    said = page.locator("[data-said]")
    page.keyboard.press("g")
    expect(said).not_to_be_empty()
    if "再按一次 G" in said.inner_text():  # it shows what has not been displayed
        unseen = "[data-sheet]:has([data-verdict]):not(:has(input:checked), [data-displayed])"
        expect(page.locator(unseen)).to_have_count(0)
        page.keyboard.press("g")
    expect(said).to_have_text(re.compile("判为合格|没有待审的图片了"))
    page.keyboard.press("p")
    page.wait_for_url(re.compile("/review/applications/($|[?])"))
