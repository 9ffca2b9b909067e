"""报名材料册: notice with on-site list and all pictures of an application in one PDF, for reviewers."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from PIL import Image

from candidates.models import Application
from materials.pictures import formats
from materials.printing import documents, pdf, rendered

if TYPE_CHECKING:
    import pikepdf

A4 = (210, 297)  # millimetres
BORDER = (18, 15)  # millimetres, top and bottom, left and right: room for the caption


@dataclass(frozen=True)
class PacketImage:
    """One picture: the words under it (category, which of how many) and the stored bytes."""

    caption: str
    content: bytes


@dataclass(frozen=True)
class PacketRecord:
    """One line of what has been done with the application: when, by whom, what, and how it came about."""

    at: datetime
    who: str
    what: str
    words: str


def render_packet(
    application: Application, images: Sequence[PacketImage], watermark: str, records: Sequence[PacketRecord] = ()
) -> bytes:
    """Return the packet: the notice, a page for each picture, not recoded, the records; each page with the watermark.

    `images` come in the catalogue's order, `records` oldest first; `watermark` is unit, account and date in one line.
    Raises what rendered.fetch raises.
    """
    notice = rendered.fetch(documents.NOTICE.slug, application)
    title = f"报名材料册 {application.number}"
    return join(notice, images, watermark=watermark, title=title, records=records)


def join(
    notice: bytes,
    images: Sequence[PacketImage],
    *,
    watermark: str,
    title: str,
    records: Sequence[PacketRecord] = (),
) -> bytes:
    """One PDF of notice, pictures and records, A4, with captions, page numbers and the watermark laid over."""
    import pikepdf

    with pikepdf.open(io.BytesIO(notice)) as packet:
        captions = [""] * len(packet.pages) + [image.caption for image in images]  # the notice has titles of its own
        if images:
            with pikepdf.open(io.BytesIO(_picture_pages(images))) as pictures:
                packet.pages.extend(pictures.pages)
        if records:
            told = render_to_string("documents/packet_records.html", {"records": records, "title": title})
            with pikepdf.open(io.BytesIO(pdf.render(told, tagged=False))) as pages:
                captions += ["办理记录"] * len(pages.pages)
                packet.pages.extend(pages.pages)
        page = {"captions": captions, "watermark": watermark, "title": title}
        html = render_to_string("documents/packet_overlay.html", page)
        with pikepdf.open(io.BytesIO(pdf.render(html, tagged=False))) as overlay:
            for below, above in zip(packet.pages, overlay.pages, strict=True):
                below.add_overlay(above, None)
        _untag(packet)
        packet.docinfo["/Title"] = title
        target = io.BytesIO()
        packet.save(target)
    return target.getvalue()


def _picture_pages(images: Sequence[PacketImage]) -> bytes:
    import img2pdf

    page = (img2pdf.mm_to_pt(A4[0]), img2pdf.mm_to_pt(A4[1]))
    border = (img2pdf.mm_to_pt(BORDER[0]), img2pdf.mm_to_pt(BORDER[1]))
    layout = img2pdf.get_layout_fun(pagesize=page, border=border, fit=img2pdf.FitMode.into)

    converted: bytes = img2pdf.convert([_opaque(image.content) for image in images], layout_fun=layout)
    return converted


def _opaque(content: bytes) -> bytes:
    """Return the bytes as they are; what is transparent, which img2pdf refuses, on white and still lossless."""
    kind = formats.of_content(content)
    if kind is None or not kind.may_be_transparent:
        return content

    with Image.open(io.BytesIO(content), formats=[kind.name]) as picture:
        if not picture.has_transparency_data:
            return content
        coloured = picture.convert("RGBA")
    white = Image.new("RGBA", coloured.size, "white")
    target = io.BytesIO()
    Image.alpha_composite(white, coloured).convert("RGB").save(target, formats.PNG.name)
    return target.getvalue()


def _untag(packet: "pikepdf.Pdf") -> None:
    """Claim no tags rather than wrong ones: the notice's do not cover the pictures."""
    for key in ("/StructTreeRoot", "/MarkInfo", "/Metadata"):
        if key in packet.Root:
            del packet.Root[key]
