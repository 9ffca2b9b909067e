from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.models.application import STATUSES
from review import archives, spreadsheets
from review import exports as exported

from .queue import place, wanted


@require_safe
def export(request):
    """How much the list holds, before anything is downloaded."""
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
    }
    return render(request, "review/export.html", context)


@require_safe
def table(request):
    _, _, cases = wanted(request)
    lines = exported.rows(cases, request.user)
    file = spreadsheets.write([("报名", exported.COLUMNS, lines)])
    return FileResponse(file, as_attachment=True, filename=named("xlsx"), content_type=spreadsheets.MIME)


@require_safe
def pictures(request):
    _, _, cases = wanted(request)
    archive = archives.stream(exported.pictures(cases, request.user))
    headers = {"Content-Disposition": f'attachment; filename="{named("zip")}"', "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(archive, content_type="application/zip", headers=headers)


def named(ending):
    return f"applications-{timezone.localtime():%Y%m%d-%H%M}.{ending}"
