"""The form in a browser: what its scripts do, two tabs, impatient thumbs and the way back."""

import pytest

from candidates.applications import registration
from candidates.applications.workflow import Actor
from candidates.models import Application, Record
from tests.browser.conftest import PHONE, leads_on
from tests.factories import make_application, make_candidate, make_category, make_session, make_units

FORM = "/application/edit/"
SAVE = "#section_{} button.btn-primary[type=submit]"


@pytest.fixture
def arrive(person):
    """Log a candidate in on a phone."""
    make_session(), make_units(), make_category("210")

    def arriving(account):
        somebody = person(PHONE)
        somebody.comes_as(account)
        return somebody

    return arriving


@pytest.fixture
def draft(arrive):
    account = make_candidate(name="张𬀩㛃")
    application = registration.start(account, session=make_session(), actor=Actor.of(account))
    return arrive(account), application


def test_the_form_helps_and_two_tabs_do_not_overwrite_each_other(draft):
    somebody, application = draft
    page, other = somebody.page, somebody.context.new_page()
    somebody.open(f"{FORM}?check=1")
    page.click('.error-summary a[href="#field_route"]')  # in a section that is closed
    assert page.evaluate("document.activeElement.name") == "route"
    other.goto(f"{somebody.base}{FORM}?section=work")
    somebody.open(f"{FORM}?section=work")
    page.fill("[name=employer_name]", "示例医院")
    page.check("[name=same_as_employer]")
    page.fill("[name=employer_address]", "河北省石家庄市")
    assert [page.input_value(f"[name=trial_{name}]") for name in ("name", "address")] == ["示例医院", "河北省石家庄市"]
    with leads_on(page):
        page.click(SAVE.format("work"))
    assert page.locator(".notice-success").count() == 1
    other.fill("[name=employer_name]", "另一医院")
    with leads_on(other):
        other.click(SAVE.format("work"))
    assert "已在另一个页面保存过" in other.inner_text(".error-summary")
    application.refresh_from_db()
    assert (application.employer_name, application.trial_address) == ("示例医院", "河北省石家庄市")


def test_a_double_click_saves_once_and_the_back_button_leads_to_the_form_as_it_is_now(arrive):
    application = make_application("registered")
    somebody = arrive(application.account)
    page = somebody.page
    somebody.open(f"{FORM}?section=education")
    page.check("[name=fresh_graduate][value=true]")
    page.dblclick(SAVE.format("education"))
    page.wait_for_selector(".notice-success")
    assert Record.objects.filter(application=application, action="amend").count() == 1
    assert page.locator("#field_fresh_graduate .field-error").count() + page.locator(".error-summary").count() > 0
    somebody.fits("edit-conflict")
    page.go_back()
    page.fill("[name=school]", "另一学校")
    with leads_on(page):
        page.click(SAVE.format("education"))
    assert Application.objects.get().school == "另一学校"  # the page behind it was drawn anew
    somebody.fits("edit-after-back")
