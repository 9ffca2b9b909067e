"""报名材料册: contents, notice, forms, all pictures of an application and its record in one PDF.

For reviewers with a watermark and the record; for the candidate's own archive without either.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils import timezone
from PIL import Image

from candidates.models import Application
from materials.pictures import formats
from materials.printing import documents, pdf, rendered

if TYPE_CHECKING:
    import pikepdf

A4 = (210, 297)  # millimetres
BORDER = (18, 15)  # millimetres, top and bottom, left and right: room for the caption
CONTENTS, RECORDS = "目录", "办理记录"


@dataclass(frozen=True)
class PacketImage:
    """One picture: its category as the contents name it, the words under it (which of how many), the stored bytes."""

    heading: str
    caption: str
    content: bytes


@dataclass(frozen=True)
class PacketRecord:
    """One line of what has been done with the application: when, by whom, what, and how it came about."""

    at: datetime
    who: str
    what: str
    words: str


@dataclass(frozen=True)
class Part:
    """What the contents and the bookmarks name: its pages, and the words under each of them."""

    title: str
    content: bytes  # a PDF
    captions: tuple[str, ...] = ()  # page by page; none where the pages say themselves what they are


@dataclass(frozen=True)
class Cover:
    """Whose packet it is: on every page, and at the head of the contents. `watermark` is laid over; empty: nothing."""

    number: str
    name: str
    facts: dict[str, str] = field(default_factory=dict)
    watermark: str = ""

    @property
    def title(self) -> str:
        return f"报名材料册 {self.number}"


def render_packet(
    application: Application,
    images: Sequence[PacketImage],
    watermark: str = "",
    records: Sequence[PacketRecord] = (),
) -> bytes:
    """Return the packet: contents, notice and forms as far as they apply, a page for each picture, the records.

    `images` come in the catalogue's order and are not recoded, `records` oldest first; `watermark` is unit, account and
    date in one line. Raises what rendered.fetch raises.
    """
    cover = cover_of(application, watermark)
    return join(cover, [*papers_of(application), *picture_parts(images), *record_parts(records)])


def cover_of(application: Application, watermark: str = "") -> Cover:
    units = (application.region, application.site, application.point)
    sent = f"{timezone.localtime(application.submitted_at):%Y-%m-%d %H:%M}" if application.submitted_at else ""
    facts = {
        "姓名": application.name,
        "报名编号": application.number or "",
        "考试年度": f"{application.session.year} 年度",
        "报考类别": application.exam_category.name if application.exam_category else "",
        "考区、考点、报名点": "　".join(unit.name for unit in units if unit),
        "提交审核": f"第 {application.round} 次，{sent}" if sent else "",
    }
    return Cover(
        application.number or "", application.name, {name: one for name, one in facts.items() if one}, watermark
    )


def papers_of(application: Application) -> Iterator[Part]:
    """Yield the notice and Attachments 4 to 8, as far as this application has them."""
    profile = application.profile
    for one in documents.offered(profile) if profile else ():
        if one.is_open(application):
            yield Part(one.title(application.session.year), rendered.fetch(one.slug, application))


def picture_parts(images: Sequence[PacketImage]) -> Iterator[Part]:
    """Yield a part for each category that has pictures."""
    for heading, found in groupby(images, key=lambda image: image.heading):
        mine = list(found)
        yield Part(heading, _picture_pages(mine), tuple(image.caption for image in mine))


def record_parts(records: Sequence[PacketRecord]) -> Iterator[Part]:
    if records:
        told = render_to_string("documents/packet_records.html", {"records": records, "title": RECORDS})
        yield Part(RECORDS, pdf.render(told, tagged=False))


def join(cover: Cover, parts: Sequence[Part]) -> bytes:
    """Return one PDF (PDF/A-2u) of contents and parts: every page with number, name and its place, and the captions."""
    import pikepdf

    with pikepdf.new() as packet:
        counts: list[int] = []
        captions: list[str] = []
        for part in parts:
            with pikepdf.open(io.BytesIO(part.content)) as source:
                counts.append(len(source.pages))
                captions += part.captions or [""] * len(source.pages)
                packet.pages.extend(source.pages)

        entries, contents = _contents(cover, [part.title for part in parts], counts)
        with pikepdf.open(io.BytesIO(contents)) as first:
            captions = [""] * len(first.pages) + captions
            for at, page in enumerate(first.pages):
                packet.pages.insert(at, page)

        _lay_over(packet, cover, captions)
        _bookmark(packet, entries)
        _as_archive(packet, cover.title)
        target = io.BytesIO()
        packet.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _contents(cover: Cover, titles: list[str], counts: list[int]) -> tuple[list[tuple[str, int]], bytes]:
    """Return what the contents list, each with its page from 1, and their own pages as a PDF."""
    import pikepdf

    own = 1
    while True:
        starts = [own + 1 + sum(counts[:at]) for at in range(len(counts))]
        entries = list(zip(titles, starts, strict=True))
        page = {"title": cover.title, "facts": cover.facts, "entries": entries}
        content = pdf.render(render_to_string("documents/packet_contents.html", page), tagged=False)
        with pikepdf.open(io.BytesIO(content)) as printed:
            pages = len(printed.pages)
        if pages == own:
            return entries, content
        own = pages  # longer than one page: all that follows begins later


def _lay_over(packet: "pikepdf.Pdf", cover: Cover, captions: list[str]) -> None:
    import pikepdf

    html = render_to_string("documents/packet_overlay.html", {"cover": cover, "captions": captions})
    with pikepdf.open(io.BytesIO(pdf.render(html, tagged=False))) as overlay:
        for below, above in zip(packet.pages, overlay.pages, strict=True):
            below.add_overlay(above, None)


def _bookmark(packet: "pikepdf.Pdf", entries: list[tuple[str, int]]) -> None:
    from pikepdf import OutlineItem

    with packet.open_outline() as outline:
        outline.root.append(OutlineItem(CONTENTS, 0))
        outline.root.extend(OutlineItem(title, start - 1) for title, start in entries)


def _as_archive(packet: "pikepdf.Pdf", title: str) -> None:
    """Make it PDF/A-2u: colours are said to be sRGB. It claims no tags, as those of its parts cover no picture."""
    import pikepdf
    from PIL import ImageCms

    for page in packet.pages:
        for key in ("/StructParents", "/Tabs"):
            if key in page:
                del page[key]

    profile = packet.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), N=3)
    intent = {"/S": pikepdf.Name.GTS_PDFA1, "/OutputConditionIdentifier": "sRGB", "/DestOutputProfile": profile}
    packet.Root.OutputIntents = pikepdf.Array([pikepdf.Dictionary({"/Type": pikepdf.Name.OutputIntent, **intent})])
    packet.Root.Lang = "zh-CN"
    with packet.open_metadata(set_pikepdf_as_editor=False) as told:
        told["dc:title"] = title
        told["pdfaid:part"], told["pdfaid:conformance"] = "2", "U"


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
