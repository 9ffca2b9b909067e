"""A page whose account has another upload at work: it waits for its turn, and sends then."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_materials import a_file, a_scan, arrived, choose, send, stored, tiles
from tests.factories import make_application
from tests.materials.test_turns import OURS, another_process, ask

WAITS = "前面的图片还在处理，轮到后自动上传，请不要关闭页面。"


@pytest.fixture
def application():
    return make_application("registered")


@pytest.fixture
def candidate(application, person):
    somebody = arrived(person(PHONE), application)
    yield somebody
    somebody.complaints.clear()  # the console tells of each answer of 429


@contextmanager
def another_upload(application):
    with another_process() as other:
        assert ask(other, OURS, application.account_id)
        yield


def test_pictures_wait_for_another_upload_and_go_then_one_after_another(candidate, application):
    page = candidate.page
    choose(page, a_file(a_scan(1), "1.jpg"), a_file(a_scan(2), "2.jpg"))
    notes = page.locator("#upload-identity .queue-note")
    with another_upload(application):
        send(page)
        expect(notes).to_have_text([WAITS, "等待上传"])
        candidate.fits("materials-busy")
        assert page.evaluate("window.onbeforeunload()") is True
    expect(tiles(page)).to_have_count(2)
    assert ([one.warnings for one in stored()], page.evaluate("window.onbeforeunload()")) == ([[], []], None)


def test_who_has_waited_long_enough_is_asked_and_may_try_again(candidate, application):
    page = candidate.page
    page.clock.install()
    choose(page, a_file(a_scan()))
    note = page.locator("#upload-identity .queue-note")
    with another_upload(application):
        send(page)
        expect(note).to_have_text(WAITS)
        page.clock.fast_forward("11:00")
        expect(note).to_have_text("没有上传：您的另一次上传还没有处理完，这次没有保存。请稍等几秒再传。")
    page.get_by_label("重试 scan.jpg").press("Enter")
    expect(tiles(page)).to_have_count(1)


def test_of_two_tabs_that_send_at_once_both_send_all(candidate, application):
    tabs = [candidate.page, candidate.context.new_page()]
    tabs[1].goto(candidate.page.url)
    for number, page in enumerate(tabs):
        choose(page, *[a_file(a_scan(10 * number + seed), f"{seed}.jpg") for seed in (1, 2, 3)])
    for page in tabs:
        page.click("#upload-identity button[type=submit]", no_wait_after=True)
    for page in tabs:
        expect(page.locator("section#identity .tile img").nth(2)).to_be_visible()
    tabs[0].reload()
    expect(tiles(tabs[0])).to_have_count(6)


def test_without_a_script_the_page_says_that_another_upload_is_at_work(application, person):
    candidate = arrived(person(script=False), application)
    page = candidate.page
    page.goto(f"{candidate.base}/materials/")
    page.set_input_files("#images-identity", [a_file(a_scan())])
    with another_upload(application):
        page.locator("#upload-identity form").evaluate("form => form.submit()")
        expect(page.get_by_text("您的另一次上传还没有处理完，这次没有保存。请稍等几秒再传。")).to_be_visible()
    candidate.fits("materials-busy-without-script")
