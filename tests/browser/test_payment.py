"""A candidate pays in Chromium, at the demo's cashier: by 支付宝, by 微信支付, and without coming back."""

import re

import pytest

from review.models import Payment
from review.payments import cashier_keys
from tests.factories import PASSWORD
from tests.review.payments.case import cashier_running, make_due, status_of


@pytest.fixture
def running_cashier(settings, live_server, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings.BASE_URL, settings.DEMO = live_server.url, True
    with cashier_running(settings, cashier_keys.keys_in(tmp_path / "keys")) as running:
        yield running


def to_the_order(somebody, application, running_cashier):
    somebody.also = (running_cashier.address,)
    somebody.log_in(application.account.mobile, PASSWORD)
    somebody.open("/application/")
    somebody.page.click("text=去缴费")
    somebody.page.wait_for_url("**/payment/")
    somebody.fits("payment-due")
    somebody.page.click("text=生成缴费订单")
    somebody.page.wait_for_selector("text=付款方式")
    somebody.fits("payment-order")


def test_a_candidate_pays_by_alipay_and_prints_the_receipt(person, running_cashier):
    application = make_due()
    candidate = person()
    page = candidate.page
    to_the_order(candidate, application, running_cashier)
    page.click("a:has-text('支付宝')")
    page.wait_for_selector("text=演示收银台")
    page.click("button:has-text('取消')")
    page.wait_for_url("**/payment/")
    assert status_of(application) == "payment_due"
    page.click("a:has-text('支付宝')")
    page.click("button:has-text('支付')")
    page.wait_for_url(re.compile("/payment/[?]"))
    page.wait_for_load_state()
    assert "缴费已完成" in page.inner_text("main")
    candidate.fits("payment-paid")
    page.click("text=查看并打印收据")
    assert "200.00 元" in page.inner_text("main")
    candidate.fits("payment-receipt")
    assert Payment.objects.values_list("provider", "state").get() == ("alipay", "settled")


def test_a_candidate_pays_by_wechat_with_a_code(person, running_cashier):
    application = make_due()
    candidate = person()
    page = candidate.page
    to_the_order(candidate, application, running_cashier)
    page.click("a:has-text('微信支付')")
    page.wait_for_selector("img.pay-code")
    candidate.fits("payment-code")
    page.click("text=打开演示收银台")
    page.click("button:has-text('支付')")
    page.click("text=返回缴费页面")
    page.wait_for_url("**/payment/")
    assert ("缴费已完成" in page.inner_text("main"), status_of(application)) == (True, "paid")


def test_money_has_left_and_nothing_shows_until_the_candidate_asks(person, running_cashier):
    running_cashier.notify = lambda trade: False  # the notification is lost
    application = make_due()
    candidate = person()
    page = candidate.page
    to_the_order(candidate, application, running_cashier)
    page.click("a:has-text('支付宝')")
    page.click("button:has-text('支付')")
    page.wait_for_url(re.compile("/payment/[?]"))
    assert "不要再付一次" in page.inner_text("main")
    candidate.fits("payment-returned")
    page.click("button:has-text('查询支付结果')")
    page.wait_for_url("**/payment/")
    page.wait_for_load_state()
    assert ("缴费已完成" in page.inner_text("main"), status_of(application)) == (True, "paid")
