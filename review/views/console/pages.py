"""What the pages have in common: the back office's frame, and how a refusal is told."""

from functools import wraps

from django.contrib import admin, messages
from django.shortcuts import redirect, render

from candidates.rules.refusals import AlreadyMoved, NotAllowed
from candidates.views.answers import moved_sentence


def page(request, name, title, context, *, status=200):
    """Draw templates/admin/console/<name>.html in the back office's frame."""
    frame = admin.site.each_context(request)
    return render(request, f"admin/console/{name}.html", {**frame, "title": title, **context}, status=status)


def ask(request, form, title, *, what, back, then="", grave=False, hidden=None):
    """Ask for what an act needs, on a page of its own. `back`: the address that leads away from it."""
    context = {"form": form, "what": what, "then": then, "back": back, "grave": grave, "hidden": hidden or {}}
    return page(request, "ask", title, context, status=422 if form.errors else 200)


def refusals_lead_to(place):
    """Tell a refusal on the page that `place(**named)` leads to; nothing has changed."""

    def decorated(view):
        @wraps(view)
        def told(request, **named):
            try:
                return view(request, **named)
            except AlreadyMoved as moved:
                messages.error(request, moved_sentence(moved, to_candidate=False))
            except NotAllowed as refusal:
                messages.error(request, str(refusal))
            return redirect(place(**named))

        return told

    return decorated
