from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidates.models import Unit
from review.operations.accounts import below
from review.views.progress import chosen_unit


@require_safe
def reviewers(request):
    """List who works for my unit and those below it (`?unit=` its code)."""
    unit = chosen_unit(request)
    context = {
        "unit": unit,
        "above": unit.parent if unit and unit != request.user.unit else None,
        "accounts": below(unit),
        "units": Unit.objects.filter(parent=unit),
    }
    return render(request, "review/reviewers.html", context)
