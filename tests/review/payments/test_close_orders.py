"""After the window an open order is closed, but never before the providers have said that it is not paid."""

import io
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from candidates.models import ExamSession
from review.payments import cashier
from tests.review.payments.case import address_of, booked, make_due, make_order, status_of

pytestmark = pytest.mark.django_db


def run(**options):
    out = io.StringIO()
    call_command("close_orders", stdout=out, **options)
    name, _, told = out.getvalue().splitlines()[-1].partition("：")
    assert name in ("各年度", f"{ExamSession.objects.get().year} 年度")
    return told


def window_over(application):
    session, now = application.session, timezone.now()
    session.payment_opens, session.payment_closes = now - timedelta(days=9), now - timedelta(hours=1)
    session.save()


def test_only_orders_whose_window_is_over_are_closed():
    application = make_due()
    order = make_order(application)
    assert run() == "关闭 0，查到已支付 0，留到下次 0。"
    window_over(application)
    assert run(dry_run=True) == "检查完成（未写入），将关闭 1，查到已支付 0，留到下次 0。"
    assert run() == "关闭 1，查到已支付 0，留到下次 0。"
    order.refresh_from_db()
    assert order.state == "closed"
    assert status_of(application) == "payment_due"
    assert run() == "关闭 0，查到已支付 0，留到下次 0。"


def test_what_was_paid_at_the_last_moment_is_booked_instead(running_cashier):
    application = make_due()
    order = make_order(application)
    cashier.DIRECT.open(address_of("alipay", order), timeout=10).read()
    running_cashier.trades["alipay", order.number].paid_at = datetime.now(cashier.BEIJING)
    window_over(application)
    assert run() == "关闭 0，查到已支付 1，留到下次 0。"
    assert len(booked()) == 1
    assert status_of(application) == "paid"


def test_an_order_stays_open_while_a_provider_does_not_answer(configured):
    application = make_due()
    make_order(application)
    window_over(application)
    assert run() == "关闭 0，查到已支付 0，留到下次 1。"
