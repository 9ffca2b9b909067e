"""The waiting room's screen: numbers, at an address with a token of its own. Nobody is logged in there."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from review.appointments import board as boards


@login_not_required
@require_safe
def board(request, token):
    """Show who is called. A script asks anew and outlasts a restart; the page refreshes itself where there is none."""
    found = boards.by_token(token)
    if found is None:
        raise Http404
    answer = render(request, "review/board.html", {"shown": boards.shown(found.point, timezone.now())})
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
