"""All notices of a registration point, or of those submitted on one day, as one PDF: printed ahead by jobs."""

from django import forms
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidates.applications.workflow import RELATED
from candidates.models import Application, ExamSession, Unit
from candidates.rules.levels import FIRST
from candidates.trail import looks
from materials import jobs, notices
from materials.views.printed import FileName, as_pdf
from review.forms.days import OptionalDayField

MOST = 600  # notices of one PDF


class BatchForm(forms.Form):
    """Of which day; empty: all of them."""

    day = OptionalDayField(label="提交审核的日期")


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request):
    """Say how many notices there are and how far they are printed on GET; ask for them on POST."""
    point, session = _mine(request)
    form = BatchForm(request.POST or request.GET)
    day = form.cleaned_data["day"] if form.is_valid() else None
    keys = notices.submitted_to(point, session, day) if form.is_valid() else []

    if request.method == "POST" and 0 < len(keys) <= MOST:
        jobs.ask_for_batch(point, session, day, asked_by=request.user)
        return redirect(_here(day))

    asked = jobs.batch_progress(point, session, day) if form.is_valid() else []
    context = {
        "form": form,
        "day": day,
        "number": len(keys),
        "most": MOST,
        "jobs": asked,
        "done": sum(job.done for job in asked),
        "total": sum(job.total for job in asked),
        "failed": any(job.state == "failed" for job in asked),
        "running": any(job.ended_at is None for job in asked),
        "ready": bool(asked) and all(job.state == "done" for job in asked),
    }
    return render(request, "review/notice_batch.html", context)


@require_safe
def printed(request):
    """Answer with the notices in one PDF; each is recorded as looked at."""
    point, session = _mine(request)
    form = BatchForm(request.GET)
    if not form.is_valid():
        raise Http404
    day = form.cleaned_data["day"]

    keys = notices.submitted_to(point, session, day)[:MOST]
    rows = Application.objects.visible_to(request.user).filter(pk__in=keys).select_related(*RELATED).order_by("number")
    shown = looks.record_many(request.user, rows, "export")
    name = FileName("报名成功通知单", "notices", "-".join(filter(None, (point.code, day and f"{day:%Y%m%d}"))))
    return as_pdf(request, lambda: notices.batch(shown), name)


def _mine(request) -> tuple[Unit, ExamSession]:
    """Return the point that this reviewer works for, and the session; 404 for everybody else."""
    account, session = request.user, ExamSession.current()
    if not account.is_reviewer or account.unit.level != FIRST or session is None:
        raise Http404
    return account.unit, session


def _here(day) -> str:
    address = reverse("review:notice_batch")
    return f"{address}?day={day:%Y-%m-%d}" if day else address
