"""What a desk prints: a day's list, sign-in sheet and labels, and the handovers to the site."""

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from candidates.rules.refusals import NotAllowed
from materials.views.printed import FileName, as_pdf
from review.appointments import desk, prints
from review.models import Handover
from review.views.desk import desk_of


@require_safe
def of_day(request, kind):
    """Answer with one of prints.KINDS for a day (`?day=`, else today)."""
    point = desk_of(request)
    wanted = _day(request.GET.get("day", "")) or desk.today(timezone.now())
    name = FileName(prints.KINDS[kind], kind, f"{point.code}-{wanted:%Y%m%d}")
    return as_pdf(request, lambda: prints.render(kind, point, wanted), name)


def _day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
def handovers(request):
    """List the handovers of the point, and what waits for the next."""
    point = desk_of(request)
    context = {
        "point": point,
        "handovers": Handover.objects.filter(point=point)[:50],
        "waiting": len(prints.to_hand_over(point, timezone.now())),
    }
    return render(request, "review/desk_handovers.html", context)


@require_POST
def hand_over(request):
    """Make the next handover, and lead to the list where it can be printed."""
    point = desk_of(request)
    try:
        made = prints.hand_over(point, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"第 {made.serial} 次交接已生成，请打印清单。")
    return redirect("review:desk_handovers")


@require_safe
def handover(request, serial):
    """Answer with the list of one handover, the same each time."""
    point = desk_of(request)
    found = Handover.objects.filter(point=point, serial=serial).select_related("point__parent").first()
    if found is None:
        raise Http404
    name = FileName("交接清单", "handover", f"{point.code}-{serial}")
    return as_pdf(request, lambda: prints.render_handover(found), name)
