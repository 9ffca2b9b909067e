"""The head's page, and figures: for dividing work, not for ranking people."""

import pghistory
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from candidates.applications.states import WAITING_AT
from candidates.models import Unit
from review.forms.head import SettingForm
from review.models import OfficeSetting
from review.office import samples, workload
from review.office.leading import heads, leads
from review.reports import charts, export_runs, spreadsheets
from review.reports.progress import DAYS
from review.views.progress import chosen_session, chosen_unit

LOOKS_SHOWN = 50


@require_safe
def office(request):
    """Show what waits and who handles it: to the head of the unit, or of one above (`?unit=`), and to operators."""
    unit = _led_unit(request)
    if unit is None:
        return render(request, "review/office.html", {"units": Unit.objects.filter(level="region")})
    return _page(request, unit, _form(unit) if _may_set(request.user, unit) else None)


def _page(request, unit, form, status=200):
    now, session = timezone.now(), chosen_session(request)
    looks = samples.open_ones().filter(unit=unit).select_related("application", "first", "second")
    context = {
        "unit": unit,
        "units": Unit.objects.filter(parent=unit),
        "session": session,
        "waits": workload.waiting(unit, now),
        "waiting_status": WAITING_AT[unit.level],
        "lines": workload.lines(unit, session, now, timezone.localdate()),
        "looks": looks.order_by("at")[:LOOKS_SHOWN],
        "sampled": unit.level in samples.SAMPLED,
        "leads_here": heads(request.user, unit),
        "form": form,
    }
    return render(request, "review/office.html", context, status=status)


@require_POST
def settings(request):
    """Set the unit's share of second looks and its digest: the head of this very unit, or an operator."""
    unit = _led_unit(request)
    if unit is None or not _may_set(request.user, unit):
        raise Http404
    form = _form(unit, request.POST)
    if not form.is_valid():
        return _page(request, unit, form, status=422)
    with pghistory.context(who=request.user.username, account=request.user.pk):
        form.save()
    messages.success(request, "设置已保存。" if form.changed_data else "设置没有变化。")
    return redirect(f"{reverse('review:office')}?unit={unit.code}")


def _form(unit, data=None):
    kept = OfficeSetting.objects.filter(unit=unit).first() or OfficeSetting(unit=unit)
    return SettingForm(data, instance=kept, sampled=unit.level in samples.SAMPLED)


def _may_set(account, unit):
    return account.is_operator or heads(account, unit)


def _led_unit(request):
    """Return the unit that is asked for, which this account leads; None for an operator who has not chosen one."""
    unit = chosen_unit(request)
    if not request.user.is_operator and not leads(request.user, unit):
        raise Http404
    return unit


# --- figures ----------------------------------------------------------------------------------------------------------


@require_safe
def figures(request):
    """Show everybody's figures to who leads the unit, to every other reviewer the own."""
    unit, lines, days = _figures(request)
    if unit is None:
        return render(request, "review/figures.html", {"units": Unit.objects.filter(level="region")})
    context = {
        "unit": unit,
        "units": Unit.objects.filter(parent=unit) if _leads(request.user, unit) else (),
        "own": not _leads(request.user, unit),
        "session": chosen_session(request),
        "columns": workload.COLUMNS,
        "lines": lines,
        "chart": charts.of_days(days),
        "span": DAYS,
        "days": [day for day in reversed(days) if day.total],
    }
    return render(request, "review/figures.html", context)


@require_safe
def download(request):
    """Send the same figures as a workbook."""
    unit, lines, days = _figures(request)
    if unit is None:
        raise Http404
    by_day = [[f"{day.day:%Y-%m-%d}", day.total] for day in days]
    people = [line.cells for line in lines]
    file = spreadsheets.write([("审核员", workload.COLUMNS, people), ("每日办理", ["日期", "份数"], by_day)])
    session = chosen_session(request)
    year = str(session.year) if session else "none"
    export_runs.made(request.user, "figures", {"unit": unit.code, "year": year}, 0)  # of reviewers, no applications
    name = f"figures-{year}-{unit.code}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=spreadsheets.MIME)


def _figures(request):
    account, session = request.user, chosen_session(request)
    unit = chosen_unit(request)
    if unit is None:
        return None, [], []
    now, today = timezone.now(), timezone.localdate()
    if _leads(account, unit):
        return unit, workload.lines(unit, session, now, today), workload.days(unit, session, today)
    if unit != account.unit:
        raise Http404
    return unit, workload.own_line(account, session, now, today), workload.days(unit, session, today, account)


def _leads(account, unit):
    return account.is_operator or leads(account, unit)
