"""缴费凭证: printed for the candidate and for who may see the case, verified by anybody who holds one."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidates.applications.access import candidates_only, get_case, get_my_application, open_case
from candidates.models import Application
from candidates.rules import names
from materials.views.printed import FileName, as_pdf
from review.models import PaymentOrder
from review.payments import receipts


@candidates_only
@require_safe
def receipt(request):
    """Answer with the receipt (缴费凭证), once it is paid."""
    application = get_my_application(request)
    return _printed(request, application)


@require_safe
def of_case(request, number):
    """Answer a unit, or an operator, with the receipt of a case."""
    get_case(request, number)
    return _printed(request, open_case(request, number, "case"))


def _printed(request, application: Application):
    payment = receipts.settled(application)
    if payment is None:
        raise Http404
    name = FileName("缴费凭证", "receipt", application.number)
    return as_pdf(request, lambda: receipts.fetch(application, payment), name)


@login_not_required
@require_safe
def verify(request, order: str):
    """Say whether a receipt is of money that came and is still here, without personal data beyond a masked name."""
    found = PaymentOrder.objects.filter(number=order, state__in=["paid", "refunded"])
    paid = found.select_related("application__session").first()
    payment = paid.payments.filter(state="settled").first() if paid else None
    context = {"order": paid, "payment": payment, "name": names.masked(paid.application.name) if paid else ""}
    return render(request, "review/verify_receipt.html", context, status=200 if payment else 404)
