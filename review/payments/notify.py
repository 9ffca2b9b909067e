"""A provider tells of a payment, or of what became of a refund: POST, no login, no CSRF token; its signature counts."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from review.payments import refunds
from review.payments.providers import offered
from review.payments.providers.terms import BadNotification, Provider, Returned

log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def notify(request, provider: str):
    """Answer what the provider expects to read, once what it tells is booked or there is nothing to book."""
    known = offered.offered().get(provider)
    if known is None:
        raise Http404
    if request.method != "POST":
        log.warning("%s notification refused: %s", provider, request.method)
        return HttpResponse("POST only\n", status=405, content_type="text/plain", headers={"Allow": "POST"})
    try:
        told = known.notified(request.headers, request.body, request.POST.dict())
    except BadNotification as bad:
        log.warning("%s notification refused: %s", provider, bad)
        return _answer(known, False)

    if isinstance(told, Returned):
        refunds.told(provider, told)
    elif told:
        offered.book(provider, told)
    return _answer(known, True)


def _answer(provider: Provider, accepted: bool) -> HttpResponse:
    content_type, body = provider.acknowledged(accepted)
    return HttpResponse(body, status=200 if accepted else 400, content_type=content_type)
