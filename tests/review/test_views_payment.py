"""/payment/: what is due, until when, how; and nothing of it for anybody else."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from review.models import Fee, PaymentOrder
from tests.factories import make_application, make_candidate, make_operator, make_reviewer, make_units
from tests.review.payments.case import make_due, make_order, pay

pytestmark = pytest.mark.django_db


def log_in(client, account):
    client.force_login(account, backend="candidates.auth.LoginNameBackend")
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
    assert (answer.status_code, PaymentOrder.objects.count()) == (409, 0)
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


def test_the_receipt_is_there_once_it_is_paid(client):
    application = make_due()
    order = make_order(application)
    log_in(client, application.account)
    assert client.get("/payment/receipt/").status_code == 404
    pay(order, "2027-TRADE")
    page = words(client, "/payment/receipt/")
    facts = ("200.00", order.number, "2027-TRADE", "支付宝", application.number)
    assert [fact for fact in facts if fact not in page] == []
    assert "查看并打印收据" in words(client)


def test_money_that_settles_nothing_is_shown_as_on_its_way_back(client):
    application = make_due()
    pay(make_order(application), amount=1)
    assert "收到了不能入账的款项" in words(log_in(client, application.account))


def test_nobody_but_candidates_finds_the_page(client):
    application = make_due()
    region = make_units()["11"]
    for account in (make_operator(), make_reviewer(region, username="other")):
        log_in(client, account)
        assert {client.get(path).status_code for path in ("/payment/", "/payment/receipt/")} == {404}
        assert client.post("/payment/").status_code == 404
    client.logout()
    assert client.get("/payment/").headers["Location"] == "/login/?next=/payment/"
    assert application.payment_orders.count() == 0


def test_another_candidate_sees_nothing_of_it(client):
    order = make_order(make_due())
    pay(order)
    log_in(client, make_application("draft").account)
    assert (order.number in words(client), client.get("/payment/receipt/").status_code) == (False, 404)
