from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.applications.states import IN_PROGRESS_TABLE, LEVEL_OF_STATUS, STATUSES
from candidates.models import ExamSession, Unit
from candidates.models.session import SEEN, possible_years
from candidates.rules.levels import LABELS, TOP
from review.models import WAYS
from review.reports import charts, spreadsheets
from review.reports import progress as counts

NAMES = [LABELS[level] for level in LEVEL_OF_STATUS.values()]


@require_safe
def progress(request):
    """Count applications by status of each unit below mine, or below one of those (`?unit=`); days and waits."""
    unit, session = chosen_unit(request), chosen_session(request)
    lines, days, waits, ways = _figures(unit, session)
    total = counts.total(lines)
    context = {
        "unit": unit,
        "session": session,
        "years": _other_years(session),
        "above": unit.parent if unit and unit != request.user.unit else None,
        "statuses": [STATUSES[status] for status in IN_PROGRESS_TABLE],
        "lines": lines,
        "total": total,
        "sum": sum(total),
        "deeper": unit is None or unit.level == TOP,
        "levels": NAMES,
        "days": [day for day in reversed(days) if day.total],
        "waits": waits,
        "ways": ways,
        "way_names": WAYS.values(),
        "chart": charts.of_days(days),
        "span": counts.DAYS,
    }
    return render(request, "review/progress.html", context)


@require_safe
def download(request):
    """Send the same figures as a workbook."""
    unit, session = chosen_unit(request), chosen_session(request)
    lines, days, waits, ways = _figures(unit, session)

    by_unit = [[line.unit.code, line.unit.name, *line.counts, line.total] for line in lines]
    by_day = [[f"{day.day:%Y-%m-%d}", *day.counts, day.total] for day in days]
    waited = [[wait.name, wait.handled, wait.median, wait.ninth] for wait in waits]

    file = spreadsheets.write(
        [
            ("各单位", ["代码", "单位", *(STATUSES[status] for status in IN_PROGRESS_TABLE), "合计"], by_unit),
            ("每日办理", ["日期", *NAMES, "合计"], by_day),
            ("等待时间", ["级别", "办理份数", "一般等了（小时）", "较久的等了（小时）"], waited),
            ("办理方式", ["级别", *WAYS.values()], [[name, *numbers] for name, numbers in ways]),
        ]
    )

    year = session.year if session else "none"
    name = f"progress-{year}-{unit.code if unit else 'all'}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=spreadsheets.MIME)


def chosen_session(request):
    """Return the session that the address names (`?year=`), else the current one; None where there is none."""
    year = request.GET.get("year", "")
    if not year:
        return ExamSession.current()
    seen = ExamSession.objects.filter(state__in=SEEN)
    session = seen.filter(year=year).first() if year.isascii() and year.isdecimal() else None
    if session is None:
        raise Http404
    return session


def _other_years(session):
    """Return whose figures can be read as well; not of a session that a slip of the pen put into the far future."""
    last = possible_years(timezone.now())[-1]
    seen = [one for one in ExamSession.every() if one.year <= last and one.state in SEEN]
    return sorted(one.year for one in seen if one != session)


def _figures(unit, session):
    if session is None:
        return [], [], [], []
    today, year = timezone.localdate(), session.year
    of_days = (one(unit, year, today) for one in (counts.by_day, counts.waits, counts.ways))
    return counts.by_unit(unit, year), *of_days


def chosen_unit(request):
    """Return my unit, or the one named if it lies below mine; None is everything (operators)."""
    mine, code = request.user.unit, request.GET.get("unit", "")
    if not code or (mine and code == mine.code):
        return mine
    unit = Unit.objects.filter(code=code).select_related("parent__parent").first() if code.isascii() else None
    if unit is None or (mine and not unit.code.startswith(mine.code)):
        raise Http404
    return unit
