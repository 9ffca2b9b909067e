"""What the portal holds about me: as one JSON file, or as an archive with my papers and pictures."""

from collections.abc import Iterator

from django.http import Http404, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.applications.access import candidates_only, get_my_application, my_others
from candidates.models import Application
from materials import archive
from materials.files.storage import STORAGE_ERRORS
from materials.files.zips import zipped
from materials.views.printed import FileName, as_pdf
from review.operations import my_data

UNREADABLE = "有一张图片现在读不出来，材料册没有生成。请稍后再试。"
MOST = 50  # applications of one file


@candidates_only
@require_safe
def download(request):
    """Give everything that the portal holds about this person, as JSON."""
    response = _as_json(request)
    response["Content-Disposition"] = FileName("我的信息", "my-data", None, "json").disposition("attachment")
    return response


@candidates_only
@require_safe
def archived(request):
    """Give all of it as one archive: the same JSON, each application's packet, and the files of its pictures."""
    pieces = zipped(_files(_as_json(request).content, list(_mine(request))))
    name = FileName("我的档案", "my-archive", f"{timezone.localdate():%Y%m%d}", "zip")
    headers = {"Content-Disposition": name.disposition("attachment"), "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)


@candidates_only
@require_safe
def packet(request):
    """Print 报名材料册 of the current application for its candidate's own archive: without the review record."""
    application = get_my_application(request)
    if not archive.has_papers(application):
        raise Http404
    name = FileName(archive.PACKET, "packet", application.number)
    try:
        return as_pdf(request, lambda: archive.packet_of(application), name)
    except STORAGE_ERRORS:
        return render(request, "materials/not_printed.html", {"sentence": UNREADABLE}, status=503)


def _files(data: bytes, applications: list[Application]) -> Iterator[archive.File]:
    yield "我的信息.json", timezone.localtime(), data
    for application in applications:
        yield from archive.files_of(application)


def _mine(request):
    return my_others(request, None)[:MOST]


def _as_json(request) -> JsonResponse:
    return JsonResponse(my_data.of(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
