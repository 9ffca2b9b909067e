"""What the scripts do by themselves: in time, at the end of a page, in their order, and once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from candidates.models import Account, Application
from materials.models import MaterialImage
from review.appointments import board
from review.models import DraftVerdicts, ExportRun, Hold
from tests.browser.test_form import FORM, leaves_asking
from tests.browser.test_materials import a_file, a_scan, choose, send
from tests.browser.test_scanner import Desk, cases, desk, here  # noqa: F401 (fixtures)
from tests.factories import make_application, make_reviewer
from tests.waiting import wait_until


@pytest.fixture
def case(cases):  # noqa: F811
    return cases[0]


@pytest.fixture
def at_the_case(desk: Desk, case):  # noqa: F811
    """A reviewer at the case, whose first picture is shown; the page's clock stands still."""
    desk.at(here(case))

    def is_shown():
        desk.wait(100)  # the page looks by its clock, which only we move
        return desk.page.locator("[data-sheet][data-displayed]:visible").count() == 1

    wait_until(is_shown, "the first picture is not shown")
    return desk


def not_ok_for_the_first_reason(desk):  # noqa: F811
    desk.type("x1", 90, end=())
    expect(desk.page.locator("input[value=not_ok]:checked")).to_have_count(1)


def judged():
    """What is kept of the verdicts: whose pictures are not in order."""
    draft = DraftVerdicts.objects.first()
    return sorted(one["verdict"] for one in draft.judged.values()) if draft else []


@pytest.fixture
def forgiven(person):
    """Those whose console may tell of what the test itself has cut off, until the browser is closed."""
    people = []
    yield people
    for somebody in people:
        somebody.complaints.clear()


def and_back(page):
    """To the server and back: what was on its way before has been told by now."""
    page.evaluate("fetch('/healthz').then((answer) => answer.text())")


# --- the waiting room's screen ----------------------------------------------------------------------------------------


def test_the_board_tells_of_a_second_try_without_an_answer_until_there_is_one(forgiven, case, person):
    screen = person()
    forgiven.append(screen)
    page = screen.page
    address = f"/review/desk/board/{board.renew(case.point, by=make_reviewer(case.point, username='clerk')).token}/"
    page.clock.install()
    screen.open(address)
    page.route(f"**{address}", lambda route: route.abort())
    for is_told in (False, True):
        with page.expect_event("requestfailed"):
            page.clock.run_for(5_000)
        and_back(page)
        expect(page.locator("[data-board-cut]")).to_be_visible(visible=is_told)
    page.unroute(f"**{address}")
    page.clock.run_for(5_000)
    expect(page.locator("[data-board-cut]")).to_be_hidden()


# --- a list that is downloaded ----------------------------------------------------------------------------------------


def test_how_far_a_download_has_come_is_asked_until_it_is_done(desk, case):  # noqa: F811
    now = timezone.now()
    words = {"kind": "table", "status": case.status, "number": 3, "started_at": now, "moved_at": now}
    run = ExportRun.objects.create(account=Account.objects.get(unit=case.point), **words)
    desk.at("/review/applications/export/", ready="[data-state=running]")
    for done in (1, 2, 3):
        ended = now if done == 3 else None
        ExportRun.objects.filter(pk=run.pk).update(done=done, ended_at=ended, moved_at=timezone.now())
        desk.wait(2_000)
        expect(desk.page.locator("[data-runs]")).to_contain_text(f"{done} / 3 份")


# --- a reviewer's case -----------------------------------------------------------------------------------------------


def test_the_hold_is_renewed_every_five_minutes_while_the_case_is_open(at_the_case):
    Hold.objects.update(until=timezone.now() + timedelta(seconds=1))
    with at_the_case.page.expect_response("**/hold/") as renewed:
        at_the_case.page.clock.run_for(5 * 60 * 1000)
    assert renewed.value.status == 204
    assert Hold.objects.get().until > timezone.now() + timedelta(minutes=5)


def test_what_was_judged_a_moment_before_the_page_is_left_is_kept(at_the_case):
    not_ok_for_the_first_reason(at_the_case)
    at_the_case.page.goto(f"{at_the_case.base}/review/applications/")
    wait_until(lambda: judged() == ["not_ok"], "it was not kept")


def test_what_could_not_be_kept_is_tried_again_by_itself(forgiven, at_the_case):
    page = at_the_case.page
    forgiven.append(at_the_case.somebody)
    page.route("**/draft/", lambda route: route.abort())
    not_ok_for_the_first_reason(at_the_case)
    at_the_case.wait(1000)
    expect(page.locator("[data-when=offline]")).to_be_visible()
    assert judged() == []
    page.unroute("**/draft/")
    with page.expect_response("**/draft/"):
        at_the_case.wait(5000)
    expect(page.locator("[data-said]")).to_have_text("审核意见已保存。")
    assert judged() == ["not_ok"]


