"""The candidate pays: what, until when, how; and the receipt."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from candidates import steps
from candidates.access import candidates_only, find_my_application, get_my_application
from candidates.models import Application
from candidates.views.answers import actor_of, refusals_told
from review.models import Payment, PaymentOrder
from review.payments import orders


@candidates_only
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told
def payment(request):
    """GET shows where it stands, POST makes the order."""
    application = find_my_application(request)
    if application is None:
        return redirect("application")
    if request.method == "POST":
        try:
            orders.create(application.pk, actor=actor_of(request))
        except orders.NoFee as missing:
            messages.error(request, str(missing))
        return redirect("payment:pay")
    return render(request, "review/payment.html", _context(application))


def _context(application: Application) -> dict:
    now = timezone.now()
    order = orders.open_or_paid(application)
    due = application.status == "payment_due"
    return {
        "application": application,
        "session": application.session,
        "steps": steps.steps(application, now),
        "order": order,
        "amount": order.amount if order else orders.fee_of(application) if due else None,
        "due": due,
        "closed": orders.window_closed(application.session, now) if due else "",
        "over": now >= application.session.payment_closes,
        "not_due": "" if due else orders.NOT_DUE[application.status],
        "settled": _settled(order),
        "refunds": _refunds(application),
    }


def _settled(order: PaymentOrder | None) -> Payment | None:
    return order.payments.filter(state="settled").first() if order and order.state == "paid" else None


def _refunds(application: Application):
    """Money of theirs that settled nothing: not lost, on its way back."""
    return Payment.objects.filter(order__application=application, state="refund_needed").select_related("order")[:20]


@candidates_only
@require_safe
def receipt(request):
    """To print, once it is paid."""
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
        "provider": orders.PROVIDERS.get(settled.provider, settled.provider),
    }
    return render(request, "review/payment_receipt.html", context)
