"""What providers of SMS report of a message (回执): POST, no login, no CSRF token; the secret address counts.

Neither provider signs its reports; they know an SMS by its own number, and change nothing but what became of it.
"""

import json
import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from candidates.messages import outbox

log = logging.getLogger(__name__)
MOST = 500  # reports in one request
# provider -> its number of the SMS, whether it arrived, its code of the failure; what it expects to read
SHAPES = {
    "aliyun": ("biz_id", lambda one: one.get("success") is True, "err_code", {"code": 0, "msg": "OK"}),
    "tencent": ("sid", lambda one: one.get("report_status") == "SUCCESS", "errmsg", {"result": 0, "errmsg": "OK"}),
}


@csrf_exempt
@login_not_required
@require_POST
def receipt(request, provider: str, token: str):
    if provider not in SHAPES or not settings.RECEIPT_TOKEN or not constant_time_compare(token, settings.RECEIPT_TOKEN):
        raise Http404
    number, arrived, code, answer = SHAPES[provider]
    try:
        told = json.loads(request.body)
        reports = [(_kept(one[number]), arrived(one), _kept(one.get(code, ""))) for one in told[:MOST]]
    except (ValueError, KeyError, TypeError, AttributeError):
        log.warning("%s receipt refused: not readable", provider)
        return HttpResponse("not readable\n", status=400, content_type="text/plain")

    known = [
        outbox.receipt(provider, one, delivered=delivered, code=failure, now=timezone.now())
        for one, delivered, failure in reports
    ]
    if not all(known):
        log.warning("%s receipt: %s of %s are not of ours", provider, known.count(False), len(known))
    return JsonResponse(answer)


def _kept(word: object) -> str:
    """Return it as the database can hold it, and be asked for it."""
    return str(word).replace("\0", "").encode(errors="ignore").decode()
