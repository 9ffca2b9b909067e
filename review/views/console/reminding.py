"""Who is to be reminded, and who still owes papers."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from candidates import jobs
from candidates.applications.states import ENDED
from candidates.models import Application, ExamSession, Unit
from candidates.rules import names
from materials.rules.catalogue import BY_CODE
from review.forms.console import RemindForm
from review.operations import reminders
from review.views.console.pages import page

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def remind(request):
    """Show how many of each kind would be reminded now; send to one kind of one session after the word."""
    now = timezone.now()
    form = RemindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        session, code = form.cleaned_data["session"], form.cleaned_data["kind"]
        if not form.cleaned_data["sure"]:
            form.add_error("sure", "请核对人数以后勾选。没有发送。")
        else:
            jobs.ask("remind", asked_by=request.user, year=session.year, kind=code, by=request.user.pk)
            label = reminders.KINDS[code].label
            messages.success(request, f"{session}，{label}：已交给后台任务，进度和人数见“后台任务的进度”。")
            return redirect("admin:console_jobs")
    sessions = ExamSession.under_way(now)
    rows = [
        (session, [_row(code, kind, session, now) for code, kind in reminders.KINDS.items()]) for session in sessions
    ]
    context = {"form": form, "rows": rows}
    return page(request, "remind", "提醒", context, status=422 if form.errors else 200)


def _row(code, kind, session, now):
    return {
        "code": code,
        "label": kind.label,
        "number": reminders.due(kind, session, now).count(),
        "days": "、".join(map(str, reminders.days_of(kind))),
    }


@require_safe
def owed(request):
    """List who owes papers, of one session, by unit and number; `?after=` a number goes on."""
    sessions = list(ExamSession.objects.order_by("-year"))
    session = _chosen(request, sessions)
    unit = Unit.objects.filter(code=request.GET.get("unit", "")).first()
    cases = Application.objects.filter(session=session).exclude(owed=[]).exclude(status__in=ENDED)
    if unit:
        cases = cases.filter(**{unit.level: unit})
    after = request.GET.get("after", "")
    first = after if after.isascii() and after.isdecimal() else str(session.year if session else "")  # as numbers begin
    rows = cases.filter(number__gt=first)
    found = list(rows.select_related("point", "site", "region", "session").order_by("number")[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    context = {
        "session": session,
        "years": [one.year for one in sessions],
        "unit": unit,
        "rows": [(one, names.masked(one.name), [BY_CODE[code].label for code in one.owed]) for one in shown],
        "next": shown[-1].number if len(found) > PER_PAGE else "",
        "is_late": session is not None and timezone.now() >= session.owed_until,
    }
    return page(request, "owed", "待补材料", context)


def _chosen(request, sessions):
    year = request.GET.get("year", "")
    named = next((one for one in sessions if str(one.year) == year), None)
    return named or ExamSession.current()
