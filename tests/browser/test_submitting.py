"""From the log-in to the lock, by thumb and with an interruption at every step: nothing is lost."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from candidates.applications import registration
from candidates.applications.workflow import Actor
from candidates.models import Application, LoginSession
from materials.models import MaterialImage, Submission
from materials.specimens import draw
from tests.browser.conftest import PHONE, leads_on, shot
from tests.factories import PASSWORD, make_application, make_category, upload_required
from tests.materials.picture_files import encoded
from tests.materials.uploading import a_fresh_graduate, add, kept, returned, submitted

DESK, CHECK = "/materials/", "/materials/submit/"
CATEGORIES = ("identity", "diploma", "degree", "probation", "institution_licence")
# from the log-in to the lock, the gallery's own apart: two fields and the button, on to the desk, three a category (its
# sheet, the gallery, 提交), 提交审核, the promise, 提交审核. More than 22 would be too many.
TAPS = 3 + 1 + 3 * len(CATEGORIES) + 3
# counted in every page that one comes through, as far as it is told apart: by the tab
COUNTING = """
addEventListener("pointerdown", () => { sessionStorage.taps = Number(sessionStorage.taps || 0) + 1; }, true);
"""


def a_scan(category, seed=1):
    return {"name": f"{category}.jpg", "mimeType": "image/jpeg", "buffer": draw.draw(category, seed=seed)}


def a_phone_photo(category):
    """Above 200 KB: the page has to make it fit."""
    page = Image.open(io.BytesIO(draw.draw(category))).convert("RGB")
    page = page.resize((page.width * 2, page.height * 2))
    grain = Image.effect_noise(page.size, 40).convert("RGB")
    content = encoded(Image.blend(page, grain, 0.1), quality=93)
    assert len(content) > 204_800
    return {"name": f"{category}.jpg", "mimeType": "image/jpeg", "buffer": content}


def tiles(page, category):
    return page.locator(f"section#{category} .tile img")


def choose(page, category, *files):
    page.click(f"[data-dialog=upload-{category}]:not([data-replaces])")
    page.set_input_files(f"#images-{category}", list(files))


def send(page, category):
    page.click(f"#upload-{category} button[type=submit]")


def arrives(somebody, application, address=DESK):
    somebody.comes_as(application.account)
    somebody.open(address)
    return somebody.page


# --- taps ------------------------------------------------------------------------------------------------------------


def test_five_categories_of_phone_photos_are_submitted_in_few_taps(person):
    application = make_application("registered", exam_category=make_category("110"), education="bachelor")
    somebody = person(PHONE, touch=True)
    somebody.context.add_init_script(COUNTING)
    page = somebody.page
    somebody.open("/login/")
    page.tap("[name=username]")
    page.keyboard.type(application.account.mobile)
    page.tap("[name=password]")
    page.keyboard.type(PASSWORD)
    goes_on(page, "main button[type=submit]")
    goes_on(page, 'a:has-text("上传相关材料")')
    for category in CATEGORIES:
        page.tap(f"[data-dialog=upload-{category}]")
        with page.expect_file_chooser() as gallery:
            page.tap(f"#images-{category}")
        gallery.value.set_files([a_phone_photo(category)])
        page.tap(f"#upload-{category} button[type=submit]")
        expect(page.locator(f"#upload-{category}")).to_be_hidden()
        expect(tiles(page, category)).to_have_count(1)
    goes_on(page, "[data-submit] button")
    page.tap("[name=declaration]")
    goes_on(page, "[data-submit] button")
    assert Application.objects.get().status == "point_review"
    taps = int(page.evaluate("sessionStorage.taps"))
    assert taps == TAPS <= 22, f"{taps} taps from the log-in to the lock"


def goes_on(page, button):
    with leads_on(page):
        page.tap(button)


def presses(page, button):
    with leads_on(page):
        page.click(button)


# --- what the page offers, and where one is --------------------------------------------------------------------------


def test_once_every_file_has_its_answer_the_sheet_offers_to_be_done(person):
    page = arrives(person(PHONE), make_application("registered"))
    same = Image.open(io.BytesIO(draw.draw("identity")))
    dark = {"name": "dark.jpg", "mimeType": "image/jpeg", "buffer": encoded(same.point(lambda value: value // 6))}
    choose(page, "identity", dark)
    closer, sender = (page.locator(f"#upload-identity {one}") for one in ("[data-discard]", "button[type=submit]"))
    expect(closer).to_have_text("取消")
    sender.click()
    expect(page.locator("#upload-identity .queue-warn")).to_have_count(1)  # it says something, so the sheet stays
    expect(closer).to_have_text("完成")
    expect(sender).to_be_hidden()
    shot(page, "sheet-done-390")
    page.set_input_files("#images-identity", [a_scan("identity", 2)])
    expect(closer).to_have_text("取消")
    expect(sender).to_be_visible()
    page.get_by_label("不传 identity.jpg").click()
    expect(closer).to_have_text("完成")
    closer.click()
    expect(page.locator("#upload-identity")).to_be_hidden()
    expect(tiles(page, "identity")).to_have_count(1)


def test_the_third_step_becomes_current_with_the_last_picture(person):
    application = make_application("registered")
    for category in ("identity", "diploma", "probation"):
        add(application, category)
    page = arrives(person(PHONE), application)
    step = page.locator(".stepper-small summary")
    expect(step).to_contain_text("第 2 步 / 共 8 步：上传材料")
    choose(page, "institution_licence", a_scan("institution_licence"))
    send(page, "institution_licence")
    expect(step).to_contain_text("第 3 步 / 共 8 步：提交审核")
    expect(step).to_contain_text("还差一步")
    expect(page.locator(".bar-ready")).to_have_text("材料已齐，还差一步：提交审核")


def test_after_a_refusal_and_the_lock_back_shows_a_page_and_asks_for_nothing(person):
    application = make_application("registered")
    upload_required(application)
    page = arrives(person(PHONE), application, CHECK)
    presses(page, "[data-submit] button")
    expect(page.locator("#field_declaration .field-error")).to_have_text("请先阅读并勾选这项承诺，再提交审核。")
    page.check("[name=declaration]")
    presses(page, "[data-submit] button")
    page.go_back()
    expect(page.locator("h1")).to_have_text("上传报名材料")


def test_a_refusal_drawn_at_its_post_is_left_behind_as_an_address(person):
    application = make_application("draft")
    somebody = person(PHONE)
    page = arrives(somebody, application, "/application/withdraw/")
    registration.complete(application.pk, actor=Actor.of(application.account))
    presses(page, "main form button[type=submit]")
    expect(page.locator("html[data-posted]")).to_have_count(1)
    presses(page, "a.portal-name")
    page.go_back()
    expect(page.locator("html:not([data-posted]) h1")).to_have_text("要撤销报名吗？")
    assert [one for one in somebody.complaints if "409" not in one] == []
    somebody.complaints.clear()  # of the refusal's own status


@pytest.mark.parametrize("address", [DESK, CHECK])
def test_after_the_lock_the_steps_of_a_stale_tab_move_too(person, address):
    application = make_application("registered")
    upload_required(application)
    somebody = person(PHONE)
    stale = arrives(somebody, application, address)
    other = somebody.context.new_page()
    other.goto(somebody.base + CHECK)
    other.check("[name=declaration]")
    with leads_on(other):
        other.click("[data-submit] button")
    choose(stale, "identity", a_scan("identity", 2))
    send(stale, "identity")
    expect(stale.locator(".stepper-small summary")).to_contain_text("第 4 步 / 共 8 步：报名点审核")
    expect(stale.locator("[data-materials]")).to_contain_text("上报完成，内容已锁定")
    assert len(kept(application, "identity")) == 1
    somebody.complaints.clear()  # the console tells of the refused picture itself


def test_the_reason_of_a_return_is_in_sight_while_its_picture_is_replaced(person):
    application = returned(submitted(), bad=["diploma"])
    somebody = person(PHONE)
    page = arrives(somebody, application)
    page.click("section#diploma .tile-remove")
    assert page.get_by_role("button", name="删除").bounding_box()["y"] < page.locator("img").bounding_box()["y"]
    somebody.fits("materials-delete")
    with leads_on(page):
        page.get_by_role("button", name="删除").click()
    expect(page.locator("section#diploma .refusal")).to_contain_text("退回原因：不清晰")
    page.click("[data-dialog=upload-diploma]")
    expect(page.locator("#upload-diploma .refusal")).to_contain_text("退回原因：不清晰")
    somebody.fits("materials-replace-reason")


def test_before_the_lock_what_is_doubtful_and_what_is_owed_is_told(person):
    application = a_fresh_graduate("registered")
    image = add(application, "identity")
    MaterialImage.objects.filter(pk=image.pk).update(warnings=["dark"])
    somebody = person(PHONE)
    page = arrives(somebody, application, CHECK)
    remarks = page.locator(".remarks li")
    begin = (
        "“本人有效身份证明”应有 2 份",
        "“本人有效身份证明”第 1 张",
        "“医师资格考试试用期考核证明”",
        "报考条件提示",
        "报考条件提示",
    )
    expect(remarks).to_have_text([re.compile(f"^{words}") for words in begin])
    somebody.fits("check-doubtful")


def test_a_submission_is_taken_back_and_sent_again(person):
    application = submitted()
    somebody = person(PHONE)
    page = arrives(somebody, application, "/application/")
    somebody.fits("application-recall")
    with leads_on(page):
        page.get_by_role("link", name="撤回修改").click()
    somebody.fits("recall")
    with leads_on(page):
        page.get_by_role("button", name="撤回修改").click()
    expect(page.locator(".bar-ready")).to_have_text("材料已齐，还差一步：提交审核")
    somebody.fits("materials-recalled")
    page.click("[data-submit] button")
    page.check("[name=declaration]")
    with leads_on(page):
        page.click("[data-submit] button")
    assert Application.objects.get().status == "point_review"


# --- interruptions ---------------------------------------------------------------------------------------------------


def reload(somebody, application):
    somebody.page.reload()


def back(somebody, application):
    with leads_on(somebody.page):
        somebody.page.goto(f"{somebody.base}/help/")
    somebody.page.go_back()


def lose_the_session(somebody, application):
    """It ends, and the next press leads to the log-in and from there back."""
    LoginSession.objects.all().delete()
    page = somebody.page
    page.check("[name=declaration]") if page.locator("[name=declaration]").count() else None
    with leads_on(page):
        page.click("[data-submit] button")
    page.fill("[name=username]", application.account.mobile)
    page.fill("[name=password]", PASSWORD)
    with leads_on(page):
        page.click("main button[type=submit]")


def second_tab(somebody, application):
    other = somebody.context.new_page()
    other.goto(somebody.base + CHECK)
    other.close()


def offline(somebody, application):
    page = somebody.page
    somebody.context.set_offline(True)
    choose(page, "identity", a_scan("identity", 9))
    send(page, "identity")
    expect(page.locator("#upload-identity .queue-bad")).to_contain_text("网络中断")
    somebody.context.set_offline(False)
    page.get_by_role("button", name="重试").click()
    expect(page.locator("#upload-identity .queue-bad")).to_have_count(0)
    expect(page.locator("#upload-identity [data-discard]")).to_have_text("完成")
    page.click("#upload-identity [data-discard]")


@pytest.mark.parametrize("interruption", [reload, back, lose_the_session, second_tab, offline])
@pytest.mark.parametrize("address", [DESK, CHECK])
def test_whatever_interrupts_it_every_picture_is_there_and_the_way_goes_on(person, address, interruption):
    application = make_application("registered")
    upload_required(application)
    before = {image.pk for image in MaterialImage.objects.filter(removed_at=None)}
    somebody = person(PHONE)
    page = arrives(somebody, application, address)
    interruption(somebody, application)
    after = {image.pk for image in MaterialImage.objects.filter(removed_at=None)}
    assert before <= after
    somebody.open(address)
    expect(page.locator(".tile img")).to_have_count(len(after))
    somebody.open(CHECK)
    page.check("[name=declaration]")
    with leads_on(page):
        page.click("[data-submit] button")
    assert len(Submission.objects.get().images) == len(after)
    somebody.complaints.clear()  # the console tells of the cut itself


def test_a_page_that_another_tab_has_outdated_is_shown_anew_and_says_so(person):
    application = make_application("registered")
    upload_required(application)
    somebody = person(PHONE)
    page = arrives(somebody, application, CHECK)
    add(application, "identity", serial=7)  # another tab
    page.check("[name=declaration]")
    with leads_on(page):
        page.click("[data-submit] button")
    expect(page.locator("#problems h2")).to_contain_text("图片在这一页打开以后有变动")
    expect(tiles(page, "identity")).to_have_count(2)
    somebody.fits("check-anew")
    page.check("[name=declaration]")
    with leads_on(page):
        page.click("[data-submit] button")
    assert len(Submission.objects.get().images) == 5
    somebody.complaints.clear()  # the console tells of the refused submission itself
