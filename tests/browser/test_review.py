"""The reviewers in Chromium, by keyboard alone."""

from datetime import date

import pytest
from playwright.sync_api import expect

from candidates.applications.workflow import Actor
from candidates.models import Account, Application, Look
from materials import submitting, uploads
from review.cases import reasons
from review.models import DraftVerdicts
from tests.browser.conftest import leads_on, shot
from tests.browser.deciding import Keys, looks_at_every_picture, seen
from tests.factories import a_picture, make_application, make_reviewer, make_session, pass_on, upload_required
from tests.review.casework import corrected_diploma

TABLET = (820, 1180)


@pytest.fixture
def cases():
    reasons.add_missing()
    found = [make_application("point_review") for _ in range(2)]
    make_reviewer(found[0].point)
    return found


def not_ok_for_the_first_reason(page):
    page.keyboard.press("x")
    expect(page.locator(".is-choosing")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".is-choosing")).to_have_count(0)


def a_case_of_seven_pictures():
    case = make_application("registered")
    upload_required(case)
    for category, picture in (
        ("identity", "identity-back"),
        ("diploma", "diploma-overseas"),
        ("probation", "probation-internship"),
    ):
        uploads.add_image(case.pk, category, a_picture(picture), actor=Actor.of(case.account))
    return submitting.submit(case.pk, actor=Actor.of(case.account), declared=True)


def at_work(person, username="point-1101001"):
    somebody = person()
    somebody.comes_as(Account.objects.get(username=username))
    somebody.open("/review/applications/")
    return somebody


def on_case(somebody, case):
    expect(somebody.page.locator("h1")).to_have_text(case.number)
    expect(somebody.page.locator("[data-tools]")).to_be_visible()


def opened(person, username, case):
    somebody = at_work(person, username)
    somebody.open(f"/review/applications/{case.number}/")
    on_case(somebody, case)
    return somebody.page


def judging_without_a_connection(person, case):
    """A reviewer whose verdict could not be kept, and who is told so."""
    reviewer = at_work(person)
    reviewer.open(f"/review/applications/{case.number}/")
    on_case(reviewer, case)
    reviewer.context.set_offline(True)
    not_ok_for_the_first_reason(reviewer.page)
    expect(reviewer.page.locator("[data-when=offline]")).to_be_visible()
    return reviewer


def status(case):
    return Application.objects.get(pk=case.pk).status