def test_what_is_kept_is_sent_one_after_another_and_the_last_one_stays(at_the_case):
    page, asked = at_the_case.page, []
    page.route("**/draft/", lambda route: asked.append(route) if len(asked) < 2 else route.continue_())
    not_ok_for_the_first_reason(at_the_case)
    at_the_case.wait(1000)
    wait_until(lambda: page.evaluate("1") and len(asked) == 1, "nothing was sent")
    page.locator("[data-verdict]:visible input[value=ok]").check()
    at_the_case.wait(1000)
    and_back(page)
    assert len(asked) == 1
    asked[0].continue_()
    wait_until(lambda: page.evaluate("1") and len(asked) == 2, "the second was not sent")
    with page.expect_response("**/draft/"):
        asked[1].continue_()
    assert judged() == ["ok"]


def test_enter_in_a_field_decides_nothing(at_the_case, case):
    page, sent = at_the_case.page, []
    at_the_case.type("x", 90, end=())
    page.locator(".verdict-words:visible").fill("看不清。")
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.locator("[data-return] summary").click()
    for field in (".verdict-words:visible", "[data-return] input:visible >> nth=0"):
        page.locator(field).press("Enter")
        at_the_case.wait(1000)
    at_the_case.somebody.let_arrive()
    assert [address for address in sent if not address.endswith(("/draft/", "/hold/"))] == []
    assert Application.objects.get(pk=case.pk).status == "point_review"


def displayed(page):
    return page.locator("[data-sheet][data-displayed]").count()


def leads_to_the_next(at):
    """G, as long as a picture has not been displayed: it is shown now, for the half second that it takes."""
    at.type("g", 90, end=())
    at.wait()


def test_a_small_picture_that_cannot_be_shown_has_not_been_seen(forgiven, desk, case):  # noqa: F811
    forgiven.append(desk.somebody)
    broken = case.images.get(category="diploma")
    page = desk.page
    page.route(f"**/materials/images/{broken.pk}/thumbnail/", lambda route: route.abort())
    page.route(f"**/materials/images/{broken.pk}/", lambda route: route.abort())
    desk.at(here(case))
    desk.type("g", 90, end=())
    expect(page.locator(f"[data-of=image-{broken.pk}] [data-tile-mark]")).to_have_text("未能加载")
    wait_until(lambda: displayed(page) == 3 or leads_to_the_next(desk), "not all were displayed")
    desk.type("g", 90, end=())
    expect(page.locator("[data-said]")).to_have_text("3 张判为合格。1 张未能加载，没有判定。")
    expect(page.locator(f"#image-{broken.pk} input:checked")).to_have_count(0)


# --- a candidate's pages ---------------------------------------------------------------------------------------------


@pytest.fixture
def candidate(person):
    application = make_application("registered")
    somebody = person()
    somebody.comes_as(application.account)
    return somebody


def test_a_form_with_something_typed_is_not_left_without_a_word(candidate):
    page = candidate.page
    candidate.open(FORM)
    page.evaluate("document.querySelector('#section_basic').open = true")
    page.locator("[name=address]").press_sequentially("新")
    assert leaves_asking(page)


def test_a_form_with_nothing_typed_is_left_at_once(candidate):
    candidate.open(FORM)
    assert not leaves_asking(candidate.page)


def test_an_upload_that_gets_no_answer_in_two_minutes_may_be_tried_again(candidate):
    page, held = candidate.page, []
    page.add_init_script("""
        const { set } = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, "timeout");
        Object.defineProperty(XMLHttpRequest.prototype, "timeout", {
          set(milliseconds) { window.patience = milliseconds; set.call(this, 50); },
        });
    """)
    candidate.open("/materials/")
    page.route("**/materials/identity/*", lambda route: held.append(route))
    choose(page, a_file(a_scan(), "1.jpg"))
    send(page)
    expect(page.locator("#upload-identity .queue-note")).to_have_text(
        "没有上传：网络中断，没有传完。请检查网络后点“重试”。"
    )
    assert page.evaluate("window.patience") == 120_000
    assert MaterialImage.objects.count() == 0
    page.unroute_all()


def test_files_are_sent_in_the_order_in_which_they_were_chosen_one_at_a_time(candidate):
    page, held, names, chosen = candidate.page, [], [], ["1.jpg", "2.jpg", "3.jpg"]
    candidate.open("/materials/")

    def hold(route):
        held.append(route)
        names.extend(name for name in chosen if name.encode() in route.request.post_data_buffer)

    page.route("**/materials/identity/*", hold)
    choose(page, *[a_file(a_scan(seed), name) for seed, name in enumerate(chosen)])
    send(page)
    for count in (1, 2, 3):
        wait_until(lambda count=count: page.evaluate("1") and len(held) == count, "the next was not sent")
        and_back(page)
        assert len(held) == count
        held[-1].continue_()
    expect(page.locator("section#identity .tile img")).to_have_count(3)
    assert names == chosen


def test_a_form_that_is_pressed_again_while_it_is_being_sent_is_sent_once(candidate):
    candidate.open("/application/withdraw/")
    dropped = candidate.page.evaluate("""() => {
        const dropped = [];
        window.addEventListener("submit", (event) => { dropped.push(event.defaultPrevented); event.preventDefault(); });
        const button = document.querySelector("main form[method=post] button[type=submit]");
        button.click();
        button.click();
        return dropped;
    }""")
    assert dropped == [False, True]
