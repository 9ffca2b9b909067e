from contextlib import contextmanager
from functools import partial

from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.applications.states import STATUSES
from candidates.views.answers import asked_by_itself
from materials.files.zips import zipped
from review.reports import export_runs, spreadsheets
from review.reports import exports as exported
from review.views.queue import place, wanted


@require_safe
def export(request):
    """Say how much the list holds, before anything is downloaded, and how far the last downloads have come."""
    form, filters, cases = wanted(request)
    number, pictures, size = exported.sizes(cases)
    context = {
        "form": form,
        "status_name": STATUSES[filters["status"]],
        "number": number,
        "most": exported.MOST,
        "too_many": number > exported.MOST,
        "pictures": pictures,
        "megabytes": -(-size // 1_000_000),
        "query": place(request),
        "runs": _runs_of(request),
    }
    return render(request, "review/export.html", context)


@require_safe
@asked_by_itself
def progress(request):
    """Draw the part of the page that says how far the downloads have come, asked for while one is running."""
    return render(request, "review/parts/export_runs.html", {"runs": _runs_of(request)})


def _runs_of(request):
    return [(run, STATUSES.get(run.status, run.status)) for run in export_runs.of(request.user)]


@require_safe
def table(request):
    with _begun(request, "table") as (run, cases):
        lines = exported.rows(cases, request.user, partial(export_runs.moved, run))
        file = spreadsheets.write([("报名", exported.HEADINGS, lines)])
    return FileResponse(file, as_attachment=True, filename=_named("xlsx"), content_type=spreadsheets.MIME)


@require_safe
def pictures(request):
    headers = {"Content-Disposition": f'attachment; filename="{_named("zip")}"', "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(archive(request), content_type="application/zip", headers=headers)


def archive(request):
    with _begun(request, "pictures") as (run, cases):
        files = exported.pictures(cases, request.user, partial(export_runs.moved, run))
        yield from export_runs.measured(run, zipped(files))


@contextmanager
def _begun(request, kind):
    _, filters, cases = wanted(request)
    with export_runs.running(request.user, kind, filters["status"], exported.number_of(cases)) as run:
        yield run, cases


def _named(ending):
    return f"applications-{timezone.localtime():%Y%m%d-%H%M}.{ending}"
