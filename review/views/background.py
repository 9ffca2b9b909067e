"""What an open case page sends and asks for by itself: the hold, what it holds so far, the next case's pictures."""

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from candidates.applications.access import get_case
from candidates.applications.workflow import require
from candidates.models import Application
from candidates.rules.numbers import is_number
from candidates.rules.refusals import AlreadyMoved
from candidates.rules.sections import SECTIONS
from candidates.trail import looks
from candidates.views.answers import actor_of, asked_by_itself, refusals_in_json, seen_in
from materials.needs import last_submission
from materials.rules.catalogue import BY_CODE
from review.cases import drafts, holds, shown
from review.cases.verdicts import onsite_lines, submitted_images
from review.forms.case import LONGEST, uuids_in
from review.models import VERDICTS
from review.views.case import hold_if_waiting
from review.views.queue import through, to_list


@require_POST
@asked_by_itself
@refusals_in_json
def hold(request, number):
    """Renew the hold, as the page asks from time to time; 409 where somebody has decided while it is being read."""
    application, seen = get_case(request, number), seen_in(request)
    if seen and seen != application.last_record_id:
        raise AlreadyMoved(application.last_record)
    hold_if_waiting(request.user, application)
    return HttpResponse(status=204)


@require_POST
def release(request, number):
    """返回队列: give the hold back, so that a colleague may take the case at once."""
    holds.release(get_case(request, number), request.user)
    return to_list(request)


@require_POST
@refusals_in_json
def draft(request, number):
    """Keep what stands in the page's form, which is sent as keys are pressed."""
    application = get_case(request, number)
    if seen_in(request) != application.last_record_id:
        raise AlreadyMoved(application.last_record)
    require("pass", application, actor_of(request))
    rest = _rest(request.POST, application)
    drafts.keep(application, request.user, _judged(request.POST, application), rest)
    shown.record(request.user, application, rest["displayed"])
    return HttpResponse(status=204)


def _judged(posted, application):
    found = {}
    for image in submitted_images(application):
        verdict, reason, words = (posted.get(f"image-{image.id}-{part}", "") for part in ("verdict", "reason", "words"))
        if verdict in VERDICTS or (words and not verdict):  # words are also written before the verdict is given
            found[str(image.id)] = {"verdict": verdict, "reason": reason[:20], "words": words[:LONGEST]}
    return found


def _rest(posted, application):
    """Read what a return names, the on-site list, the deadline, and what has been displayed."""
    documents = [line.document for line in onsite_lines(application, last_submission(application))]
    ticks = {
        document: {"seen": f"onsite-{number}-seen" in posted, "note": posted.get(f"onsite-{number}-note", "")[:120]}
        for number, document in enumerate(documents, 1)
    }
    return {
        "categories": _named(posted, "category", BY_CODE),
        "sections": _named(posted, "section", SECTIONS),
        **({"ticks": ticks} if any(name.startswith("onsite-") for name in posted) else {}),
        **({"until": posted["until"][:10]} if "until" in posted else {}),
        "displayed": sorted(str(key) for key in uuids_in(posted.get("displayed", ""))),
    }


def _named(posted, kind, codes):
    named = {
        code: {"named": f"{kind}-{code}-named" in posted, "reason": posted.get(f"{kind}-{code}-reason", "")[:LONGEST]}
        for code in codes
    }
    return {code: one for code, one in named.items() if one["named"] or one["reason"]}


@require_safe
@asked_by_itself
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
    kinds = ("materials:picture", "materials:thumbnail")  # what the page shows first comes first
    return JsonResponse({"pictures": [reverse(kind, args=[image.id]) for kind in kinds for image in images]})


def _key_of(number, account):
    known = Application.objects.visible_to(account).filter(number=number) if is_number(number) else None
    return known.values_list("pk", flat=True).first() if known is not None else None
