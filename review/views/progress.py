from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidates.models import ExamSession, Unit
from candidates.models.application import STATUSES
from review import progress as counts


@require_safe
def progress(request):
    """Applications by status of each unit below mine, or below one of those (`?unit=` its code)."""
    unit = chosen_unit(request)
    session = ExamSession.current()
    lines = counts.by_unit(unit, session.year) if session else []
    total = counts.total(lines)
    context = {
        "unit": unit,
        "above": unit.parent if unit and unit != request.user.unit else None,
        "statuses": [STATUSES[status] for status in counts.SHOWN],
        "lines": lines,
        "total": total,
        "sum": sum(total),
        "deeper": unit is None or unit.level == "region",
    }
    return render(request, "review/progress.html", context)


def chosen_unit(request):
    """My unit, or the one named if it lies below mine; None is everything (operators)."""
    mine, code = request.user.unit, request.GET.get("unit", "")
    if not code or (mine and code == mine.code):
        return mine
    unit = Unit.objects.filter(code=code).select_related("parent__parent").first() if code.isascii() else None
    if unit is None or (mine and not unit.code.startswith(mine.code)):
        raise Http404
    return unit
