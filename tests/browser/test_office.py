"""A head divides the work, somebody is away, a deputy comes, and a second look sees nothing of the first."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from candidates.applications.workflow import Actor
from candidates.models import Application, Record
from review.cases import reasons
from review.models import OfficeSetting, SecondLook
from review.office import samples
from tests.browser.conftest import leads_on, shot
from tests.browser.deciding import Keys, looks_at_every_picture
from tests.factories import make_application, make_reviewer, make_units, pass_on

TABLET = (820, 1180)


@pytest.fixture
def units():
    reasons.add_missing()
    return make_units()


def at_work(person, account, path="/review/applications/"):
    somebody = person()
    somebody.comes_as(account)
    somebody.open(path)
    return somebody


def shown(page, name):
    """Pictures at a desk's and at a tablet's width, for the eye; neither scrolls sideways."""
    for width, height in ((1280, 900), TABLET):
        page.set_viewport_size({"width": width, "height": height})
        shot(page, f"{name}-{width}", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def press(page, name):
    with leads_on(page):
        page.get_by_role("button", name=name).click()


def is_in(page, text):
    expect(page.locator("main")).to_contain_text(text)


def test_a_head_divides_what_waits_and_everybody_gets_the_own_next(person, units):
    point = units["1101001"]
    for _ in range(4):
        make_application("point_review")
    head = make_reviewer(point, username="head", is_head=True)
    _, bert = (make_reviewer(point, username=name) for name in ("anna", "bert"))
    at = at_work(person, head, "/review/office/assignment/")
    is_in(at.page, "未分派 4")
    at.page.get_by_label("head ").uncheck()  # who is there is ticked
    with leads_on(at.page):
        at.page.keyboard.press("g")
    expect(at.page.locator("h1")).to_contain_text("分派 4 份")
    shown(at.page, "assignment-asked")
    assert Application.objects.exclude(assigned_to=None).count() == 0  # asked only
    with leads_on(at.page):
        at.page.keyboard.press("g")
    is_in(at.page, "未分派 0")
    shown(at.page, "assignment")
    assert {one.assigned_to.username for one in Application.objects.select_related("assigned_to")} == {"anna", "bert"}

    mine = at_work(person, bert)
    with leads_on(mine.page):
        mine.page.keyboard.press("n")
    number = mine.page.locator("h1").inner_text()
    assert Application.objects.get(number=number).assigned_to == bert


def test_who_is_away_lets_go_and_the_head_reads_which(person, units):
    point = units["1101001"]
    case = make_application("point_review")
    head = make_reviewer(point, username="head", is_head=True)
    anna = make_reviewer(point, username="anna")
    Application.objects.filter(pk=case.pk).update(assigned_to=anna)
    today = timezone.localdate()
    away = at_work(person, anna, "/review/office/presence/")
    away.page.get_by_label("从", exact=False).first.fill(f"{today:%Y-%m-%d}")
    away.page.get_by_label("至", exact=False).first.fill(f"{today:%Y-%m-%d}")
    press(away.page, "登记缺勤")
    is_in(away.page, "1 份")
    shown(away.page, "presence")
    assert Application.objects.get(pk=case.pk).assigned_to is None

    at = at_work(person, head, "/review/office/presence/")
    at.page.get_by_text("1 份").click()
    is_in(at.page, case.number)
    at.open("/review/office/")
    is_in(at.page, f"缺勤至 {today:%Y-%m-%d}")
    shown(at.page, "office-away")


def test_a_deputy_acts_for_the_unit_below_and_goes_back(person, units):
    point = units["1101001"]
    case = make_application("point_review")
    chief = make_reviewer(point.parent, username="chief", is_head=True)
    ben, anna = make_reviewer(point.parent, username="ben"), make_reviewer(point, username="anna")
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    away = at_work(person, anna, "/review/office/presence/")
    away.page.get_by_label("从", exact=False).first.fill(f"{today:%Y-%m-%d}")
    away.page.get_by_label("至", exact=False).first.fill(f"{tomorrow:%Y-%m-%d}")
    press(away.page, "登记缺勤")

    lends = at_work(person, chief, "/review/office/deputies/")
    is_in(lends.page, f"今天没有人在岗的下级单位{point.name}")
    lends.page.get_by_label("派谁").select_option("ben")
    lends.page.get_by_label("代理哪个单位").select_option(point.code)
    lends.page.get_by_label("从", exact=True).fill(f"{today:%Y-%m-%d}")
    lends.page.get_by_label("至（含当天）").fill(f"{today:%Y-%m-%d}")
    press(lends.page, "指派代理")
    is_in(lends.page, "ben")
    shown(lends.page, "deputies-lent")

    deputy = at_work(person, ben, "/review/office/deputies/")
    press(deputy.page, f"开始代理{point.name}")
    expect(deputy.page.locator("body")).to_contain_text(f"现在代理{point.name}")
    deputy.open("/review/applications/")
    is_in(deputy.page, case.number)
    shown(deputy.page, "deputy-queue")
    press(deputy.page, "结束代理")
    deputy.open("/review/applications/")
    expect(deputy.page.locator("body")).not_to_contain_text("现在代理")
    expect(deputy.page.locator("main")).not_to_contain_text(case.number)


def test_a_second_look_sees_nothing_of_the_first_and_lets_the_case_move(person, units, monkeypatch):
    monkeypatch.setattr(samples, "is_drawn", lambda *named: True)
    site = units["1101"]
    OfficeSetting.objects.create(unit=site, share=20)
    case = make_application("site_review")
    first = make_reviewer(site, username="first")
    second = make_reviewer(site, username="second")
    with monkeypatch.context() as there:
        there.setattr("tests.factories._reviewer_of", lambda application: Actor.of(first))
        pass_on(case)
    assert Application.objects.get(pk=case.pk).status == "site_review"
    assert SecondLook.objects.get().application == case

    at = at_work(person, first)
    expect(at.page.locator("main")).not_to_contain_text(case.number)

    mine = at_work(person, second)
    is_in(mine.page, case.number)
    mine.open(f"/review/applications/{case.number}/")
    expect(mine.page.locator("h1")).to_have_text(case.number)
    expect(mine.page.locator("body")).not_to_contain_text("first")
    shown(mine.page, "second-look")
    looks_at_every_picture(mine.page)
    Keys(mine.page).press("g")
    with leads_on(mine.page):
        mine.page.keyboard.press("p")
    assert Application.objects.get(pk=case.pk).status == "region_review"
    decided = Record.objects.filter(application=case, level="site").order_by("id")
    assert [(one.action, one.account) for one in decided] == [("first_pass", first), ("second_pass", second)]
