"""/payment/: what is due, until when, how; and nothing of it for anybody else."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from review.models import Fee, PaymentOrder
from review.payments import orders
from review.payments.providers import offered
from tests.factories import make_application, make_candidate, make_operator, make_reviewer, make_units
from tests.review.payments.case import IN_WECHAT, make_due, make_order, pay

pytestmark = pytest.mark.django_db


def log_in(client, account):
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def words(client, path="/payment/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode().partition("<main")[2])


def test_the_page_says_amount_and_deadline_and_makes_the_order_once(client):
    application = make_due()
    log_in(client, application.account)
    page = words(client)
    assert [part in page for part in ("200.00", "缴费截止", "生成缴费订单")] == [True, True, True]
    for _ in range(2):
        assert client.post("/payment/").headers["Location"] == "/payment/"
    assert PaymentOrder.objects.get().number in words(client)
    assert "钱已扣，这里却没有显示" in words(client)


def test_reading_makes_no_order(client):
    log_in(client, make_due().account).get("/payment/")
    assert PaymentOrder.objects.count() == 0


def test_before_it_is_due_the_page_says_what_comes_first(client):
    application = make_application("registered")
    log_in(client, application.account)
    assert "材料还没有提交审核" in words(client)
    answer = client.post("/payment/")
    assert answer.status_code == 409
    assert PaymentOrder.objects.count() == 0
    assert "材料还没有提交审核" in answer.content.decode()


def test_who_has_no_application_is_led_to_the_start(client):
    make_units()
    assert log_in(client, make_candidate()).get("/payment/").headers["Location"] == "/application/"


def test_without_a_fee_the_page_says_so_in_words(client):
    application = make_due()
    Fee.objects.all().delete()
    log_in(client, application.account)
    assert "收费标准还没有公布" in words(client)
    assert "工作人员已收到提醒" in client.post("/payment/", follow=True).content.decode()


def test_after_the_window_the_page_says_since_when(client):
    application = make_due()
    session = application.session
    now = timezone.now()
    session.payment_opens, session.payment_closes = now - timedelta(days=9), now - timedelta(days=1)
    session.save()
    log_in(client, application.account)
    page = words(client)
    assert ["未按期缴费" in page, "截止" in page, "生成缴费订单" in page] == [True, True, False]
    assert client.post("/payment/").status_code == 409


def test_who_may_have_paid_an_order_that_was_closed_with_the_window_is_told_what_to_do(client):
    application = make_due()
    order = make_order(application)
    session, now = application.session, timezone.now()
    session.payment_opens, session.payment_closes = now - timedelta(days=9), now - timedelta(days=1)
    session.save()
    assert "看下面的说明" in words(log_in(client, application.account))
    assert offered.retire(order) == "closed"
    assert f"请保存付款凭证，把订单号{order.number}告诉您的考点" in words(client).replace(" ", "")


def test_an_order_cannot_be_paid_any_more_from_the_moment_it_expires(client, monkeypatch):
    application = make_due()
    until = orders.expires_at(make_order(application))
    log_in(client, application.account)
    told = []
    for at in (until - timedelta(seconds=1), until):
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
        told.append(client.get("/payment/").context["expired"])
    assert told == [False, True]


def test_the_receipt_is_there_once_it_is_paid(client):
    application = make_due()
    order = make_order(application)
    log_in(client, application.account)
    assert client.get("/payment/receipt.pdf").status_code == 404
    pay(order, "2027-TRADE")
    answer = client.get("/payment/receipt.pdf")
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    for page in ("/payment/", "/application/", "/application/documents/"):
        assert 'href="/payment/receipt.pdf"' in client.get(page).content.decode()
    assert "查看缴费凭证" in words(client, "/messages/")


def test_a_reviewer_of_the_case_prints_the_receipt_too(client):
    application = make_due()
    log_in(client, make_reviewer(application.region, username="region-x"))
    case = f"/review/applications/{application.number}"
    assert client.get(f"{case}/receipt.pdf").status_code == 404
    pay(make_order(application))
    assert f'href="{case}/receipt.pdf"' in client.get(f"{case}/").content.decode()
    assert client.get(f"{case}/receipt.pdf").content[:5] == b"%PDF-"


def test_anybody_verifies_a_receipt_and_reads_no_whole_name(client):
    order = make_order(make_due())
    address = f"/verify/{order.number}/"
    assert client.get(address).status_code == 404
    pay(order)
    page = words(client, address)
    assert ["有效的缴费凭证" in page, "200.00" in page, order.application.name in page] == [True, True, False]
    PaymentOrder.objects.update(state="refunded")
    assert "已退款" in words(client, address)


def test_inside_wechat_on_android_a_pdf_says_how_it_is_opened(client):
    order = make_order(make_due())
    pay(order)
    log_in(client, order.application.account)
    answer = client.get("/payment/receipt.pdf", headers={"User-Agent": IN_WECHAT})
    assert "微信里打不开 PDF" in answer.content.decode()
    assert 'value="http://127.0.0.1:8000/payment/receipt.pdf"' in answer.content.decode()


def test_money_that_settles_nothing_is_shown_as_on_its_way_back(client):
    application = make_due()
    pay(make_order(application), amount=1)
    assert "收到了不能入账的款项" in words(log_in(client, application.account))


def test_nobody_but_candidates_finds_the_page(client):
    application = make_due()
    region = make_units()["11"]
    for account in (make_operator(), make_reviewer(region, username="other")):
        log_in(client, account)
        assert {client.get(path).status_code for path in ("/payment/", "/payment/receipt.pdf")} == {404}
        assert client.post("/payment/").status_code == 404
    client.logout()
    assert client.get("/payment/").headers["Location"] == "/login/?next=/payment/"
    assert application.payment_orders.count() == 0


def test_another_candidate_sees_nothing_of_it(client):
    order = make_order(make_due())
    pay(order)
    log_in(client, make_application("draft").account)
    assert order.number not in words(client)
    assert client.get("/payment/receipt.pdf").status_code == 404


def test_each_way_to_pay_leads_to_its_provider(client, running_cashier):
    application = make_due()
    log_in(client, application.account)
    assert client.get("/payment/alipay/").headers["Location"] == "/payment/"  # no order yet
    order = make_order(application)
    assert ["支付宝" in words(client), "微信支付" in words(client)] == [True, True]
    assert client.get("/payment/alipay/").headers["Location"].startswith(f"{running_cashier.address}/gateway.do?")
    page = client.get("/payment/wechat/").content.decode()
    assert ['src="data:image/svg+xml' in page, order.number in page, "打开演示收银台" in page] == [True, True, False]
    assert [client.get(f"/payment/{name}/").status_code for name in ("bank", "paypal")] == [404, 404]


def test_a_provider_that_does_not_answer_is_said_and_nothing_is_charged(client, configured):
    application = make_due()
    order = make_order(application)
    log_in(client, application.account)
    answer = client.get("/payment/wechat/", follow=True)
    assert "微信支付暂时没有答复" in answer.content.decode()
    assert "暂时没有问到支付结果" in client.post("/payment/check/", follow=True).content.decode()
    assert orders.open_or_paid(application) == order


def test_asking_again_at_once_asks_nobody(client, running_cashier):
    application = make_due()
    order = make_order(application)
    log_in(client, application.account)
    client.get("/payment/wechat/")
    assert "目前没有这个订单的付款记录" in client.post("/payment/check/", follow=True).content.decode()
    running_cashier.trades["wechat", order.number].paid_at = timezone.now()
    assert "刚刚查询过" in client.post("/payment/check/", follow=True).content.decode()
    session = client.session
    session["asked_providers"] = 0
    session.save()
    assert "缴费已完成" in client.post("/payment/check/", follow=True).content.decode()
    assert client.get("/payment/check/").status_code == 405


def test_an_order_of_yesterday_is_replaced_once_nobody_has_paid_it(client, running_cashier):
    application = make_due()
    old = make_order(application, now=timezone.now() - orders.LIFETIME)
    log_in(client, application.account)
    assert ["重新生成订单" in words(client), "付款方式" in words(client)] == [True, False]
    assert client.get("/payment/alipay/").headers["Location"] == "/payment/"
    client.post("/payment/")
    old.refresh_from_db()
    new = orders.open_or_paid(application)
    assert old.state == "closed"
    assert new.state == "created"
    assert new != old


def test_an_order_of_yesterday_stays_while_a_provider_does_not_answer(client, configured):
    application = make_due()
    old = make_order(application, now=timezone.now() - orders.LIFETIME)
    log_in(client, application.account)
    assert "暂时不能更换订单" in client.post("/payment/", follow=True).content.decode()
    assert orders.open_or_paid(application) == old


def test_others_find_no_way_to_pay(client, configured):
    order = make_order(make_due())
    log_in(client, make_candidate())
    assert [client.get("/payment/wechat/").status_code, client.post("/payment/check/").status_code] == [404, 404]
    assert order.payments.count() == 0


def test_there_is_nothing_to_ask_about_before_an_order_or_after_the_payment(client, monkeypatch):
    application = make_due()
    log_in(client, application.account)
    monkeypatch.setattr(offered, "ask", lambda order: pytest.fail("asked"))
    assert client.post("/payment/check/").url == "/payment/"
    pay(make_order(application))
    assert client.post("/payment/check/").url == "/payment/"


@pytest.mark.parametrize("came_back", ["out_trade_no=2027ABC", "returned=1"])
def test_who_comes_back_from_a_provider_is_told_to_wait(client, came_back):
    log_in(client, make_order(make_due()).application.account)
    assert "付款结果通常几秒钟内到" in words(client, f"/payment/?{came_back}")
    assert "付款结果通常几秒钟内到" not in words(client)
