"""Yours to see, but not yours to do, or done by somebody else: said once, for every act."""

from functools import wraps

from django.shortcuts import render

from candidates.applications.access import get_case
from candidates.applications.workflow import Actor, require
from candidates.models import Application
from candidates.rules.refusals import AlreadyMoved, NotAllowed
from review.cases.case import event_of


def refusals_answered(view):
    """409 with who and when where somebody else has acted, 409 with who acts now where it is not this account's act."""

    @wraps(view)
    def answered(request, number, *args, **kwargs):
        try:
            return view(request, number, *args, **kwargs)
        except AlreadyMoved as moved:
            context = {"number": number, "event": event_of(moved.record) if moved.record else None}
            return render(request, "review/already_moved.html", context, status=409)
        except NotAllowed as refusal:
            context = {"application": get_case(request, number), "sentence": str(refusal)}
            return render(request, "review/not_allowed.html", context, status=409)

    return answered


def require_still(action: str, application: Application, actor: Actor, seen: int | None) -> None:
    """Raises AlreadyMoved where the page was drawn before another act, which explains more than NotAllowed would."""
    if seen and seen != application.last_record_id:
        raise AlreadyMoved(application.last_record)
    require(action, application, actor)
