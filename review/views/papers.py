import logging

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.applications.access import get_case, open_case
from candidates.applications.states import NO_DOCUMENTS
from materials.files import sealing
from materials.files.storage import STORAGE_ERRORS
from materials.printing import correction as corrections
from materials.printing import documents, rendered
from materials.printing.packet import PacketImage, PacketRecord, render_packet
from materials.rules.catalogue import BY_CODE
from materials.views.printed import FileName, as_pdf, name_of
from review.cases import onsite_receipt
from review.cases.verdicts import submitted_images
from review.reports import export_runs
from review.views.case import case_for

log = logging.getLogger(__name__)
UNREADABLE = "有一张图片现在读不出来，材料册没有生成。请稍后再试；仍不行的，请把报名编号告诉操作员。"


def _mark_of(account) -> str:
    """Return unit, account and date: what lies over whatever a reviewer sees."""
    unit = account.unit.name if account.unit else account.get_kind_display()
    return f"{unit} {account.username} {timezone.localdate():%Y-%m-%d}"


@require_safe
def watermark(request):
    """Draw the tile that the stylesheet lays over pictures."""
    image = render_to_string("review/watermark.svg", {"mark": _mark_of(request.user)})
    return HttpResponse(image, content_type="image/svg+xml")


@require_safe
def document(request, number, slug):
    application = get_case(request, number)
    profile = application.profile
    found = documents.get(slug, profile) if profile else None
    if found is None or not found.is_open(application):
        raise Http404
    application = open_case(request, number, "case")
    return as_pdf(request, lambda: rendered.fetch(slug, application), name_of(found, number))


@require_safe
def correction(request, number):
    """Print 补正通知书 of a case that is returned, for who stands at the desk."""
    if not corrections.is_open(get_case(request, number)):
        raise Http404
    application = open_case(request, number, "case")
    return as_pdf(request, lambda: corrections.fetch(application), FileName("补正通知书", corrections.SLUG, number))


@require_safe
def onsite(request, number):
    """Print 审核回执, once the point has ticked something of the on-site list."""
    if not onsite_receipt.ticks_of(get_case(request, number)):
        raise Http404
    application = open_case(request, number, "case")
    ticks = onsite_receipt.ticks_of(application)
    name = FileName("审核回执", onsite_receipt.SLUG, number)
    return as_pdf(request, lambda: onsite_receipt.fetch(application, ticks), name)


@require_safe
def packet(request, number):
    """Print 报名材料册: notice and all pictures of the submitted set, watermarked."""
    application = get_case(request, number)
    if not application.round or application.status in NO_DOCUMENTS:
        raise Http404
    application = open_case(request, number, "packet")
    export_runs.made(request.user, "packet", {"number": number}, 1)

    mark, records = _mark_of(request.user), _records(request.user, application)
    try:
        images = list(_captioned(application))
    except STORAGE_ERRORS as error:
        log.error("a picture of a packet cannot be read: %s", type(error).__name__)
        return render(request, "materials/not_printed.html", {"sentence": UNREADABLE}, status=503)
    return as_pdf(
        request, lambda: render_packet(application, images, mark, records), FileName("报名材料册", "packet", number)
    )


def _records(account, application):
    """Return every record, oldest first, as the case page tells them."""
    return [
        PacketRecord(
            at=event.record.at,
            who=event.who,
            what=_what(event),
            words="；".join(
                filter(
                    None, [event.reason, *(f"{name}：{why}" for name, why in event.named), _judged(event), event.told]
                )
            ),
        )
        for event in reversed(case_for(account, application).history)
    ]


def _what(event):
    undone = "（已撤回）" if event.is_undone else ""
    return f"{event.what}{undone}" + (f" 第 {event.record.round} 次提交" if event.record.round else "")


def _judged(event):
    ok, not_ok = event.judged
    said = [f"合格 {ok} 张" if ok else "", f"不合格 {not_ok} 张" if not_ok else ""]
    return "图片：" + "，".join(filter(None, said)) if ok or not_ok else ""


def _captioned(application):
    images = submitted_images(application)
    for image in images:
        siblings = [one for one in images if one.category == image.category]
        category, year = BY_CODE[image.category], application.session.year
        caption = f"{category.title.format(year=year)} {siblings.index(image) + 1}/{len(siblings)}"
        yield PacketImage(category.heading(year), caption, sealing.read(application, image.file))