def shown(page, name):
    """Pictures at a desk's and at a tablet's width, for the eye; neither scrolls sideways."""
    for width, height in ((1280, 900), TABLET):
        page.set_viewport_size({"width": width, "height": height})
        shot(page, f"{name}-{width}", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_case_in_order_takes_five_keys_besides_turning_pictures(person):
    reasons.add_missing()
    first, second = a_case_of_seven_pictures(), make_application("point_review")
    make_reviewer(first.point)
    reviewer = at_work(person)
    page = reviewer.page
    keys = Keys(page)
    keys.press("n")
    on_case(reviewer, first)
    looks_at_every_picture(page)
    keys.press("t", "t")
    expect(page.locator("[data-tick]:not(:checked)")).to_have_count(0)
    keys.press("g")
    expect(page.locator("input[value=ok]:checked")).to_have_count(7)
    keys.press("p")
    on_case(reviewer, second)
    assert (status(first), keys.number) == ("site_review", 5)


def test_two_pictures_and_a_section_are_returned_by_sixteen_keys_besides_the_words(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    keys = Keys(page)
    keys.press("n")
    on_case(reviewer, cases[0])
    keys.press("x", "1", "ArrowRight", "x", "2", "r")
    expect(page.locator("[data-act=return]")).to_be_focused()
    keys.press("Shift+Tab", "Shift+Tab", "Shift+Tab", "Space", "Tab")  # past the two pictures that are listed
    page.keyboard.insert_text("请更正工作单位。")
    keys.press("Escape", "r")
    expect(page.locator("[data-act=return]")).to_be_focused()
    with leads_on(page):
        keys.press("Enter")
    done = Application.objects.get(pk=cases[0].pk)
    assert (done.status, len(done.unlocked["images"]), len(done.unlocked["sections"])) == ("returned", 2, 1)
    assert keys.number <= 16


def test_send_back_and_reject_take_at_most_six_keys_each(cases, person):
    passed = [pass_on(case) for case in cases]
    somebody = person()
    somebody.comes_as(make_reviewer(passed[0].site))
    page = somebody.page
    for case, key, done in zip(passed, "bj", ("point_review", "rejected"), strict=True):
        somebody.open(f"/review/applications/{case.number}/")
        on_case(somebody, case)
        keys = Keys(page)
        keys.press(key)
        expect(page.locator("[name=standard]")).to_be_focused()
        keys.press("1", "Tab", "Tab")
        with leads_on(page):
            keys.press("Enter")
        assert (status(case), keys.number <= 6) == (done, True)


def test_a_case_is_retracted_by_at_most_six_keys_besides_the_words(person):
    case = make_application("payment_due")
    page = opened(person, "region-11", case)
    keys = Keys(page)
    keys.press("k")
    expect(page.locator("[name=reason]")).to_be_focused()
    page.keyboard.insert_text("学位证书需要重新核对。")
    keys.press("Tab")
    with leads_on(page):
        keys.press("Enter")
    assert (status(case), keys.number <= 6) == ("region_review", True)


def test_an_owed_paper_is_received_by_two_keys_of_which_the_first_records_nothing(person):
    july = date(make_session().year - 1, 7, 1)
    case = make_application("payment_due", fresh_graduate=True, graduated_on=july)
    page = opened(person, "site-1101", case)
    keys = Keys(page)
    keys.press("e")
    expect(page.get_by_role("button", name="已收到")).to_be_focused()
    assert Application.objects.get(pk=case.pk).owed == ["probation"]
    with leads_on(page):
        keys.press("Enter")
    assert Application.objects.get(pk=case.pk).owed == []


def test_three_are_passed_together_by_eight_keys(cases, person):
    passed = [pass_on(case) for case in (*cases, make_application("point_review"))]
    somebody = person()
    somebody.comes_as(make_reviewer(passed[0].site))
    somebody.open("/review/applications/")
    page = somebody.page
    keys = Keys(page)
    keys.press("1", "2", "3")
    for _ in ("ask", "confirm"):
        with leads_on(page):
            keys.press("g")
    assert [status(case) for case in passed] == ["region_review"] * 3
    assert keys.number <= 8


def test_a_picture_that_is_too_small_to_be_read_is_not_seen(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    reviewer.open(f"/review/applications/{cases[0].number}/")
    on_case(reviewer, cases[0])
    expect(seen(page)).to_have_count(1)
    page.set_viewport_size({"width": 1280, "height": 620})
    page.keyboard.press("f")
    expect(page.locator("[data-said]")).to_have_text("显示：整张")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-place]")).to_contain_text("2 /")
    for key in ("-", "a"):
        page.wait_for_timeout(700)
        page.keyboard.press(key)
    expect(page.locator("[data-said]")).to_contain_text("这张图片太小，看不清上面的字")
    assert (seen(page).count(), page.locator("[data-verdict] input:checked").count()) == (1, 0)


def test_the_overview_shows_what_each_picture_proves_and_counts_as_no_look(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    reviewer.open(f"/review/applications/{cases[0].number}/")
    on_case(reviewer, cases[0])
    expect(seen(page)).to_have_count(1)
    page.keyboard.press("o")
    expect(page.locator("[data-overview]")).to_contain_text(cases[0].document_number)
    expect(page.locator("[data-tile-mark]:has-text('没有看过')")).to_have_count(3)
    page.wait_for_timeout(700)
    assert seen(page).count() == 1


def test_the_on_site_list_is_ticked_line_by_line_and_all_of_it_undoably(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    reviewer.open(f"/review/applications/{cases[0].number}/")
    on_case(reviewer, cases[0])
    keys, ticked = Keys(page), page.locator("[data-tick]:checked")
    lines = page.locator("[data-tick]").count()
    keys.press("t")
    expect(page.locator("#onsite")).to_be_in_viewport()
    for key, number in (("2", 1), ("t", lines), ("t", 1)):
        keys.press(key)
        expect(ticked).to_have_count(number)
    expect(page.locator("[data-act=pass]")).to_contain_text(f"证明已核对原件 1 / {lines} 项")
    keys.press("Escape")
    expect(page.locator("#onsite.is-open")).to_have_count(0)


def test_the_column_is_folded_by_a_key_and_stays_folded_on_the_next_case(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    for case, keys in ((cases[0], ["c"]), (cases[1], [])):
        reviewer.open(f"/review/applications/{case.number}/")
        on_case(reviewer, case)
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator("[data-facts=identity]")).to_be_hidden()
    page.evaluate("localStorage.clear()")


def test_old_and_new_are_zoomed_and_moved_together(cases, person):
    case = corrected_diploma(cases[0])
    reviewer = at_work(person)
    page = reviewer.page
    reviewer.open(f"/review/applications/{case.number}/")
    on_case(reviewer, case)
    keys = Keys(page)
    keys.press("d", "+", "ArrowDown")
    both = page.locator("dialog[open] [data-pane] img:visible")
    expect(both).to_have_count(2)
    old, new = (box(both.nth(side)) for side in (0, 1))
    assert (old["width"], old["y"]) == pytest.approx((new["width"], new["y"]), abs=1)
    assert old["width"] > box(page.locator("dialog[open] [data-pane]").first)["width"] * 1.2


def test_a_key_that_judges_nothing_says_why(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    waiting = []
    page.route("**/materials/images/**", lambda route: waiting.append(route))
    page.goto(f"{reviewer.base}/review/applications/{cases[0].number}/", wait_until="domcontentloaded")
    on_case(reviewer, cases[0])
    said = page.locator("[data-said]")
    for key, sentence in (
        ("a", "这张图片正在加载，显示以后再按一次 A。"),
        ("g", "还有 4 张图片没有清楚显示过，先看这一张。都看过以后再按一次 G。"),
        ("Shift+A", "还有 1 张图片没有清楚显示过，先看这一张。都看过以后再按一次 Shift+A。"),
    ):
        page.keyboard.press(key)
        expect(said).to_have_text(sentence)
    assert page.locator("[data-verdict] input:checked").count() == 0
    for route in waiting:
        route.continue_()
    page.unroute_all(behavior="wait")


def test_a_category_is_judged_at_once_when_all_of_it_has_been_displayed(person):
    reasons.add_missing()
    case = a_case_of_seven_pictures()
    make_reviewer(case.point)
    reviewer = at_work(person)
    page = reviewer.page
    reviewer.open(f"/review/applications/{case.number}/")
    on_case(reviewer, case)
    ok = page.locator("input[value=ok]:checked")
    expect(seen(page)).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(seen(page)).to_have_count(2)
    assert ok.count() == 0
    page.keyboard.press("Shift+A")
    expect(ok).to_have_count(2)
    expect(page.locator("[data-folder=identity] [data-mark]")).to_have_text("合格")


def test_a_corrected_case_opens_on_its_changes_and_only_what_is_in_the_window_is_judged(cases, person):
    case = corrected_diploma(cases[0])
    reviewer = at_work(person)
    page = reviewer.page
    reviewer.open(f"/review/applications/{case.number}/")
    on_case(reviewer, case)
    stage, new, ok = (page.locator(one) for one in ("[data-stage]", "[data-sheet]:visible", "input[value=ok]:checked"))
    expect(new).to_have_attribute("data-code", "diploma")
    expect(stage.locator(".viewer-canvas img")).to_have_js_property("complete", True)
    judged = ok.count()
    drawn(page)
    assert page.evaluate("scrollY") == 0
    assert new.get_attribute("data-displayed") is None
    page.keyboard.press("a")  # shows the picture, which lies below the window
    expect(new).to_have_attribute("data-displayed", "")
    assert ok.count() == judged
    assert box(stage)["y"] >= 0 and box(page.locator("[data-verdict]:visible"))["y"] < 800
    shown(page, "keyboard-corrected")
    with page.expect_response("**/draft/"):
        page.keyboard.press("a")
    expect(page.locator("[data-folder=diploma] [data-mark]")).to_have_text("合格")
    opens_on_what_is_not_in_order_then_on_what_is_new(reviewer, case)
    for key in ("x", "o", "ArrowLeft", "l"):
        page.evaluate("scrollTo(0, 0)")
        page.keyboard.press(key)
        expect_box(page, page.locator("[data-tools]"), lambda now: now["y"] < 300)


def opens_on_what_is_not_in_order_then_on_what_is_new(reviewer, case):
    page = reviewer.page
    page.set_viewport_size({"width": 1280, "height": 900})  # where the list of materials stands beside
    visible, address = page.locator("[data-sheet]:visible"), f"/review/applications/{case.number}/"
    for verdict, opened in (("not_ok", "institution_licence"), ("ok", "diploma")):
        page.locator("[data-folder=institution_licence]").click()
        with page.expect_response("**/draft/"):
            page.locator(f"[data-verdict]:visible input[value={verdict}]").check()
        reviewer.open(address)
        on_case(reviewer, case)
        expect(visible).to_have_attribute("data-code", opened)


def test_a_number_is_scanned_on_the_queue_without_a_mouse(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    for typed in (cases[1].number, f"http://127.0.0.1/verify/{cases[1].notice_versions.get().code}/"):
        reviewer.open("/review/applications/")
        page.keyboard.type(typed)
        with leads_on(page):
            page.keyboard.press("Enter")
        on_case(reviewer, cases[1])


def test_a_picture_that_cannot_be_loaded_says_so_and_is_not_judged_ok(cases, person):
    gone = cases[0].images.get(category="diploma")
    reviewer = at_work(person)
    page = reviewer.page
    page.route(f"**/materials/images/{gone.pk}/**", lambda route: route.abort())
    reviewer.open(f"/review/applications/{cases[0].number}/#image-{gone.pk}")
    on_case(reviewer, cases[0])
    said, stayed = page.locator("[data-stage-missing]"), page.locator(f"#image-{gone.pk} input:checked")
    expect(said).to_be_visible()
    expect(said).to_contain_text("未能加载。请刷新页面；刷新以后仍然看不到的，请联系操作员")
    shown(page, "keyboard-missing")
    page.keyboard.press("a")  # on to the next
    expect(said).to_be_hidden()
    for number in (1, 2, 3):
        expect(seen(page)).to_have_count(number)
        page.keyboard.press("a")
        expect(page.locator("input[value=ok]:checked")).to_have_count(number)
    page.keyboard.press("g")
    expect(said).to_be_visible()
    expect(page.locator("[data-verdict]:not(:has(input:checked))")).to_have_count(1)
    expect(stayed).to_have_count(0)
    page.unroute_all()
    page.reload()
    page.locator("[data-tools]").evaluate("(tools) => tools.scrollIntoView()")  # the page opens at its top
    expect(page.locator(f"#image-{gone.pk}")).to_have_attribute("data-displayed", "")
    expect(said).to_be_hidden()
    reviewer.complaints.clear()  # that it was not loaded


def test_a_case_is_returned_by_keyboard_with_its_reason(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    page.keyboard.press("n")
    on_case(reviewer, cases[0])
    not_ok_for_the_first_reason(page)
    page.keyboard.press("r")
    expect(page.locator("[data-act=return]")).to_be_focused()
    shown(page, "keyboard-return")
    with leads_on(page):
        page.keyboard.press("Enter")
    on_case(reviewer, cases[1])
    returned = Application.objects.get(pk=cases[0].pk)
    assert (returned.status, [*returned.unlocked["images"].values()]) == ("returned", [reasons.STANDARD[0][2]])


def test_a_return_is_listed_before_it_is_sent_and_taken_back_by_a_key(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    page.keyboard.press("n")
    on_case(reviewer, cases[0])
    expect(page.locator("[data-sheet][data-displayed]")).to_have_count(1)
    not_ok_for_the_first_reason(page)
    page.keyboard.press("r")
    expect(page.locator("[data-act=return]")).to_be_focused()
    expect(page.locator("[data-returned] li")).to_have_count(1)
    expect(page.locator("[data-returned] li")).to_contain_text(reasons.STANDARD[0][2])
    expect(page.locator("[data-unjudged]")).to_be_visible()
    expect(page.locator("[data-unjudged]")).to_contain_text("张图片没有判定")
    with leads_on(page):
        page.keyboard.press("Enter")
    on_case(reviewer, cases[1])
    with leads_on(page):
        page.keyboard.press("u")
    on_case(reviewer, cases[0])
    expect(page.locator("[data-verdict] input[value=not_ok]:checked")).to_have_count(1)
    undone = Application.objects.get(pk=cases[0].pk)
    decision = undone.records.order_by("-pk")[1]
    assert (undone.status, decision.data["how"]["displayed"]) == ("point_review", 1)


def test_verdicts_are_kept_while_the_case_is_left_and_the_connection_is_gone(cases, person):
    reviewer = judging_without_a_connection(person, cases[0])
    page = reviewer.page
    assert DraftVerdicts.objects.count() == 0
    with page.expect_response("**/draft/"):
        reviewer.context.set_offline(False)
    reviewer.complaints.clear()  # that there was no connection
    page.reload()
    on_case(reviewer, cases[0])
    expect(page.locator("input[value=not_ok]:checked")).to_have_count(1)
    expect(page.locator("select:has(option[value=unclear]:checked)")).to_have_count(1)


def test_an_answer_that_comes_after_all_is_well_again_says_nothing(cases, person):
    reviewer = judging_without_a_connection(person, cases[0])
    page = reviewer.page
    reviewer.complaints.clear()  # that there was no connection
    asked = []
    page.route("**/session/", lambda route: asked.append(route))
    with page.expect_response("**/draft/"):
        reviewer.context.set_offline(False)
    expect(page.locator("[data-when=offline]")).to_have_count(0)
    assert len(asked) == 1
    with page.expect_response("**/session/") as answered:
        asked[0].continue_()
    answered.value.finished()
    page.evaluate("new Promise((done) => setTimeout(done))")  # what follows the answer has been done
    assert reviewer.complaints == []
    expect(page.locator("[data-when=offline]")).to_have_count(0)


def test_the_next_cases_pictures_are_there_before_it_is_opened(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    image = cases[1].images.get(category="diploma")
    with page.expect_response(f"**/materials/images/{image.pk}/"):
        page.keyboard.press("n")
    assert set(Look.objects.values_list("application", "kind")) == {(cases[0].pk, "case")}


def test_the_keys_are_a_key_away_and_so_is_the_specimen(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    reviewer.open(f"/review/applications/{cases[0].number}/")
    on_case(reviewer, cases[0])
    page.keyboard.press("?")
    expect(page.locator("[data-help]")).to_be_visible()
    shown(page, "keyboard-help")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("s")
    expect(page.locator("[data-specimens=identity]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    shown(page, "keyboard-case")


def test_the_second_of_two_tabs_is_told_who_was_first_and_changes_nothing(cases, person):
    reviewer = at_work(person)
    address = f"/review/applications/{cases[0].number}/"
    reviewer.open(address)
    other = reviewer.context.new_page()
    other.goto(reviewer.base + address)
    for page in (reviewer.page, other):
        not_ok_for_the_first_reason(page)
        page.keyboard.press("r")
        expect(page.locator("[data-act=return]")).to_be_focused()
        with leads_on(page):
            page.locator("[data-act=return]").press("Enter")
    expect(other.locator("h1")).to_have_text("该申请已由他人处理")
    expect(other.locator("main")).to_contain_text("point-1101001")
    assert Application.objects.get(pk=cases[0].pk).times_returned == 1
    reviewer.complaints.clear()  # Chromium says 409 on its console


def test_lists_and_figures_at_a_desk_and_on_a_tablet(cases, person):
    pass_on(cases[1])
    reviewer = at_work(person)
    for name in ("applications", "progress", "reviewers", "applications/export"):
        reviewer.open(f"/review/{name}/")
        shown(reviewer.page, f"reviewer-{name.rpartition('/')[2]}")


def test_a_picture_is_zoomed_moved_and_turned_by_wheel_keys_and_drag(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    reviewer.open(f"/review/applications/{cases[0].number}/")
    on_case(reviewer, cases[0])
    picture, stage = page.locator("[data-stage] .viewer-canvas img"), page.locator("[data-stage]")
    expect(picture).to_have_js_property("complete", True)
    page.locator("[data-tools]").evaluate("(tools) => tools.scrollIntoView()")  # where the first key leads
    fitted = stands_still(page, picture)
    assert fitted["width"] == pytest.approx(box(stage)["width"], abs=2)
    page.mouse.move(box(stage)["x"] + 300, box(stage)["y"] + 100)
    page.mouse.wheel(0, -200)
    expect_box(page, picture, lambda now: now["height"] > fitted["height"] * 1.1)
    larger = box(picture)
    page.mouse.down()
    page.mouse.move(box(stage)["x"] + 350, box(stage)["y"] + 130, steps=4)
    page.mouse.up()
    assert (box(picture)["x"] - larger["x"], box(picture)["y"] - larger["y"]) == pytest.approx((50, 30), abs=1)
    page.keyboard.press("Shift+ArrowLeft")
    assert box(picture)["x"] > larger["x"] + 60
    page.keyboard.press("0")
    expect_box(page, picture, lambda now: now == pytest.approx(fitted, abs=1))
    page.keyboard.press("l")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-place]")).to_contain_text("2 /")
    page.keyboard.press("ArrowLeft")  # turned it stays, as long as the page is open
    expect_box(
        page,
        picture,
        lambda now: now["width"] / now["height"] == pytest.approx(fitted["height"] / fitted["width"], 0.01),
    )
    shown(page, "viewer-turned")


def test_a_zoom_is_still_there_when_the_page_is_opened_again(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    reviewer.open(f"/review/applications/{cases[0].number}/")
    on_case(reviewer, cases[0])
    picture = page.locator("[data-stage] .viewer-canvas img")
    fitted = stands_still(page, picture)
    page.keyboard.press("+")
    expect_box(page, picture, lambda now: now["width"] > fitted["width"] * 1.1)
    page.reload()
    expect_box(page, picture, lambda now: now["width"] > fitted["width"] * 1.1)


def test_a_tablet_swipes_to_the_next_picture_and_pinches_this_one(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    page.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
    reviewer.open(f"/review/applications/{cases[0].number}/")
    on_case(reviewer, cases[0])
    picture = page.locator("[data-stage] .viewer-canvas img")
    expect(picture).to_have_js_property("complete", True)
    page.locator("[data-tools]").evaluate("(tools) => tools.scrollIntoView()")  # where the first key leads
    fitted = stands_still(page, picture)
    stage = box(page.locator("[data-stage]"))
    x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    fingers(page, [[(x - 30 - by, y), (x + 30 + by, y)] for by in range(0, 60, 10)])
    assert box(picture)["width"] > fitted["width"] * 2
    page.keyboard.press("0")
    expect_box(page, picture, lambda now: now == pytest.approx(fitted, abs=1))
    swiped = [[(x + 240 - by, y)] for by in range(0, 480, 30)]  # more than half the stage
    fingers(page, [swiped[0], *swiped])  # what a finger does first may be to move by nothing
    expect(page.locator("[data-place]")).to_contain_text("2 /")


def fingers(page, places):
    """Touch with one or more fingers, and move them from place to place."""
    touch = page.context.new_cdp_session(page)
    kinds = ["touchStart", *["touchMove"] * (len(places) - 1), "touchEnd"]
    for kind, points in zip(kinds, [*places, []], strict=True):
        touch_points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touch_points})
        drawn(page)


def test_an_export_shows_how_far_it_has_come(cases, person):
    reviewer = at_work(person)
    page = reviewer.page
    reviewer.open("/review/applications/export/")
    with page.expect_download():
        page.click("[data-download] >> nth=1")
    expect(page.locator("[data-state=complete]")).to_contain_text("2 / 2 份")
    shown(page, "export-progress")


def box(locator):
    return locator.bounding_box()


def drawn(page):
    """Return when the page has been drawn twice more: whoever watches what comes into the window has been told."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    )


def expect_box(page, locator, holds):
    for _ in range(600):
        if locator.count() and holds(box(locator) or {"width": 1, "height": 1}):
            return
        drawn(page)
    raise AssertionError(box(locator))


def stands_still(page, locator):
    """Return its box, once it has stopped moving."""
    for _ in range(600):
        before = box(locator)
        drawn(page)
        if box(locator) == before:
            return before
    raise AssertionError(box(locator))
