"""The candidate's appointment on site: days, then times; the waiting list; moving and giving back. No script needed."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from candidates.applications import steps
from candidates.applications.access import candidates_only, get_my_application, get_my_application_anew
from candidates.rules.refusals import NotAllowed
from candidates.views.answers import actor_of
from review.appointments import bookings, hours, ics, offers, waiting

DONE = {
    "book": "已预约。预约时间也会印在通知单上，打印过的通知单仍然有效。",
    "move": "已改期。打印过的通知单仍然有效。",
    "give_back": "预约已取消。",
    "wait": "已登记候补。有名额时会通知您，请在期限前确认。",
    "leave": "已退出候补。",
    "accept": "已确认，预约成功。",
}


@candidates_only
@require_http_methods(["GET", "HEAD", "POST"])
def appointment(request):
    """Show what can be booked, moved or given back, on GET; do it on POST, 409 with the page where it cannot be."""
    application = get_my_application(request)
    if request.method != "POST":
        return _page(request, application)
    act = request.POST.get("act", "")
    try:
        _do(application, act, request.POST, actor_of(request))
    except NotAllowed as refusal:
        return _page(request, get_my_application_anew(request), problem=str(refusal), status=409)
    messages.success(request, DONE[act])
    return redirect("appointment")


def _do(application, act, posted, actor):
    slot, seen = _key(posted.get("slot")), _key(posted.get("seen"))
    if act in ("book", "move") and slot is None:
        raise NotAllowed("请先选择一个时段。")
    if act == "book":
        bookings.book(application.pk, slot=slot, actor=actor)
    elif act == "move":
        bookings.move(application.pk, slot=slot, seen=seen, actor=actor)
    elif act == "give_back":
        bookings.give_back(application.pk, seen=seen, actor=actor)
    elif act == "wait":
        waiting.join(application.pk, day=_day(posted.get("day")) or date.min, actor=actor)
    elif act == "leave":
        waiting.leave(application.pk, actor=actor)
    elif act == "accept":
        bookings.accept(application.pk, actor=actor)
    else:
        raise NotAllowed("没有执行任何操作。请在下面选择要做的事。")


def _key(text):
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _day(text):
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _page(request, application, *, problem="", status=200):
    now = timezone.now()
    setting = hours.setting_of(application.point_id)
    mine, why_not = bookings.standing(application), bookings.refusal(application, setting)
    if setting is None and mine is None and not offers.has_history(application) and not problem:
        raise Http404

    day = _day(request.GET.get("day"))
    days = [] if why_not else offers.days(application, now)
    context = {
        "application": application,
        "steps": steps.steps(application, now),
        "problem": problem,
        "mine": mine,
        "span": offers.span(mine.slot) if mine and mine.slot else "",
        "until": bookings.may_change_until(mine) if mine else None,
        "not_changed": bookings.not_changed(mine, now) if mine else "",
        "moves_left": max(0, bookings.MOST_CHANGES - bookings.changes_made(application)),
        "why_not": why_not,
        "asking": request.GET.get("ask") == "give_back" and request.method != "POST",
        "days": days,
        "chosen": next((one for one in days if one.day == day), None),
        "no_such_day": bool(request.GET.get("day")) and not any(one.day == day for one in days),
        "times": offers.times(application, day, now) if day and days else [],
        "waits": (entry := waiting.listed(application)),
        "kept": offers.span(entry.slot) if entry and entry.slot else "",
        "place": waiting.place_of(entry) if entry else 0,
    }
    return render(request, "appointments/appointment.html", context, status=status)


@candidates_only
@require_safe
def calendar(request):
    """Answer with the appointment for a calendar; 404 where there is none."""
    application = get_my_application(request)
    mine = bookings.standing(application)
    if mine is None or mine.slot is None:
        raise Http404
    host = settings.BASE_URL.partition("://")[2].partition("/")[0]
    where = " ".join(filter(None, (mine.point.name, mine.point.address)))
    content = ics.event(
        uid=f"appointment-{mine.pk}@{host}",
        sequence=mine.moved,
        starts=mine.slot.starts_at,
        ends=mine.slot.ends_at,
        at=timezone.now(),
        where=where,
        words=("请带齐通知单上列出的材料的原件和复印件，按时到报名点。", f"电话：{mine.point.telephone}"),
    )
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
