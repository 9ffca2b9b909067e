"""What an open case page sends and asks for by itself: the hold, the verdicts so far, the next case's pictures."""

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from candidates.applications.access import get_case
from candidates.applications.workflow import require
from candidates.models import Application
from candidates.rules.numbers import is_number
from candidates.rules.refusals import AlreadyMoved
from candidates.trail import looks
from candidates.views.answers import actor_of, refusals_in_json, seen_in
from review.cases import drafts, holds
from review.cases.verdicts import submitted_images
from review.forms.case import LONGEST
from review.models import VERDICTS
from review.views.case import hold_if_waiting
from review.views.queue import through


@require_POST
def hold(request, number):
    """Renew the hold, as the page asks from time to time."""
    hold_if_waiting(request.user, get_case(request, number))
    return HttpResponse(status=204)


@require_POST
@refusals_in_json
def draft(request, number):
    """Keep the verdicts on the page, which are sent as keys are pressed."""
    application = get_case(request, number)
    if seen_in(request) != application.last_record_id:
        raise AlreadyMoved(application.last_record)
    require("pass", application, actor_of(request))
    drafts.keep(application, request.user, _judged(request.POST, application))
    return HttpResponse(status=204)


def _judged(posted, application):
    found = {}
    for image in submitted_images(application):
        verdict, reason, words = (posted.get(f"image-{image.id}-{part}", "") for part in ("verdict", "reason", "words"))
        if verdict in VERDICTS or (words and not verdict):  # words are also written before the verdict is given
            found[str(image.id)] = {"verdict": verdict, "reason": reason[:20], "words": words[:LONGEST]}
    return found


@require_safe
def ahead(request):
    """Name the pictures of the case that 下一份 would take now, without holding it (`?after=` the open one's number).

    The session says whose pictures may be fetched without a look of their own: they are recorded when it is opened.
    """
    if not request.user.is_reviewer:
        raise Http404
    after = _key_of(request.GET.get("after", ""), request.user)
    case = holds.next_free(request.user, after=after, through=through(request))
    request.session[looks.AHEAD] = case.pk if case else None
    images = [image for image in submitted_images(case) if image.removed_at is None] if case else []
    kinds = ("materials:thumbnail", "materials:picture")
    return JsonResponse({"pictures": [reverse(kind, args=[image.id]) for kind in kinds for image in images]})


def _key_of(number, account):
    known = Application.objects.visible_to(account).filter(number=number) if is_number(number) else None
    return known.values_list("pk", flat=True).first() if known is not None else None
