"""The session ends while a reviewer is at work: nothing that was typed is lost, and the page says so at once."""

import pytest
from playwright.sync_api import expect

from candidates.models import Account, Application, LoginSession
from review.cases import reasons
from review.models import DraftVerdicts
from tests.browser.conftest import leads_on
from tests.factories import PASSWORD, make_application, make_candidate, make_reviewer

POINT = "point-1101001"


@pytest.fixture
def case():
    reasons.add_missing()
    case = make_application("point_review")
    make_reviewer(case.point)
    return case


@pytest.fixture
def reviewer(case, person):
    somebody = person()
    somebody.comes_as(Account.objects.get(username=POINT))
    yield somebody
    somebody.complaints.clear()  # Chromium's console tells of refused requests by itself


def here(case, action=""):
    return f"/review/applications/{case.number}/{action}"


def open_case(reviewer, case):
    reviewer.open(here(case))
    expect(reviewer.page.locator("[data-sheet]:visible")).to_have_attribute("data-displayed", "")


def end_session():
    LoginSession.objects.all().delete()


def log_in_elsewhere(reviewer, name=POINT):
    """In another window; then this one is looked at again."""
    with reviewer.context.expect_page() as opened:
        reviewer.page.locator(".session-note a").click()
    other = opened.value
    other.fill("[name=username]", name)
    other.fill("[name=password]", PASSWORD)
    with leads_on(other):
        other.click("main button[type=submit]")
    look_again(reviewer)


def look_again(reviewer):
    reviewer.page.bring_to_front()
    reviewer.page.evaluate("window.dispatchEvent(new Event('focus'))")


def note(reviewer):
    return reviewer.page.locator(".session-note")


def test_verdicts_given_after_the_end_are_kept_by_themselves_once_logged_in_again(case, reviewer):
    open_case(reviewer, case)
    end_session()
    reviewer.page.keyboard.press("x")
    expect(note(reviewer)).to_contain_text("登录已结束，没有保存或提交。您的审核意见和填写的内容还在本页")
    assert DraftVerdicts.objects.count() == 0
    log_in_elsewhere(reviewer)
    expect(reviewer.page.locator("[data-said]")).to_have_text("审核意见已保存。")
    expect(note(reviewer)).to_have_count(0)
    assert [one["verdict"] for one in DraftVerdicts.objects.get().judged.values()] == ["not_ok"]


def test_verdicts_are_kept_though_a_new_login_elsewhere_has_changed_the_token(case, reviewer):
    open_case(reviewer, case)
    other = reviewer.context.new_page()
    other.goto(f"{reviewer.base}/logout/")
    with leads_on(other):
        other.click("main button[type=submit]")
    other.goto(f"{reviewer.base}/login/")
    other.fill("[name=username]", POINT)
    other.fill("[name=password]", PASSWORD)
    with leads_on(other):
        other.click("main button[type=submit]")
    reviewer.page.bring_to_front()
    with reviewer.page.expect_response(lambda answer: answer.url.endswith("/draft/") and answer.status == 204):
        reviewer.page.keyboard.press("x")
    assert DraftVerdicts.objects.count() == 1


def test_what_one_wrote_is_never_kept_as_somebody_elses(case, reviewer):
    make_reviewer(case.point, username="colleague")
    open_case(reviewer, case)
    end_session()
    reviewer.page.keyboard.press("x")
    expect(note(reviewer)).to_contain_text("登录已结束")
    log_in_elsewhere(reviewer, "colleague")
    expect(note(reviewer)).to_contain_text("现在登录的是另一个账号，没有保存或提交")
    assert DraftVerdicts.objects.count() == 0


def test_a_rejections_reason_stays_and_is_sent_after_logging_in_again(case, reviewer):
    page = reviewer.page
    reviewer.open(here(case, "reject/"))
    page.fill("textarea", "伪造证书。")
    end_session()
    page.click("main button")
    expect(page.locator(".btn-row .session-note")).to_contain_text("登录已结束")
    log_in_elsewhere(reviewer)
    expect(note(reviewer)).to_have_count(0)
    expect(page.locator("textarea")).to_have_value("伪造证书。")
    with leads_on(page):
        page.click("main button")
    assert Application.objects.get(pk=case.pk).status == "rejected"


def test_a_return_stays_on_its_page_with_all_that_it_names(case, reviewer):
    open_case(reviewer, case)
    page = reviewer.page
    page.keyboard.press("r")
    page.locator("[name=section-work-named]").check()
    page.fill("[name=section-work-reason]", "请核对工作单位。")
    end_session()
    page.locator("[data-act=return]").click()
    expect(note(reviewer)).to_contain_text("登录已结束")
    log_in_elsewhere(reviewer)
    expect(note(reviewer)).to_have_count(0)
    with leads_on(page):
        page.locator("[data-act=return]").click()
    assert list(Application.objects.get(pk=case.pk).unlocked["sections"].values()) == ["请核对工作单位。"]


def test_without_a_connection_a_button_leads_nowhere_and_says_so(case, reviewer):
    page = reviewer.page
    reviewer.open(here(case, "reject/"))
    page.fill("textarea", "伪造证书。")
    reviewer.context.set_offline(True)
    page.click("main button")
    expect(note(reviewer)).to_contain_text("网络连接中断，没有保存或提交")
    reviewer.context.set_offline(False)
    expect(note(reviewer)).to_have_count(0)
    expect(page.locator("textarea")).to_have_value("伪造证书。")


def test_a_colleagues_decision_is_said_when_a_verdict_comes_too_late(case, reviewer):
    open_case(reviewer, case)
    Application.objects.filter(pk=case.pk).update(last_record=None)
    reviewer.page.keyboard.press("x")
    expect(note(reviewer)).to_contain_text("审核意见没有保存：这份申请已由他人处理")
    assert DraftVerdicts.objects.count() == 0


def test_a_form_drawn_before_a_login_elsewhere_is_sent_with_the_token_of_now(person):
    account = make_candidate(email="")
    somebody = person()
    somebody.comes_as(account)
    somebody.open("/account/")
    renewed = {"name": "csrftoken", "value": "a" * 32, "url": somebody.base}
    somebody.context.add_cookies([renewed])
    somebody.page.fill("[name=email]", "somebody@example.com")
    somebody.page.fill("[name=password]", PASSWORD)
    with leads_on(somebody.page):
        somebody.page.click("main button[type=submit]")
    assert Account.objects.get(pk=account.pk).email == "somebody@example.com"
