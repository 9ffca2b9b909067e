"""A candidate pays in Chromium, at the demo's cashier: by 支付宝, by 微信支付, and without coming back."""

import pytest

from review.models import Payment
from review.payments import cashier_keys
from tests.browser.conftest import leads_on
from tests.review.payments.case import IN_WECHAT, PHONE, cashier_running, make_due, status_of


@pytest.fixture
def running_cashier(settings, live_server, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings.BASE_URL, settings.DEMO = live_server.url, True
    with cashier_running(settings, cashier_keys.keys_in(tmp_path / "keys")) as running:
        yield running


def pressed(page, selector):
    with leads_on(page):
        page.click(selector)


def to_the_order(somebody, application, running_cashier):
    somebody.also = (running_cashier.address,)
    somebody.comes_as(application.account)
    somebody.open("/application/")
    pressed(somebody.page, "text=去缴费")
    somebody.fits("payment-due")
    pressed(somebody.page, "text=生成缴费订单")
    assert "付款方式" in somebody.page.inner_text("main")
    somebody.fits("payment-order")


def test_a_candidate_pays_by_alipay(person, running_cashier):
    application = make_due()
    candidate = person()
    page = candidate.page
    to_the_order(candidate, application, running_cashier)
    pressed(page, "a:has-text('支付宝')")
    assert "演示收银台" in page.inner_text("body")
    pressed(page, "button:has-text('取消')")
    assert status_of(application) == "payment_due"
    pressed(page, "a:has-text('支付宝')")
    pressed(page, "button:has-text('支付')")
    assert "/payment/?" in page.url
    assert "缴费已完成" in page.inner_text("main")
    candidate.fits("payment-paid")
    assert page.get_attribute("text=缴费凭证（PDF）", "href") == "/payment/receipt.pdf"
    assert Payment.objects.values_list("provider", "state").get() == ("alipay", "settled")


def test_a_candidate_pays_by_wechat_with_a_code(person, running_cashier):
    application = make_due()
    candidate = person()
    page = candidate.page
    to_the_order(candidate, application, running_cashier)
    pressed(page, "a:has-text('微信支付')")
    page.wait_for_selector("img.pay-code")
    candidate.fits("payment-code")
    for words in ("text=打开演示收银台", "button:has-text('支付')", "text=返回缴费页面"):
        pressed(page, words)
    assert ("缴费已完成" in page.inner_text("main"), status_of(application)) == (True, "paid")


def test_money_has_left_and_nothing_shows_until_the_candidate_asks(person, running_cashier):
    running_cashier.notify = lambda trade: False  # the notification is lost
    application = make_due()
    candidate = person()
    page = candidate.page
    to_the_order(candidate, application, running_cashier)
    pressed(page, "a:has-text('支付宝')")
    pressed(page, "button:has-text('支付')")
    assert "不要再付一次" in page.inner_text("main")
    candidate.fits("payment-returned")
    pressed(page, "button:has-text('查询支付结果')")
    assert ("缴费已完成" in page.inner_text("main"), status_of(application)) == (True, "paid")


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, ["a:has-text('微信支付')", "button:has-text('支付')"]),
        (IN_WECHAT, ["a:has-text('微信支付')", "text=打开演示收银台", "button:has-text('支付')"]),
    ],
)
def test_a_candidate_pays_on_a_phone_in_its_browser_and_inside_wechat(person, running_cashier, user_agent, words):
    application = make_due()
    candidate = person()
    candidate.page.set_extra_http_headers({"User-Agent": user_agent})
    to_the_order(candidate, application, running_cashier)
    for word in words:
        pressed(candidate.page, word)
    assert "缴费已完成" in candidate.page.inner_text("main")
    assert status_of(application) == "paid"


def test_what_is_paid_in_wechats_own_window_leads_back_to_the_payment(person, running_cashier):
    application = make_due()
    candidate = person()
    candidate.page.set_extra_http_headers({"User-Agent": IN_WECHAT})
    answer = "{ err_msg: 'get_brand_wcpay_request:ok' }"
    candidate.page.add_init_script(f"window.WeixinJSBridge = {{ invoke: (name, given, then) => then({answer}) }}")
    to_the_order(candidate, application, running_cashier)
    candidate.page.click("a:has-text('微信支付')")
    candidate.page.wait_for_url("**/payment/?returned=1")
