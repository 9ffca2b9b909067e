"""Who has no mobile, on a phone without a script: a code to the e-mail, the registration, the log-in, the reset."""

import re
from datetime import timedelta

import pytest
from django.db.models import F

from candidates.models import Account, OneTimeCode
from tests.browser.conftest import PHONE, leads_on
from tests.factories import PASSWORD, make_session
from tests.sent import Sent
from tests.waiting import wait_until

EMAIL, NEW = "ana@example.com", "heron-by-the-river"
SENT = Sent()


def keep(account, subject, text):
    if "验证码" in subject:
        SENT.kept.append(re.search(r"\d{6}", text)[0])


@pytest.fixture
def somebody(person, settings):
    SENT.kept.clear()
    make_session()
    settings.CONFIRM_MOBILE = True
    settings.SENDER = f"{__name__}.keep"
    return person(PHONE, script=False)


def press(page):
    with leads_on(page):
        page.click("main form button[type=submit]")


def type_code(page, count):
    wait_until(lambda: len(SENT) == count, "no code was sent")
    page.fill("[name=code]", SENT[-1])


def type_passwords(page, password):
    page.fill("[name=password1]", password)
    page.fill("[name=password2]", password)


def test_an_email_registers_logs_in_and_resets(somebody):
    page = somebody.page
    somebody.open("/register/")
    somebody.snap("confirm-mobile")
    page.click("text=用电子邮箱注册")
    page.fill("[name=email]", EMAIL)
    somebody.snap("confirm-email")
    press(page)
    type_code(page, 1)
    somebody.snap("email-code")
    press(page)

    page.fill("[name=name]", "Ana Lovelace")
    page.select_option("[name=document_type]", "passport")
    page.fill("[name=document_number]", "AB1234567")
    page.fill("[name=valid_until][type=date]", "2099-01-01")
    type_passwords(page, PASSWORD)
    page.check("[name=consent]")
    somebody.snap("register-by-email")
    press(page)
    assert (page.url, Account.objects.get().email) == (f"{somebody.base}/application/", EMAIL)

    OneTimeCode.objects.update(sent_at=F("sent_at") - timedelta(minutes=2))
    somebody.context.clear_cookies()
    somebody.open("/password/")
    page.fill("[name=username]", EMAIL.upper())
    press(page)
    type_code(page, 2)
    type_passwords(page, NEW)
    press(page)
    somebody.log_in(EMAIL, NEW)
    assert page.url == f"{somebody.base}/application/"

    somebody.open("/account/")
    somebody.snap("account-by-email")
    page.fill("[name=email]", "b@example.com")
    page.fill("[name=password]", NEW)
    press(page)
    assert Account.objects.get().email == EMAIL
