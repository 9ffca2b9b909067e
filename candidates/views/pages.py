"""Pages around the application: units, messages, help, privacy."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.accounts.own_account import PRIVACY_VERSION
from candidates.applications.access import candidates_only, my_session
from candidates.models import Announcement, ExamSession, Message, Unit
from candidates.rules.levels import is_code

MESSAGES_A_PAGE = 20


@login_not_required
@require_safe
def units(request):
    """Show the units by region and site; as JSON those below one, for the form's lists."""
    active = Unit.objects.filter(is_active=True)
    if "application/json" in request.headers.get("Accept", ""):
        parent = request.GET.get("parent", "")
        below = active.filter(parent__code=parent, parent__is_active=True) if is_code(parent) else ()
        return JsonResponse({"units": [{"code": one.code, "name": one.name} for one in below]})

    regions = list(active.filter(level="region"))
    code = request.GET.get("region") or (regions[0].code if len(regions) == 1 else "")
    region = next((one for one in regions if one.code == code), None)

    points = Prefetch("children", active, to_attr="points")
    sites = list(active.filter(parent=region).prefetch_related(points)) if region else []
    return render(request, "candidates/units.html", {"regions": regions, "region": region, "sites": sites})


@candidates_only
@require_safe
def inbox(request):
    """Show everything I was told; what is shown counts as read from now on."""
    return render(request, "candidates/messages.html", read_inbox(request))


def read_inbox(request):
    """Return a page of what the account was told; what is on it counts as read."""
    mine = Message.objects.told(request.user)
    page = Paginator(mine, MESSAGES_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    unread = [one.pk for one in shown if one.read_at is None]
    if unread:
        Message.objects.filter(pk__in=unread).update(read_at=timezone.now())
    return {"inbox": shown, **_beside(page)}


@login_not_required
@require_safe
def announcements(request):
    """Show what is told to everybody now."""
    page = Paginator(Announcement.objects.shown(), MESSAGES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "candidates/announcements.html", {"shown": page.object_list, **_beside(page)})


def _beside(page: Page) -> dict[str, str]:
    """Return what parts/pagination.html links to; empty where there is no such page."""
    return {
        "previous": f"page={page.previous_page_number()}" if page.has_previous() else "",
        "next": f"page={page.next_page_number()}" if page.has_next() else "",
    }


@login_not_required
@require_safe
def guide(request):
    return render(request, "candidates/help.html", {"session": my_session(request)})


@login_not_required
@require_safe
def privacy(request):
    """Show the notice, and of each session until when its data are kept."""
    now = timezone.now()
    kept = [(one, one.kept_until) for one in ExamSession.objects.order_by("-year") if one.kept_until > now]
    context = {"version": PRIVACY_VERSION, "kept": kept, "years": settings.KEPT_YEARS}
    return render(request, "candidates/privacy.html", context)
