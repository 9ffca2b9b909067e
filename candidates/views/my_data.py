"""What the portal holds about me: as one JSON file, or as an archive with my papers and pictures."""

from collections.abc import Iterator

from django.http import Http404, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.applications import form_drafts, summary
from candidates.applications.access import candidates_only, get_my_application, my_others
from candidates.applications.acts import act_of
from candidates.models import Application, Message
from materials import archive
from materials.files.storage import STORAGE_ERRORS
from materials.files.zips import zipped
from materials.models import MaterialImage
from materials.rules.catalogue import BY_CODE
from materials.views.printed import FileName, as_pdf

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
    mine = request.user
    data = {
        "account": {
            "name": mine.name,
            "document_type": mine.document_type,
            "document_number": mine.document_number,
            "valid_until": mine.valid_until,
            "sex": mine.sex,
            "birth_date": mine.birth_date,
            "mobile": mine.mobile,
            "email": mine.email,
            "former_contact": mine.former_contact,
            "contact_changed_at": mine.contact_changed_at,
            "registered_at": mine.date_joined,
            "consent_version": mine.consent_version,
            "consented_at": mine.consented_at,
        },
        "applications": [_as_data(application) for application in _mine(request)],
        "messages": [
            {"at": one.at, "subject": one.subject, "text": one.text} for one in Message.objects.told(mine)[:2000]
        ],
        "mobile_changes": [
            {"at": one.asked_at, "mobile": one.mobile, "reason": one.reason, "changed_at": one.agreed_at}
            for one in mine.mobile_changes.all()
        ],
        "made_at": timezone.now(),
    }

    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})


def _as_data(application: Application) -> dict:
    images = MaterialImage.objects.filter(application=application, removed_at=None)
    return {
        "session": application.session.year,
        "number": application.number,
        "status": application.get_status_display(),
        "form": {line.field: line.words for _, lines in summary.of(application) for line in lines},
        "unsaved": {
            section: form_drafts.answers_in(draft)
            for section, draft in form_drafts.of(application, timezone.now()).items()
        },
        "images": [
            {"category": BY_CODE[one.category].label, "at": one.uploaded_at, "bytes": one.size, "sha256": one.sha256}
            for one in images
        ],
        "questions": [
            {"at": one.at, "question": one.words, "answered_at": one.answered_at, "answer": one.answer}
            for one in application.questions.all()
        ],
        "history": [
            {"at": one.at, "action": act_of(one.action).name, "by": one.level}
            for one in application.records.all()
        ],
    }  # fmt: skip
