"""The candidate pays: what, until when, how; asking the provider; and the receipt."""

import logging
import time

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.applications import steps
from candidates.applications.access import candidates_only, find_my_application, get_my_application
from candidates.applications.states import Status
from candidates.applications.workflow import window_closed
from candidates.models import Application
from candidates.views.answers import actor_of, refusals_told
from review.models import Payment, PaymentOrder
from review.payments import orders
from review.payments.providers import offered
from review.payments.providers.terms import Provider, Unavailable

log = logging.getLogger(__name__)

ASK_AGAIN = 10  # seconds between two questions to the providers
TOLD = {
    "paid": (messages.SUCCESS, "已收到您的付款。"),
    "unpaid": (messages.INFO, "支付平台目前没有这个订单的付款记录。如果您刚刚付款，请过几分钟再查询。"),
    "unknown": (messages.WARNING, "暂时没有问到支付结果，请过几分钟再查询。请不要重复付款。"),
}


@candidates_only
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told
def payment(request):
    """Show where it stands; on POST make the order, or replace one that the providers take no more."""
    application = find_my_application(request)
    if application is None:
        return redirect("application")
    if request.method == "POST":
        old = orders.open_or_paid(application)
        if old and _expired(old) and offered.retire(old) != "closed":
            messages.warning(request, "暂时不能更换订单：支付平台没有答复，或已收到付款。请过几分钟再看。")
            return redirect("payment:pay")
        try:
            orders.create(application.pk, actor=actor_of(request))
        except orders.NoFee as missing:
            messages.error(request, str(missing))
        return redirect("payment:pay")
    context = _context(application) | {"returned": "out_trade_no" in request.GET}
    return render(request, "review/payment.html", context)


def _expired(order: PaymentOrder) -> bool:
    return order.state == "created" and timezone.now() >= orders.expires_at(order)


def _context(application: Application) -> dict:
    now = timezone.now()
    order = orders.open_or_paid(application)
    due = application.status == Status.PAYMENT_DUE
    return {
        "application": application,
        "session": application.session,
        "steps": steps.steps(application, now),
        "order": order,
        "last_order": None if order or not due else application.payment_orders.order_by("-pk").first(),
        "expired": bool(order and _expired(order)),
        "amount": order.amount if order else orders.fee_of(application) if due else None,
        "due": due,
        "closed": window_closed(application.session, "payment", now) if due else "",
        "over": now >= application.session.payment_closes,
        "not_due": "" if due else orders.NOT_DUE[application.status],
        "settled": _settled(order),
        "refunds": _refunds(application),
        "ways": [{"name": name, "label": one.label, "words": one.words} for name, one in offered.offered().items()],
    }


def _settled(order: PaymentOrder | None) -> Payment | None:
    return order.payments.filter(state="settled").first() if order and order.state == "paid" else None


def _refunds(application: Application):
    """Select money of theirs that settled nothing: not lost, on its way back."""
    return Payment.objects.filter(order__application=application, state="refund_needed").select_related("order")[:20]


@candidates_only
@require_safe
def go(request, provider: str):
    """Lead to the provider's page, or show the code to scan; lead back where there is nothing to pay."""
    chosen = offered.offered().get(provider)
    if chosen is None:
        raise Http404
    application = get_my_application(request)
    order = orders.open_or_paid(application)
    if order is None or order.state != "created" or _expired(order):
        return redirect("payment:pay")

    try:
        address = offered.address(chosen, order)
    except Unavailable as silence:
        log.warning("%s does not take order %s: %s", provider, order.number, silence)
        messages.warning(request, f"{chosen.label}暂时没有答复，请稍后再试，或换一种付款方式。没有扣款。")
        return redirect("payment:pay")
    return _code(request, chosen, order, address) if chosen.scan else redirect(address)


def _code(request, way: Provider, order: PaymentOrder, address: str):
    """Show the code to scan, and name the ways with a page for who reads it on the telephone that would scan it."""
    context = {
        "application": order.application,
        "session": order.application.session,
        "order": order,
        "way": way,
        "others": [one.label for one in offered.offered().values() if not one.scan],
        "code": segno.make(address, error="m").svg_data_uri(scale=6, border=3),
        "demo_address": address if settings.DEMO else "",
    }
    return render(request, "review/payment_code.html", context)


@candidates_only
@require_POST
def check(request):
    """Ask the providers, once in a while: money has left and nothing shows."""
    application = get_my_application(request)
    order = orders.open_or_paid(application)
    if order is None or order.state == "paid":
        return redirect("payment:pay")

    now = time.time()
    if now - request.session.get("asked_providers", 0) < ASK_AGAIN:
        messages.info(request, "刚刚查询过，请过十几秒再查询。")
        return redirect("payment:pay")
    request.session["asked_providers"] = now
    messages.add_message(request, *TOLD[offered.ask(order)])
    return redirect("payment:pay")


@candidates_only
@require_safe
def receipt(request):
    """Show the receipt to print, once it is paid."""
    application = get_my_application(request)
    order = orders.open_or_paid(application)
    settled = _settled(order)
    if settled is None:
        raise Http404

    context = {
        "application": application,
        "session": application.session,
        "order": order,
        "settled": settled,
        "provider": settled.get_provider_display(),
    }
    return render(request, "review/payment_receipt.html", context)
