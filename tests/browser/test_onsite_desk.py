"""The on-site desk on a tablet: a scan marks who has come, a document camera's large file is made to fit."""

import base64
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from candidates.applications.workflow import Actor
from review.appointments import board, bookings, desk
from review.models import Appointment, AppointmentSetting, Capture
from tests.browser.conftest import leads_on
from tests.factories import a_picture, make_application, make_reviewer
from tests.review.onsite_days import make_slot, me
from tests.waiting import wait_until

TABLET = {"width": 1024, "height": 768}


@pytest.fixture
def case():
    case = make_application("point_review")
    AppointmentSetting.objects.create(point=case.point, is_on=True)
    now = timezone.now()
    slot = make_slot(case.point, now + timedelta(minutes=5), day=timezone.localdate(now))
    bookings.book(case.pk, slot=slot.pk, actor=me(case), now=now - timedelta(days=1))
    return case


@pytest.fixture
def clerk(case):
    return make_reviewer(case.point)


@pytest.fixture
def tablet(clerk, person):
    somebody = person()
    somebody.comes_as(clerk)
    somebody.page.set_viewport_size(TABLET)
    return somebody


def test_a_scan_marks_who_has_come_and_does_not_lead_away(tablet, case):
    tablet.open("/review/desk/")
    expect(tablet.page.locator("#arrive")).to_be_focused()
    with leads_on(tablet.page):
        tablet.page.keyboard.type(f"http://127.0.0.1:8000/verify/{case.notice_versions.get().code}/", delay=5)
        tablet.page.keyboard.press("Enter")
    expect(tablet.page.locator("h1")).to_have_text("受理窗口")
    expect(tablet.page.locator(".desk-number")).to_have_text("A001")
    assert Appointment.objects.get().state == "arrived"


def test_a_cameras_large_picture_is_made_to_fit_and_taken(tablet, case, clerk):
    row, actor = Appointment.objects.get(application=case), Actor.of(clerk)
    for deed in ("arrive", "call"):
        desk.do(row.pk, deed, actor=actor)
    photo = io.BytesIO()
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(photo, "JPEG", quality=95)
    tablet.open(f"/review/desk/{row.pk}/")
    file = {"name": "camera.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    tablet.page.set_input_files("#capture-image", files=[file])
    expect(tablet.page.locator("[data-capture-said]")).to_have_text("图片已选好，请核对类别后保存。")
    with leads_on(tablet.page):
        tablet.page.get_by_role("button", name="保存这张图片").click()
    expect(tablet.page.locator("#captures ~ * img, section:has(#captures) img")).to_have_count(1)
    assert Capture.objects.get().image.size <= 204_800


def dropped(page, onto):
    """Drop a picture of a document camera; return whether the page keeps the browser from opening it."""
    return page.locator(onto).first.evaluate(
        """(where, bytes) => {
            const carried = new DataTransfer();
            const content = Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0));
            carried.items.add(new File([content], "camera.jpg", { type: "image/jpeg" }));
            const there = { bubbles: true, cancelable: true, dataTransfer: carried };
            where.dispatchEvent(new DragEvent("dragover", there));
            return !where.dispatchEvent(new DragEvent("drop", there));
        }""",
        base64.b64encode(a_picture("degree").content).decode(),
    )


def test_a_file_dropped_onto_a_category_is_taken_for_it_and_elsewhere_it_leads_nowhere(tablet, case, clerk):
    row, actor = Appointment.objects.get(application=case), Actor.of(clerk)
    for deed in ("arrive", "call"):
        desk.do(row.pk, deed, actor=actor)
    tablet.open(f"/review/desk/{row.pk}/")
    said = tablet.page.locator("[data-capture-said]")
    assert dropped(tablet.page, "h1")
    expect(said).to_have_text("JPEG 或 PNG，不超过 200 KB；较大的会自动缩小。")
    assert dropped(tablet.page, "#pictures-diploma")
    expect(said).to_have_text("图片已选好，请核对类别后保存。")
    expect(tablet.page.locator("#capture-category")).to_have_value("diploma")
    with leads_on(tablet.page):
        tablet.page.get_by_role("button", name="保存这张图片").click()
    assert Capture.objects.get().image.category == "diploma"


def test_the_rest_of_the_list_is_ticked_at_once_and_what_was_marked_stays(tablet, case, clerk):
    row, actor = Appointment.objects.get(application=case), Actor.of(clerk)
    for deed in ("arrive", "call"):
        desk.do(row.pk, deed, actor=actor)
    tablet.open(f"/review/desk/{row.pk}/")
    marks = tablet.page.locator(".marks")
    marks.first.locator("input[value=missing]").check()
    tablet.page.locator("[data-all-seen]").click()
    expect(marks.first.locator("input[value=missing]")).to_be_checked()
    expect(marks.locator("input[value=seen]:checked")).to_have_count(marks.count() - 1)


def test_the_board_shows_a_new_number_by_itself(tablet, case, clerk, person):
    token = board.renew(case.point, by=clerk).token
    screen = person()
    screen.open(f"/review/desk/board/{token}/")
    expect(screen.page.locator(".board-words")).to_have_text("现在没有叫号")
    row = desk.walk_in(case.point, actor=Actor.of(clerk))
    desk.do(row.pk, "call", actor=Actor.of(clerk))
    expect(screen.page.locator(".board-numbers strong")).to_have_text("B001", timeout=15_000)


def meets(page, asked, fate):
    page.route("**/board/**", lambda route: (asked.append(route), fate(route)))


def test_the_board_outlives_a_server_that_restarts_and_one_that_never_answers(case, clerk, person):
    token = board.renew(case.point, by=clerk).token
    row = desk.walk_in(case.point, actor=Actor.of(clerk))
    desk.do(row.pk, "call", actor=Actor.of(clerk))
    screen = person()
    screen.page.clock.install()
    screen.open(f"/review/desk/board/{token}/")
    number, cut = screen.page.locator(".board-numbers strong"), screen.page.locator("[data-board-cut]")
    expect(number).to_have_count(1)
    asked = []
    for fate in (lambda route: route.abort(), lambda route: None):  # gone; taken, and never answered
        meets(screen.page, asked, fate)
        for tries in (1, 2):
            screen.page.clock.run_for(5000)
            wait_until(lambda tries=tries: screen.page.evaluate("1") and len(asked) >= tries, "it asks no more")
            screen.page.clock.run_for(10_000)
        expect(cut).to_be_visible()
        expect(number).to_have_count(1)
        screen.page.unroute("**/board/**")
        asked.clear()
        screen.page.clock.run_for(15_000)
        expect(cut).to_be_hidden()
    screen.complaints.clear()  # the browser names what it could not have
