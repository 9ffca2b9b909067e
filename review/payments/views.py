"""The candidate pays: what, until when, how; and asks the provider."""

import logging
import secrets
import time
from urllib.parse import urlencode, urlsplit

import segno
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.applications import steps
from candidates.applications.access import (
    candidates_only,
    find_my_application,
    get_my_application,
)
from candidates.applications.states import Status
from candidates.applications.windows import payment_closed
from candidates.models import Application
from candidates.rules.devices import Device, device_of
from candidates.views.answers import actor_of, refusals_told
from review.models import Payment, PaymentOrder
from review.payments import orders, receipts
from review.payments.providers import offered
from review.payments.providers.terms import CODE, NOWHERE, WINDOW, Provider, Unavailable

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
    returned = "out_trade_no" in request.GET or "returned" in request.GET
    device = _device(request)
    context = _context(application) | {"returned": returned, "ways": _ways(device), "in_wechat": device.wechat}
    return render(request, "review/payment.html", context | {"here": settings.BASE_URL + request.path})


def _device(request) -> Device:
    return device_of(request.headers.get("User-Agent", ""))


def _ways(device: Device) -> list[dict]:
    """Return what is offered on this device; a way that would do nothing here has no button, and says what to do."""
    ways = [(name, one.label, one.way(device)) for name, one in offered.offered().items()]
    return [{"name": name, "label": label, "words": way.words, "opens": way.opens} for name, label, way in ways]


def _expired(order: PaymentOrder) -> bool:
    return order.state == "created" and timezone.now() >= orders.expires_at(order)


def _context(application: Application) -> dict:
    now = timezone.now()
    order = orders.open_or_paid(application)
    due = application.status == Status.PAYMENT_DUE
    refunds = _refunds(application)
    return {
        "application": application,
        "session": application.session,
        "steps": steps.steps(application, now),
        "order": order,
        "last_order": None if order or not due else application.payment_orders.order_by("-pk").first(),
        "expired": bool(order and _expired(order)),
        "amount": order.amount if order else orders.fee_of(application) if due else None,
        "due": due,
        "closed": payment_closed(application, now) if due else "",
        "over": now >= application.pays_until,
        "not_due": "" if due else orders.NOT_DUE[application.status],
        "settled": receipts.settled(application),
        "refunds": refunds,
        "waits": any(one.state == "refund_needed" and not one.closed_at for one in refunds),
    }


def _refunds(application: Application) -> list[Payment]:
    """Return money of theirs that settled nothing, or goes back: not lost. Each says how much went back."""
    of_theirs = Payment.objects.filter(order__application=application).select_related("order")
    found = of_theirs.filter(Q(state="refund_needed") | Q(refunded__gt=0)).prefetch_related("refunds")[:20]
    for payment in found:
        payment.returned = sum(one.amount for one in payment.refunds.all() if one.state == "done")
    return list(found)


@candidates_only
@require_safe
def go(request, provider: str):
    """Lead to the provider's page, or show the code to scan; lead back where there is nothing to pay or no way."""
    chosen = offered.offered().get(provider)
    if chosen is None:
        raise Http404
    application = get_my_application(request)
    order = _payable(application)
    way = chosen.way(_device(request))
    if order is None or way.opens == NOWHERE:
        return redirect("payment:pay")
    if way.opens == WINDOW:
        return _ask_who_pays(request)

    try:
        address = chosen.address(offered.bill(order, actor_of(request).address), way)
    except Unavailable as silence:
        return _silent(request, chosen, order, silence)
    return _code(request, chosen, order, address) if way.opens == CODE else _lead_to(address)


def _payable(application: Application) -> PaymentOrder | None:
    order = orders.open_or_paid(application)
    return None if order is None or order.state != "created" or _expired(order) else order


def _lead_to(address: str):
    """Lead there, and say whose page leads: 微信支付 refuses who comes from nowhere (H5)."""
    answer = redirect(address)
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


def _silent(request, provider: Provider, order: PaymentOrder, silence: Unavailable):
    log.warning("%s does not take order %s: %s", provider.name, order.number, silence)
    messages.warning(request, f"{provider.label}暂时没有答复，请稍后再试，或换一种付款方式。没有扣款。")
    return redirect("payment:pay")


def _code(request, provider: Provider, order: PaymentOrder, address: str):
    """Show the code to scan."""
    context = {
        "application": order.application,
        "session": order.application.session,
        "order": order,
        "label": provider.label,
        "code": segno.make(address, error="m").svg_data_uri(scale=6, border=3),
        "demo_address": address if settings.DEMO else "",
    }
    return render(request, "review/payment_code.html", context)


def _ask_who_pays(request):
    """Lead to WeChat, which leads back to `window` at once; the state proves that it was this browser that asked."""
    provider = offered.of_wechats_window()
    if provider is None:
        return redirect("payment:pay")
    request.session["wechat_state"] = state = secrets.token_hex(16)
    return redirect(provider.payer_asked(state))


@candidates_only
@require_safe
def window(request):
    """Open WeChat's own window to pay in, for who it says is there; lead back where this browser has not asked."""
    provider = offered.of_wechats_window()
    if provider is None:
        raise Http404
    order = _payable(get_my_application(request))
    expected = request.session.pop("wechat_state", "")
    if order is None:
        return redirect("payment:pay")
    code, state = request.GET.get("code", ""), request.GET.get("state", "")
    if not expected or not code or not secrets.compare_digest(state.encode(), expected.encode()):
        messages.info(request, "请再按一次“微信支付”。没有扣款。")
        return redirect("payment:pay")

    try:
        fields = provider.window(offered.bill(order, actor_of(request).address), code)
    except Unavailable as silence:
        return _silent(request, provider, order, silence)
    context = {
        "application": order.application,
        "session": order.application.session,
        "order": order,
        "label": provider.label,
        "fields": fields,
        "demo_address": f"{_origin(provider.config['authorize'])}/window?{urlencode(fields)}" if settings.DEMO else "",
    }
    return render(request, "review/payment_window.html", context)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


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
