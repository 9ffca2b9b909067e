"""缴费凭证: what is printed of an order that is paid. It is verified by the order's number, which nobody guesses."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from candidates.models import Application
from materials.printing import rendered
from review.models import Payment
from review.payments.money import yuan

SLUG = "receipt"


def settled(application: Application) -> Payment | None:
    """Return the payment that settled the application's order; None where none did, or its money goes back."""
    paid = Payment.objects.filter(order__application=application, order__state="paid", state="settled")
    return paid.select_related("order").first()


def page_of(application: Application, payment: Payment) -> dict[str, Any]:
    """Return all that the receipt prints, plain values only: it is kept by their hash."""
    number = payment.order.number if payment.order else ""
    facts = {
        "考试年度": f"{application.session.year} 年度",
        "姓名": application.name,
        "报名编号": application.number,
        "报考类别": application.exam_category.name if application.exam_category else "",
        "考区": application.region.name if application.region else "",
        "已缴金额": f"{yuan(payment.amount)} 元（人民币）",
        "支付时间": f"{timezone.localtime(payment.received_at):%Y-%m-%d %H:%M:%S}",
        "支付方式": payment.get_provider_display(),
        "订单号": number,
        "交易号": payment.trade_number,
    }
    return {
        "slug": SLUG,
        "title": "医师资格考试缴费凭证",
        "number": application.number,
        "facts": facts,
        "verify_address": f"{settings.BASE_URL}/verify/{number}/",
        "demo": settings.DEMO,
        "copies": [{}],
    }


def html_of(page: dict[str, Any]) -> str:
    return render_to_string("documents/receipt.html", page)


def fetch(application: Application, payment: Payment) -> bytes:
    """Return the PDF, from the store where it has it. Raises what pdf.render raises."""
    return rendered.fetch_page(SLUG, application, page_of(application, payment), html_of)
