"""缴费凭证: what stands on it, the same bytes for the same money, and none once the money goes back."""

import io

import pikepdf
import pytest

from review.models import PaymentOrder
from review.payments import receipts
from tests.materials.printing.test_pdf import words_of
from tests.review.payments.case import make_due, make_order, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid():
    order = make_order(make_due())
    return order.application, pay(order, "2027-TRADE")


def test_it_says_who_paid_what_when_and_by_which_trade(paid):
    application, payment = paid
    text = words_of(receipts.fetch(application, payment))
    facts = (application.number, application.name, "200.00元", "2027-TRADE", payment.order.number, "支付宝")
    assert [fact for fact in facts if fact not in text] == []


def test_it_is_one_tagged_page_of_the_same_bytes_each_time(paid):
    application, payment = paid
    page = receipts.page_of(application, payment)
    first, again = (receipts.rendered.pdf.render(receipts.html_of(page)) for _ in range(2))
    assert first == again
    with pikepdf.open(io.BytesIO(first)) as pdf:
        assert (len(pdf.pages), "/StructTreeRoot" in pdf.Root, str(pdf.Root.Lang)) == (1, True, "zh-CN")


def test_its_code_leads_to_where_it_is_verified(paid, settings):
    application, payment = paid
    number = payment.order.number
    assert receipts.page_of(application, payment)["verify_address"] == f"{settings.BASE_URL}/verify/{number}/"


def test_money_that_goes_back_has_none(paid):
    application, _ = paid
    PaymentOrder.objects.update(state="refunded")
    assert receipts.settled(application) is None
