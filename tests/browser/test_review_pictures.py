"""The reviewer's stage when there is much, when it comes late, and by fingers: nothing jumps, nothing is lost."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from candidates.applications.workflow import Actor
from candidates.models import Application
from materials import submitting, uploads
from review.cases import reasons
from review.models import Question
from review.office import notes
from tests.browser.conftest import leads_on, shot
from tests.browser.test_review import Keys, at_work, box, drawn, expect_box, fingers, on_case, seen
from tests.factories import a_picture, make_application, make_reviewer, upload_required
from tests.materials.picture_files import encoded
from tests.review.casework import actor, corrected_diploma

SIXTY = 60
TABLET = (1024, 768)


def a_case_of(pictures):
    """A case of so many pictures: of each required category one, the others spread over three of them."""
    case = make_application("registered")
    upload_required(case)
    picture = a_picture("identity-back")
    for number in range(pictures - case.images.count()):
        category = ("identity", "diploma", "probation")[number % 3]
        one = replace(picture, sha256=f"{number:064x}", received_sha256=f"{number:064x}")
        uploads.add_image(case.pk, category, one, actor=Actor.of(case.account))
    return submitting.submit(case.pk, actor=Actor.of(case.account), declared=True)


@pytest.fixture
def case():
    reasons.add_missing()
    found = make_application("point_review")
    make_reviewer(found.point)
    return found


class Late:
    """Pictures that are asked for and come when they are let: a storage that is slow."""

    def __init__(self, page):
        self.waiting, self.here = [], False
        page.route(
            "**/materials/images/**", lambda route: route.continue_() if self.here else self.waiting.append(route)
        )

    def arrive(self):
        self.here = True
        for route in self.waiting:
            route.continue_()


def opened(person, case):
    reviewer = at_work(person)
    reviewer.open(f"/review/applications/{case.number}/")
    on_case(reviewer, case)
    return reviewer


def places(page):
    """Where everything is that a hand or an eye may be on."""
    names = ("[data-tools]", "[data-stage]", "[data-verdict]:visible", ".case-acts", ".case-side")
    return {name: box(page.locator(name)) for name in names} | {"scrolled": page.evaluate("scrollY")}


def test_sixty_pictures_are_turned_and_judged_by_keys_and_the_stage_stays_where_it_is(person):
    reasons.add_missing()
    case = a_case_of(SIXTY)
    make_reviewer(case.point)
    reviewer = at_work(person)
    page = reviewer.page
    thumbnails = []
    page.on("request", lambda request: "/thumbnail/" in request.url and thumbnails.append(request.url))
    reviewer.open(f"/review/applications/{case.number}/")
    on_case(reviewer, case)
    expect(page.locator("[data-place]")).to_have_text(f"1 / {page.locator('[data-sheet]').count()}")
    expect(seen(page)).to_have_count(1)
    assert thumbnails == []  # they would stand in front of the picture that is waited for
    page.keyboard.press("ArrowRight")
    drawn(page)
    before = places(page)
    for _ in range(12):
        Keys(page).press("ArrowRight")
        assert places(page)["[data-stage]"] == before["[data-stage]"]
    Keys(page).press("g")
    expect(page.locator("[data-said]")).to_contain_text("张图片没有清楚显示过")
    Keys(page).press("o")
    expect(page.locator("[data-overview] [data-of]")).to_have_count(SIXTY)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    shot(page, "sixty-overview")


def test_a_picture_that_comes_late_moves_nothing_and_takes_no_focus(case, person):
    reviewer = at_work(person)
    page = reviewer.page
    pictures = Late(page)
    page.goto(f"{reviewer.base}/review/applications/{case.number}/", wait_until="domcontentloaded")
    on_case(reviewer, case)
    page.keyboard.press("m")
    words = page.locator(".verdict-words:visible")
    expect(words).to_be_focused()
    page.keyboard.insert_text("看不清")
    drawn(page)
    before = places(page)
    pictures.arrive()
    expect(seen(page)).to_have_count(1)
    assert places(page) == before
    expect(words).to_be_focused()
    expect(words).to_have_value("看不清")


def test_a_key_while_pictures_are_late_turns_on_and_what_comes_then_is_the_one_asked_for(case, person):
    reviewer = at_work(person)
    page = reviewer.page
    pictures = Late(page)
    page.goto(f"{reviewer.base}/review/applications/{case.number}/", wait_until="domcontentloaded")
    on_case(reviewer, case)
    Keys(page).press("ArrowRight", "ArrowRight", "ArrowRight")
    wanted = page.locator("[data-sheet]:visible").get_attribute("id")
    pictures.arrive()
    expect(seen(page)).to_have_count(1)
    expect(seen(page)).to_have_attribute("id", wanted)
    expect(page.locator("[data-place]")).to_contain_text("4 /")


def test_a_picture_that_comes_late_fetches_nobody_back_from_a_category_without_one(case, person):
    reviewer = at_work(person)
    page, keys = reviewer.page, Keys(reviewer.page)
    pictures = Late(page)
    page.goto(f"{reviewer.base}/review/applications/{case.number}/", wait_until="domcontentloaded")
    on_case(reviewer, case)
    keys.press("ArrowRight")
    late = page.locator("[data-sheet]:visible").get_attribute("id")
    keys.press("ArrowRight")
    expect(page.locator("[data-sheet]:visible")).to_have_attribute("id", "category-education_proof")
    pictures.arrive()
    expect(page.locator(".viewer-canvas img")).to_have_js_property("complete", True)
    expect(page.locator("[data-place]")).to_contain_text("3 /")
    keys.press("ArrowLeft")
    expect(seen(page)).to_have_attribute("id", late)


def test_a_tablet_pinches_and_drags_old_and_new_together(case, person):
    case = corrected_diploma(case)
    somebody = person(TABLET, touch=True)
    somebody.comes_as(actor(case).account)
    page = somebody.page
    somebody.open(f"/review/applications/{case.number}/")
    on_case(somebody, case)
    page.locator("[data-compares]").first.tap()
    both = page.locator("dialog[open] [data-pane] img:visible")
    expect(both).to_have_count(2)
    pane = box(page.locator("dialog[open] [data-pane]").first)
    shot(page, "compare-1024")
    x, y = pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2
    fingers(page, [[(x - 20 - by, y), (x + 20 + by, y)] for by in range(0, 80, 10)])
    expect_box(page, both.first, lambda now: now["width"] > pane["width"] * 2)
    old, new = box(both.nth(0)), box(both.nth(1))
    assert (old["width"], old["y"]) == pytest.approx((new["width"], new["y"]), abs=1)
    fingers(page, [[(x, y)], [(x, y)], [(x + 40, y + 30)]])
    expect_box(page, both.first, lambda now: now["x"] == pytest.approx(old["x"] + 40, abs=1))
    assert box(both.nth(1))["y"] == pytest.approx(new["y"] + 30, abs=1)
    closes = box(page.locator("dialog[open] form button").last)
    assert closes["x"] + closes["width"] <= TABLET[0]


def test_notes_are_folded_over_the_stage_and_opened_for_the_one_just_written(case, person):
    for number in range(4):
        notes.write(case.pk, actor=actor(case), words=f"第 {number} 条：请核对学校名称。\n原件在受理窗口。")
    reviewer = opened(person, case)
    page = reviewer.page
    page.set_viewport_size({"width": 1280, "height": 820})
    folded = page.locator("#notes")
    expect(folded).to_contain_text("备注 4 条")
    expect(folded).to_contain_text("第 3 条：请核对学校名称。")
    assert box(folded)["height"] < 60
    shot(page, "notes-820")
    page.keyboard.press("w")
    expect(page.locator("[name=note-words]")).to_be_focused()
    page.keyboard.insert_text("已核对。")
    with leads_on(page):
        page.locator(".remark-new[open] button.btn-primary").click()
    expect(page.locator("#notes[open]")).to_contain_text("已核对。")


def test_a_question_with_a_picture_is_asked_by_keyboard_answered_on_a_phone_and_read(case, person, tmp_path):
    reviewer = opened(person, case)
    page = reviewer.page
    page.keyboard.press("q")
    expect(page.locator("[name=ask-words]")).to_be_focused()
    page.keyboard.insert_text("请补拍学位证书的印章。")
    page.select_option("[name=ask-category]", "degree")
    with leads_on(page):
        page.click("text=发出询问")
    question = Question.objects.get()

    candidate = person((390, 844))
    candidate.comes_as(case.account)
    candidate.open(f"/question/{question.pk}/")
    said = candidate.page.locator("[data-answer-said]")
    nothing = tmp_path / "nothing.jpg"
    nothing.write_bytes(b"no picture")
    candidate.page.set_input_files("[data-answer-picture]", nothing)
    expect(said).not_to_contain_text("正在处理")
    expect(said).not_to_contain_text("已选好")
    assert candidate.page.evaluate("document.querySelector('[data-answer-picture]').files.length") == 0
    large = tmp_path / "large.jpg"
    large.write_bytes(encoded(a_large_photograph(), quality=97))
    assert large.stat().st_size > 200 * 1024
    candidate.page.set_input_files("[data-answer-picture]", large)
    expect(said).to_have_text("图片已选好，提交答复时一起发送。")
    assert 0 < candidate.page.evaluate("document.querySelector('[data-answer-picture]').files[0].size") <= 200 * 1024
    candidate.fits("question-answer")
    candidate.page.fill("[name=words]", "已补拍。")
    with leads_on(candidate.page):
        candidate.page.click("main button[type=submit]")
    expect(candidate.page.locator("main")).to_contain_text("答复已提交，审核单位会看到。")

    reviewer.open(f"/review/applications/{case.number}/")
    on_case(reviewer, case)
    expect(page.locator("#questions[open]")).to_contain_text("已补拍。")
    page.locator("#questions [data-larger]").click()
    expect(page.locator("dialog[open] img")).to_have_js_property("complete", True)
    page.keyboard.press("Escape")
    assert Application.objects.get(pk=case.pk).question_answered


def a_large_photograph():
    from PIL import Image

    noise = Image.effect_noise((1600, 1200), 60).convert("RGB")
    return noise
