"""The back office's history of reference data, to read."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from candidates.trail import history


@require_safe
def changes(request, site):
    """Show all changes, newest first; with `?kind=` one model's; `?after=` goes on."""
    tables = history.kinds()
    kind = request.GET.get("kind", "")
    if kind and kind not in tables:
        raise Http404

    older, found = history.page(request.GET.get("after", ""), kind=kind)
    at = {label: f"admin:{label.replace('.', '_')}_history" for label in tables}
    context = {
        **site.each_context(request),
        "title": "更改历史",
        "older": older,
        "kind": kind,
        "kinds": [(label, event.pgh_tracked_model._meta.verbose_name) for label, event in tables.items()],
        "changes": [(one, reverse(at[one.model], args=[one.pk])) for one in found],
    }

    return render(request, "admin/changes.html", context)
