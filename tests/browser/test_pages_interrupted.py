"""Every page where a candidate fills something in or presses a button, interrupted: the form has a file of its own."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from candidates.models import Account, Application, LoginSession
from candidates.rules.moments import SHANGHAI
from review.models import Appointment, AppointmentSetting, PaymentOrder, Question, Slot
from review.office import questions
from tests.browser.conftest import PHONE, leads_on
from tests.browser.test_submitting import a_scan, arrives, choose
from tests.factories import PASSWORD, make_application, make_candidate, make_session, upload_required
from tests.materials.uploading import submitted
from tests.review.casework import actor
from tests.review.onsite_days import make_slot
from tests.review.payments.case import make_fee

HELP = "/help/"
NEW = "another-long-password-2027"
STANDS = """
    Object.fromEntries([...document.querySelectorAll('main form')].flatMap((form) => [...form.elements]
      .filter((one) => one.name && !['hidden', 'submit', 'password'].includes(one.type))
      .map((one) => [one.name + one.value.length + one.type, one.type === 'checkbox' ? one.checked : one.value])))
"""


def nobody():
    make_session()


def nobody_yet():
    """An account without an application."""
    make_session()
    return make_candidate()


def complete():
    application = make_application("registered")
    upload_required(application)
    return application.account


def sent_in():
    return submitted().account


def registered():
    return make_application("registered").account


def to_pay():
    application = make_application("payment_due")
    make_fee(application)
    return application.account


def asked():
    application = make_application("point_review")
    questions.ask(application.pk, actor=actor(application), seen=application.last_record_id, words="电话打不通。")
    return application.account


def to_book():
    """Its point offers one time, the day after next."""
    application = make_application("point_review")
    AppointmentSetting.objects.create(point=application.point, is_on=True, minutes=30, capacity=2, walk_in=0)
    in_two_days = timezone.localtime(timezone.now(), SHANGHAI) + timedelta(days=2)
    make_slot(application.point, in_two_days.replace(hour=9, minute=0, second=0, microsecond=0))
    return application.account


def nothing():
    return 0


@dataclass(frozen=True)
class Page:
    """Whose it is (who), what is typed and ticked there, and the button; `done` tells the database what it did.

    `{}` in the address is the question, or the day that can be booked. `secret`: what no page keeps, typed each time.
    """

    address: str
    who: object
    button: str
    typed: dict[str, str]
    ticked: tuple[str, ...] = ()
    done: object = nothing
    secret: tuple[tuple[str, str], ...] = ()


def count(**which):
    return lambda: Application.objects.filter(**which).count()


def new_passwords():
    return sum(not one.check_password(PASSWORD) for one in Account.objects.all())


def deleted():
    return int(not Account.objects.exists())


def answers():
    return Question.objects.exclude(answered_at=None).count()


PAGES = {
    "register": Page(
        "/register/",
        nobody,
        "注册",
        {"name": "阿依古丽·买买提", "document_number": "110101199003", "mobile": "1380000", "email": "a@example"},
        ("consent",),
    ),
    "log-in": Page("/login/", nobody, "登录", {"username": "1380000"}),
    "reset": Page("/password/", nobody, "获取验证码", {"username": "1380000"}),
    "account": Page("/account/", registered, "保存联系方式", {"mobile": "138", "email": "neu@example.com"}),
    "start": Page("/application/", nobody_yet, "开始报名", {}, done=count(status="draft")),
    "check": Page("/materials/submit/", complete, "提交审核", {}, ("declaration",), done=count(status="point_review")),
    "recall": Page("/application/recall/", sent_in, "撤回修改", {}, done=count(status="registered")),
    "withdraw": Page("/application/withdraw/", registered, "撤销报名", {}, done=count(status="withdrawn")),
    "question": Page("/question/{}/", asked, "提交答复", {"words": "已换号码，"}, done=answers),
    "payment": Page("/payment/", to_pay, "生成缴费订单", {}, done=PaymentOrder.objects.count),
    "password": Page(
        "/password/change/",
        registered,
        "修改密码",
        {},
        done=new_passwords,
        secret=(("password", PASSWORD), ("password1", NEW), ("password2", NEW)),
    ),
    "delete": Page("/account/delete/", nobody_yet, "删除账号", {}, done=deleted, secret=(("password", PASSWORD),)),
    "appointment": Page("/appointment/?day={}", to_book, "09:00–09:30 余 2，预约", {}, done=Appointment.objects.count),
}
OPEN = ("register", "log-in", "reset")  # without a log-in


class Visit:
    """One person at one page, who has filled it in."""

    def __init__(self, somebody, page):
        self.somebody, self.account = somebody, page.who()
        one = getattr(Question.objects.last(), "pk", None) or getattr(Slot.objects.last(), "day", None)
        self.of = replace(page, address=page.address.format(one))
        if self.account:
            somebody.comes_as(self.account)
        somebody.open(self.of.address)
        self.fill()

    @property
    def page(self):
        return self.somebody.page

    def fill(self):
        for name, value in self.of.typed.items():
            self.page.fill(f"[name={name}]", value)
        for name in self.of.ticked:
            self.page.check(f"[name={name}]")
        self.fill_secrets()

    def fill_secrets(self):
        for name, value in self.of.secret:
            self.page.fill(f"[name={name}]", value)

    def stands(self):
        return self.page.evaluate(STANDS)

    def button(self):
        return self.page.locator("main").get_by_role("button", name=self.of.button, exact=True)

    def log_in(self):
        self.page.fill("[name=username]", self.account.mobile)
        self.page.fill("[name=password]", PASSWORD)
        with leads_on(self.page):
            self.page.locator("main").get_by_role("button", name="登录").click()


@pytest.fixture
def visit(request, person):
    somebody = person(PHONE)
    yield Visit(somebody, PAGES[request.param])
    somebody.complaints.clear()  # Chromium's console tells of cut connections and refusals by itself


every_page = pytest.mark.parametrize("visit", PAGES, indirect=True)


@every_page
def test_reload_back_and_another_tab_leave_a_page_as_it_was_filled_in(visit):
    before = visit.stands()
    assert len(before) >= len(visit.of.typed) + len(visit.of.ticked)
    visit.page.reload()
    assert visit.stands() == before, "after a reload"
    visit.somebody.open(HELP)
    visit.page.go_back()
    assert visit.stands() == before, "after coming back"
    other = visit.somebody.context.new_page()
    other.goto(visit.somebody.base + visit.of.address)
    other.close()
    assert visit.stands() == before, "with another tab"
    visit.page.reload()
    assert visit.stands() == before, "after another tab"
    visit.somebody.fits(f"interrupted-{visit.of.address.partition('?')[0].strip('/').replace('/', '-')}")


@every_page
def test_without_a_connection_nothing_is_lost_and_done_once_afterwards(visit):
    before = visit.stands()
    visit.somebody.context.set_offline(True)
    visit.button().click()
    visit.somebody.context.set_offline(False)
    visit.somebody.open(visit.of.address)
    assert (visit.stands(), visit.of.done()) == (before, 0)
    visit.fill_secrets()
    with leads_on(visit.page):
        visit.button().click()
    visit.page.reload()
    assert visit.of.done() == (visit.of.done is not nothing)
    visit.page.go_back()
    visit.page.reload()
    assert visit.of.done() == (visit.of.done is not nothing)
    assert visit.page.locator("h1").count() == 1


@pytest.mark.parametrize("visit", [name for name in PAGES if name not in OPEN], indirect=True)
def test_after_the_session_has_ended_a_press_leads_back_to_what_was_filled_in(visit):
    before = visit.stands()
    LoginSession.objects.all().delete()
    with leads_on(visit.page):
        visit.button().click()
    visit.log_in()
    assert visit.of.done() == 0
    assert visit.page.url == visit.somebody.base + visit.of.address
    assert visit.stands() == before


@pytest.mark.parametrize("visit", ["register", "log-in", "reset", "account"], indirect=True)
def test_after_a_refusal_reload_and_back_show_what_was_typed_and_what_is_wrong(visit):
    if visit.of.address == "/password/":
        visit.page.fill("[name=username]", " ")
    with leads_on(visit.page):
        visit.button().click()
    expect(visit.page.locator("[data-error-summary]")).to_be_visible()
    before = visit.stands()
    visit.page.reload()
    assert (visit.stands(), visit.page.locator("[data-error-summary]").count()) == (before, 1)
    visit.page.fill("main form[data-typed] input[type=text] >> nth=0", "1390000")
    before = visit.stands()
    visit.somebody.open(HELP)
    visit.page.go_back()
    assert (visit.stands(), visit.page.locator("[data-error-summary]").count()) == (before, 1)


def test_files_that_are_chosen_and_not_sent_are_asked_about_before_the_page_is_left(person):
    page = arrives(person(PHONE), make_application("registered"))
    assert page.evaluate("window.onbeforeunload()") is None
    choose(page, "identity", a_scan("identity"))
    expect(page.locator("#upload-identity [data-queue] li")).to_have_count(1)
    assert page.evaluate("window.onbeforeunload()") is True
    page.click("#upload-identity [data-discard]")
    assert page.evaluate("window.onbeforeunload()") is None
