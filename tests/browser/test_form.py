"""The application form in Chromium: a section's save never touches another's typing, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from candidates.applications import registration
from candidates.applications.workflow import Actor
from candidates.models import Application
from tests.browser.conftest import PHONE, Person, leads_on, until_sent
from tests.factories import PASSWORD, make_application, make_candidate, make_category, make_session, make_units

FORM = "/application/edit/"
SAVE = "#section_{} button.btn-primary[type=submit]"
EXPIRED = "没有保存登录已过期。您填写的内容还在这一页上：请先登录（新窗口），再回到这里点“保存这一部分”。"


@pytest.fixture
def application():
    make_category("120")
    return make_application("registered")


def as_physician(page):
    """Choose a category for which a licence is asked about."""
    page.select_option("[name=exam_category]", str(make_category("120").pk))


@pytest.fixture
def candidate(application, person):
    """Return the candidate at the form, all its sections open."""
    return arrived(person(), application)


def arrived(somebody, application):
    somebody.comes_as(application.account)
    somebody.open(FORM)
    somebody.page.evaluate("document.querySelectorAll('details.section').forEach((one) => { one.open = true; })")
    return somebody


def save(page, code):
    page.click(SAVE.format(code))


def saved(page, title):
    return expect(page.locator(".notice-success", has_text=f"“{title}”已保存。"))


def of(application):
    return Application.objects.get(pk=application.pk)


def leaves_asking(page):
    """Whether leaving the page is asked about."""
    return page.evaluate("!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")


def test_saving_one_section_leaves_what_is_typed_into_another(application, candidate):
    page, held = candidate.page, []
    page.route("**/draft/", lambda route: held.append(route))  # on a slow machine the typing would be kept by now
    page.fill("[name=school]", "别的医学院")
    page.fill("[name=post]", "主治医师")
    save(page, "work")
    saved(page, "工作与试用").to_be_visible()
    assert (page.input_value("[name=school]"), leaves_asking(page)) == ("别的医学院", True)
    assert (of(application).post, of(application).school) == ("主治医师", application.school)
    candidate.fits("form-other-kept")
    page.unroute("**/draft/")  # which lets them go
    save(page, "education")
    saved(page, "学历信息").to_be_visible()
    assert (of(application).school, leaves_asking(page)) == ("别的医学院", False)
    page.reload()
    assert page.input_value("[name=school]") == "别的医学院"


def test_what_is_typed_while_a_section_is_being_saved_stays(application, candidate):
    page, held = candidate.page, []
    page.route(f"**{FORM}", lambda route: held.append(route))
    page.fill("[name=school]", "一")
    save(page, "education")
    expect(page.locator(SAVE.format("education"))).to_have_text("正在保存")
    page.fill("[name=school]", "一二")
    until_sent(page, held)
    held[0].continue_()
    saved(page, "学历信息").to_be_visible()
    assert (page.input_value("[name=school]"), of(application).school) == ("一二", "一")
    page.unroute(f"**{FORM}")
    save(page, "education")
    expect(page.locator("form[data-changed]")).to_have_count(0)
    expect(page.locator(SAVE.format("education"))).to_have_text("保存这一部分")
    assert of(application).school == "一二"


def test_a_section_that_is_refused_leaves_what_is_typed_into_another(application, candidate):
    page = candidate.page
    page.fill("[name=school]", "别的医学院")
    page.fill("[name=mobile]", "123")
    save(page, "basic")
    expect(page.locator("#field_mobile .field-error")).to_be_visible()
    assert (page.input_value("[name=mobile]"), page.input_value("[name=school]")) == ("123", "别的医学院")
    page.click(".error-summary a[href='#field_mobile']")
    assert page.evaluate("document.activeElement.name") == "mobile"


@pytest.mark.parametrize("gone", ["sessionid", None])  # None: every cookie
def test_a_save_after_the_session_has_ended_loses_nothing(application, candidate, gone):
    page = candidate.page
    page.fill("[name=school]", "别的医学院")
    page.fill("[name=post]", "主治医师")
    candidate.context.clear_cookies(**({"name": gone} if gone else {}))
    save(page, "work")
    note = page.locator("#section_work [data-save-note]")
    expect(note).to_have_text(EXPIRED)
    candidate.fits("form-session-ended")
    with candidate.context.expect_page() as opened:
        note.get_by_role("link").click()
    window = opened.value
    window.fill("[name=username]", application.account.mobile)
    window.fill("[name=password]", PASSWORD)
    with leads_on(window):
        window.click("main button[type=submit]")
    save(page, "work")
    saved(page, "工作与试用").to_be_visible()
    save(page, "education")
    saved(page, "学历信息").to_be_visible()
    assert (of(application).post, of(application).school) == ("主治医师", "别的医学院")
    candidate.complaints.clear()  # the console tells of the refusal itself


def test_what_was_typed_does_not_go_to_somebody_else_who_has_logged_in_here(application, candidate):
    page, somebody = candidate.page, make_application("registered", session=application.session)
    page.fill("[name=post]", "主治医师")
    candidate.context.clear_cookies()
    Person(candidate.context, candidate.base).log_in(somebody.account.mobile, PASSWORD)
    save(page, "work")
    expect(page.locator("#section_work [data-save-note]")).to_contain_text("这一页是用另一个账号打开的")
    assert (of(somebody).post, page.input_value("[name=post]")) == (somebody.post, "主治医师")
    candidate.complaints.clear()  # the console tells of the refusal itself


def test_a_network_that_is_away_loses_nothing(application, candidate):
    page = candidate.page
    page.fill("[name=post]", "主治医师")
    page.route(f"**{FORM}", lambda route: route.abort())
    save(page, "work")
    expect(page.locator("#section_work [data-save-note]")).to_contain_text("没有保存网络中断。")
    assert (page.input_value("[name=post]"), leaves_asking(page)) == ("主治医师", True)
    page.unroute(f"**{FORM}")
    save(page, "work")
    saved(page, "工作与试用").to_be_visible()
    candidate.complaints.clear()  # the console tells of the cut itself


def test_the_lists_of_units_go_on_after_another_section_was_saved(person):
    account = make_candidate()
    session = make_session()
    make_units(), make_category("210")
    draft = registration.start(account, session=session, actor=Actor.of(account))
    page = arrived(person(), draft).page
    page.fill("[name=school]", "别的医学院")
    save(page, "education")
    saved(page, "学历信息").to_be_visible()
    page.locator("#section_exam").evaluate("(section) => { section.open = true; }")
    page.select_option("[name=region]", "11")
    page.select_option("[name=site]", "1101")
    page.select_option("[name=point]", "1101001")
    expect(page.locator("[data-choose]")).to_be_hidden()
    save(page, "exam")
    saved(page, "报考信息").to_be_visible()
    assert of(draft).point.code == "1101001"


def test_what_is_pasted_and_too_long_is_not_cut_but_told(application, candidate):
    page = candidate.page
    page.fill("[name=post]", "主治医师" * 8)
    save(page, "work")
    expect(page.locator("#field_post .field-error")).to_contain_text("30")
    assert (page.input_value("[name=post]"), of(application).post) == ("主治医师" * 8, application.post)


def test_a_long_copy_with_what_cannot_be_seen_in_it_is_saved_whole(application, candidate):
    number, page = "100010202405000123", candidate.page
    page.fill("[name=diploma_number]", "\u200b".join(number * 2))  # twice what may be kept, most of it unseen
    assert page.input_value("[name=diploma_number]") == "\u200b".join(number * 2)


def lists_of(person):
    account = make_candidate()
    session = make_session()
    make_units()
    draft = registration.start(account, session=session, actor=Actor.of(account))
    somebody = person()
    somebody.comes_as(account)
    somebody.open(f"{FORM}?section=exam")
    return somebody, draft


def options(page, name):
    return page.locator(f"[name={name}] option:not([value=''])")


def test_a_list_that_comes_late_is_not_mixed_with_that_of_the_region_chosen_since(person):
    page = lists_of(person)[0].page
    late = []
    page.route("**/units/?parent=11", lambda route: late.append(route))
    page.select_option("[name=region]", "11")
    page.select_option("[name=region]", "12")
    expect(options(page, "site")).not_to_have_count(0)
    right = options(page, "site").all_inner_texts()
    with page.expect_response("**/units/?parent=11"):
        late[0].continue_()
    page.evaluate("fetch('/healthz')")
    assert options(page, "site").all_inner_texts() == right


def test_a_list_that_the_network_cut_short_comes_by_itself(person):
    somebody, _ = lists_of(person)
    page = somebody.page
    page.route("**/units/**", lambda route: route.abort())
    page.select_option("[name=region]", "11")
    expect(page.locator("[name=site] option").first).to_have_text("网络中断，正在重试")
    page.unroute("**/units/**")
    expect(page.locator("[name=site] option[value='1101']")).to_have_count(1)
    somebody.complaints.clear()  # the console tells of the cut itself


def test_without_a_script_a_form_posted_after_the_session_has_ended_is_offered_again(application, person):
    somebody = arrived_without_script(person, application)
    page = somebody.page
    page.fill("[name=post]", "主治医师")
    somebody.context.clear_cookies(name="sessionid")
    save(page, "work")
    page.fill("[name=username]", application.account.mobile)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    assert page.url == f"{somebody.base}{FORM}?section=work"
    assert (page.input_value("[name=post]"), of(application).post) == ("主治医师", application.post)
    assert "未保存的内容：请核对后点“保存这一部分”。" in page.inner_text("#section_work")
    assert page.inner_text("#section_work summary .state") == "未保存"
    somebody.fits("form-kept")
    save(page, "work")
    assert of(application).post == "主治医师"
    somebody.open(FORM)
    assert "未保存的内容" not in page.content()


def arrived_without_script(person, application):
    somebody = person(PHONE, script=False)
    somebody.comes_as(application.account)
    somebody.open(f"{FORM}?section=work")
    return somebody


def test_what_a_browser_has_filled_in_without_an_event_outlasts_the_save_of_another_section(application, candidate):
    page = candidate.page
    page.evaluate("document.querySelector('[name=address]').value = '示例省示例市别的路 7 号'")
    page.fill("[name=post]", "主治医师")
    save(page, "work")
    saved(page, "工作与试用").to_be_visible()
    assert page.input_value("[name=address]") == "示例省示例市别的路 7 号"
    save(page, "basic")
    saved(page, "基本信息").to_be_visible()
    assert of(application).address == "示例省示例市别的路 7 号"


# --- questions follow the answers ---

ASKED_OF_HOLDERS = ("licence_number", "licence_date", "practice_number", "first_registered_on", "registration_changed")


def asked(page):
    """The questions of a licence that can be seen."""
    return [name for name in ASKED_OF_HOLDERS if page.locator(f"#field_{name}").is_visible()]


def test_the_questions_of_a_licence_follow_the_answer_and_what_is_not_asked_is_not_saved(application, candidate):
    page = candidate.page
    as_physician(page)
    assert (asked(page), page.locator("#field_trial_name").is_visible()) == ([], True)
    page.check("[name=holds_assistant_licence][value=true]")
    assert (asked(page), page.locator("#field_trial_name").is_visible()) == (list(ASKED_OF_HOLDERS), False)
    page.fill("[name=licence_number]", "110100")
    candidate.fits("form-licence")
    page.check("[name=holds_assistant_licence][value=false]")
    assert asked(page) == []
    save(page, "licence")
    saved(page, "执业助理医师").to_be_visible()
    assert of(application).licence_number == ""


def test_without_a_script_the_questions_follow_what_is_saved(person):
    application = make_application("registered", exam_category=make_category("120"), education="bachelor")
    page = arrived_without_script(person, application).page
    page.goto(page.url.replace("work", "licence"))
    assert asked(page) == []
    page.check("[name=holds_assistant_licence][value=true]")
    save(page, "licence")
    page.goto(page.url.partition("?")[0] + "?section=licence")
    assert asked(page) == list(ASKED_OF_HOLDERS)


def test_a_yes_that_cannot_be_right_stays_in_sight_to_be_taken_back(application, candidate):
    page = candidate.page
    as_physician(page)
    page.check("[name=fresh_graduate][value=true]")
    page.check("[name=holds_assistant_licence][value=true]")
    assert page.locator("#field_fresh_graduate").is_visible()


def test_the_questions_of_a_category_follow_it_before_it_is_saved(application, candidate):
    page = candidate.page
    page.check("[name=supplementary_test][value=paediatrics]")
    nothing, moot = page.locator("#section_licence [data-idle]"), page.locator("#field_supplementary_test [data-moot]")
    assert (nothing.is_visible(), moot.is_visible()) == (True, False)
    as_physician(page)
    assert page.locator("#field_holds_assistant_licence").is_visible()
    assert (nothing.is_visible(), moot.is_visible()) == (False, True)
    page.check("[name=supplementary_test][value=none]")
    assert page.locator("#field_supplementary_test").is_hidden()
