"""The candidate's own archive: an application's packet without the review record, and the files of its pictures.

What was submitted once and replaced since is there too: the portal holds it.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from candidates.models import Application
from materials.files import sealing
from materials.files.storage import STORAGE_ERRORS
from materials.files.zips import safe
from materials.models import MaterialImage
from materials.pictures import formats
from materials.printing import documents, packet, pdf
from materials.rules.catalogue import BY_CODE

log = logging.getLogger(__name__)
File = tuple[str, datetime, bytes]  # name in the archive, local time of its change, content
PACKET = "报名材料册"
LOST = "缺失的图片.txt"
NOT_PRINTED = "材料册现在不能生成，请稍后再下载一次。"


def has_papers(application: Application) -> bool:
    """Return whether there is a packet: from `registered` on, whatever has become of it."""
    return application.number is not None and application.profile is not None


def packet_of(application: Application) -> bytes:
    """Return the packet for the candidate: no watermark, no record. Raises as rendered.fetch, and STORAGE_ERRORS."""
    images = [
        packet.PacketImage(
            BY_CODE[image.category].heading(application.session.year), caption, sealing.read(application, image.file)
        )
        for image, caption in _captioned(application, _pictures(application).filter(removed_at=None))
    ]
    return packet.render_packet(application, images)


def files_of(application: Application) -> Iterator[File]:
    """Yield the packet and every picture of it that the storage holds, one at a time; what has been lost is named."""
    folder = safe(f"{application.session.year}_{application.number or '未完成报名'}")
    if has_papers(application):
        yield _packet_file(application, folder)

    lost = []
    for image, caption in _captioned(application, _pictures(application)):
        ending = formats.of_type(image.content_type).ending
        place = list(BY_CODE).index(image.category) + 1
        name = f"{folder}/图片/{place:02}_{safe(caption.replace('/', '-'))}.{ending}"
        try:
            yield name, timezone.localtime(image.uploaded_at), sealing.read(application, image.file)
        except STORAGE_ERRORS as error:
            log.error("a picture of an archive cannot be read: %s", type(error).__name__)
            lost.append(name)
    if lost:
        yield f"{folder}/{LOST}", timezone.localtime(), "\r\n".join(lost).encode("utf-8-sig")


def _packet_file(application: Application, folder: str) -> File:
    now = timezone.localtime()
    try:
        return f"{folder}/{PACKET}-{application.number}.pdf", now, packet_of(application)
    except (pdf.PdfError, documents.NoNotice, *STORAGE_ERRORS) as error:
        log.error("the packet of an archive was not printed: %s", type(error).__name__)
        return f"{folder}/{PACKET}没有生成.txt", now, NOT_PRINTED.encode("utf-8-sig")


def _pictures(application: Application):
    """Select what the storage holds: what is there now, and what some submission holds for good."""
    mine = MaterialImage.objects.filter(application=application)
    return mine.filter(removed_at=None) | mine.filter(submitted=True)


def _captioned(application: Application, images) -> Iterator[tuple[MaterialImage, str]]:
    """Yield the pictures in the catalogue's order, each with its title, its place in its category and what it is."""
    places = {code: place for place, code in enumerate(BY_CODE)}
    ordered = sorted(images, key=lambda one: (places[one.category], _kind(one), one.position, one.uploaded_at))
    counts: dict[str, int] = {}
    for image in ordered:
        counts[image.category] = counts.get(image.category, 0) + 1
        title = BY_CODE[image.category].title.format(year=application.session.year)
        yield image, f"{title} 第 {counts[image.category]} 张{_kind(image)}"


def _kind(image: MaterialImage) -> str:
    """Say of a picture outside the set what it is; nothing of those of the set, which so come first."""
    if image.removed_at:
        return "（已替换）"
    return "（补传）" if image.is_owed else "（随答复提交）" if image.is_answer else ""
