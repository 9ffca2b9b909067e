"""A reviewer adds a passkey and logs in with it, in Chromium with a virtual authenticator (WebAuthn)."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from candidates.accounts import second_factor
from candidates.models import Passkey, SecondFactor
from tests.browser.conftest import leads_on
from tests.factories import PASSWORD, make_reviewer, make_session, make_units

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def reviewer():
    make_session()
    return make_reviewer(make_units()["11"])


@pytest.fixture
def somebody(person, settings):
    """A browser with a device, at the portal's name: there are no passkeys for an address of numbers."""
    somebody = person()
    somebody.base = somebody.base.replace("127.0.0.1", "localhost")
    settings.SECOND_FACTOR, settings.BASE_URL = True, somebody.base
    devices = somebody.context.new_cdp_session(somebody.page)
    devices.send("WebAuthn.enable")
    device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    somebody.has_no_device = lambda: devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    return somebody


def code_of(secret):
    return f"{second_factor.totp(secret, timezone.now()).token():06}"


def test_a_passkey_is_added_and_opens_the_next_log_in(somebody, reviewer):
    secret, page = second_factor.new_secret(), somebody.page
    second_factor.enrol(reviewer, secret, code_of(secret))
    SecondFactor.objects.update(last_step=0)
    somebody.log_in(reviewer.username, PASSWORD)
    page.fill("[name=code]", code_of(secret))
    with leads_on(page):
        page.click("main button[type=submit]")

    somebody.open("/second-factor/passkeys/")
    somebody.snap("passkeys")
    page.fill("[name=label]", "办公室电脑")
    page.get_by_role("button", name="添加通行密钥").click()
    expect(page.get_by_role("button", name="移除 办公室电脑")).to_be_visible()
    assert Passkey.objects.get().account == reviewer

    somebody.open("/logout/")
    with leads_on(page):
        page.locator("main button[type=submit]").click()
    somebody.log_in(reviewer.username, PASSWORD)
    page.get_by_role("link", name="用通行密钥").click()
    somebody.snap("passkey")
    page.get_by_role("button", name="用通行密钥继续").click()
    expect(page).to_have_url(somebody.base + "/review/applications/")
    assert Passkey.objects.get().used_at is not None


def test_without_the_device_the_page_says_what_to_do_instead(somebody, reviewer):
    secret, page = second_factor.new_secret(), somebody.page
    second_factor.enrol(reviewer, secret, code_of(secret))
    Passkey.objects.create(
        account=reviewer, label="丢了的", credential=b"x" * 16, public_key=b"x", added_at=timezone.now()
    )
    somebody.has_no_device()
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new Error('no device'))")
    somebody.log_in(reviewer.username, PASSWORD)
    page.get_by_role("link", name="用通行密钥").click()
    page.get_by_role("button", name="用通行密钥继续").click()
    expect(page.locator("[data-passkey-note]")).to_be_visible()
    page.get_by_role("link", name="用验证器的验证码").click()
    expect(page.locator("[name=code]")).to_be_visible()
