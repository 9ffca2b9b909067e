"""The head's page of a point's appointments: hours, closed days, slots made and changed, the screen's address."""

from datetime import date

import pghistory
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.models import ExamSession
from candidates.rules.refusals import NotAllowed, Refused
from candidates.views.answers import record_id
from review.appointments import board, changes, slots
from review.forms.onsite import ChangeForm, ClosedDayForm, HoursForm, MakeForm, SettingForm
from review.models import AppointmentSetting, ClosedDay, OpeningHours, Slot
from review.office.leading import heads
from review.views.desk import desk_of

FORMS = {"setting": SettingForm, "hours": HoursForm, "closed": ClosedDayForm, "make": MakeForm}


def _led(request):
    """Return the point that this head leads; else 404."""
    point = desk_of(request)
    if not heads(request.user, point):
        raise Http404
    return point


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request):
    """Show hours, closed days and slots on GET; keep one of the page's forms on POST."""
    point = _led(request)
    kept = AppointmentSetting.objects.filter(point=point).first() or AppointmentSetting(point=point)
    which = request.POST.get("form", "")
    if request.method != "POST":
        return _page(request, point, kept)
    if which not in FORMS or (which != "setting" and kept.pk is None):
        raise Http404

    form = _form(which, kept, request.POST)
    if not form.is_valid():
        return _page(request, point, kept, {which: form}, status=422)
    try:
        said = _keep(request, point, which, form)
    except Refused as refusal:
        for key, sentence in refusal.problems.items():
            form.add_error(key if key in form.fields else None, sentence)
        return _page(request, point, kept, {which: form}, status=422)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return _page(request, point, kept, {which: form}, status=409)
    messages.success(request, said)
    return redirect("review:desk_settings")


def _form(which, kept, data=None):
    if which == "setting":
        return SettingForm(data, instance=kept, prefix="setting")
    if which == "make":
        return MakeForm(data, prefix="make", initial=_usual_days())
    return FORMS[which](data, setting=kept, prefix=which)


def _usual_days():
    span = slots.bounds(ExamSession.current(), timezone.now())
    return {"first": span[0], "last": span[1]} if span else {}


def _keep(request, point, which, form):
    if which == "make":
        made = slots.make(point, form.cleaned_data["first"], form.cleaned_data["last"])
        return f"生成了 {made} 个时段。" if made else "没有新的时段可以生成：这些日子已经生成过，或不办理。"
    with pghistory.context(who=request.user.username, account=request.user.pk):
        form.save()
    return {"setting": "设置已保存。", "hours": "办理时间已添加。", "closed": "已登记为不办理。"}[which]


def _page(request, point, kept, bound=None, status=200):
    now = timezone.now()
    bound = bound or {}
    days = Slot.objects.filter(point=point, starts_at__gt=now).values_list("day", flat=True).distinct().order_by("day")
    found = board.of_point(point)
    context = {
        "point": point,
        "kept": kept,
        "forms": {which: bound.get(which) or _form(which, kept) for which in FORMS} if kept.pk else {},
        "setting_form": bound.get("setting") or _form("setting", kept),
        "hours": OpeningHours.objects.filter(setting=kept) if kept.pk else (),
        "closed_days": ClosedDay.objects.filter(setting=kept, day__gte=timezone.localdate(now)) if kept.pk else (),
        "days": days,
        "board": found,
        "board_address": django_settings.BASE_URL + reverse("board", args=[found.token]) if found else "",
    }
    return render(request, "review/desk_settings.html", context, status=status)


@require_POST
def remove(request):
    """Remove hours, or a closed day: slots that are there already stay."""
    point = _led(request)
    kind, _, key = request.POST.get("row", "").partition(":")
    model = {"hours": OpeningHours, "closed": ClosedDay}.get(kind)
    pk = record_id(key)
    if model is None or pk is None:
        raise Http404
    with pghistory.context(who=request.user.username, account=request.user.pk):
        model.objects.filter(pk=pk, setting__point=point).delete()
    messages.success(request, "已删除。已经生成的时段不变。")
    return redirect("review:desk_settings")


@require_safe
def day(request, day):
    """Show the slots of one day, to be changed."""
    point, day = _led(request), _date(day)
    rows = list(Slot.objects.filter(point=point, day=day).order_by("starts_at"))
    if not rows:
        raise Http404
    return render(request, "review/desk_slots.html", _day_context(point, day, rows, ChangeForm(rows=rows)))


def _date(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _day_context(point, day, rows, form):
    return {"point": point, "day": day, "rows": rows, "form": form, "now": timezone.now()}


@require_POST
def change(request, day):
    """Change slots of a day; where somebody loses the appointment by it, name them first and ask."""
    point, day = _led(request), _date(day)
    rows = list(Slot.objects.filter(point=point, day=day).order_by("starts_at"))
    form = ChangeForm(request.POST, rows=rows)
    if not form.is_valid():
        return render(request, "review/desk_slots.html", _day_context(point, day, rows, form), status=422)
    chosen = [one for one in rows if one.pk in form.cleaned_data["slots"]]
    confirmed = [key for key in map(record_id, request.POST.getlist("lost")) if key]
    lost = changes.affected(chosen, form.change)
    problem = ""
    if not lost or "confirm" in request.POST:
        try:
            told = changes.change(point, [one.pk for one in chosen], form.change, confirmed=confirmed)
        except Refused as refusal:
            problem = " ".join(refusal.problems.values())
            if "confirmed" not in refusal.problems:
                form.add_error(None, problem)
                return render(request, "review/desk_slots.html", _day_context(point, day, rows, form), status=422)
            lost = changes.affected(Slot.objects.filter(pk__in=[one.pk for one in chosen]), form.change)
        else:
            messages.success(request, "时段已修改。" + (f"已通知 {len(told)} 位考生重新预约。" if told else ""))
            return redirect("review:desk_slots", day=day)
    context = {"point": point, "day": day, "chosen": chosen, "lost": lost, "form": form, "problem": problem}
    return render(request, "review/desk_slots_asked.html", context, status=409 if problem else 200)
