"""The documents that are validated: each blank, and with typical, longest and shortest values; what goes beyond."""

from collections.abc import Iterator
from datetime import UTC, datetime

from materials.printing import correction, documents, packet, pdf
from review.cases import onsite_receipt
from review.payments import receipts
from tests.materials.applications import (
    FOUR_PLACES,
    GAPS,
    LATIN,
    LONGEST,
    MANY_LINES,
    NOTICE,
    SHORTEST,
    YEAR,
    application,
)
from tests.materials.printing.test_packet import picture

UA, ARCHIVE = "ua1", "2u"
VALUES = {
    **{"typical": {}, "longest": LONGEST, "shortest": SHORTEST, "latin": LATIN, "gaps": GAPS},
    "places": {"further_institutions": FOUR_PLACES},
}
Drawn = tuple[str, str, bytes]  # name, flavour, PDF


def documents_of(values: dict, kind: str) -> Iterator[Drawn]:
    for one in documents.DOCUMENTS:
        page = documents.context(one, year=YEAR, application=application(values), notice=NOTICE, employer=True)
        yield f"{one.slug}-{kind}", UA, documents.print_page(page)


def with_many_lines() -> Iterator[Drawn]:
    for slug in ("notice", "checklist"):
        page = documents.context(documents.get(slug), year=YEAR, application=application(), notice=NOTICE)
        page |= {"lines": MANY_LINES, "further": MANY_LINES}
        yield f"{slug}-30-lines", UA, documents.print_page(page)


def told() -> Iterator[Drawn]:
    """Yield what the portal writes itself, from pages as their rooms make them."""
    at = datetime(2027, 3, 1, 2, tzinfo=UTC)
    whose = {
        "number": "2027110100100017",
        "year": YEAR,
        "name": "张某某",
        "exam_category": "临床执业医师",
        "copies": [{}],
    }
    rows = [{"what": f"毕业证书，第 {at} 张", "why": "不清晰" * 30, "how": correction.PICTURE} for at in range(1, 31)]
    page = {
        "title": "补正通知书",
        "unit": "报名点（一）",
        "returned_at": at,
        "until": "2027 年 3 月 8 日 24:00",
        "rows": rows,
    }
    yield "correction", UA, pdf.render(correction.html_of(whose | page))

    rows = [{"document": line.document, "amount": line.amount, "checked": "原件已核对"} for line in MANY_LINES]
    owed = [{"title": "试用期考核证明", "until": "2027 年 8 月 31 日 24:00 前"}]
    page = {"title": "现场审核回执", "point": "报名点", "at": at, "rows": rows, "owed": owed}
    yield "onsite-receipt", UA, pdf.render(onsite_receipt.html_of(whose | page))

    facts = {"姓名": "张某某", "已缴金额": "200.00 元（人民币）"}
    page = {
        "title": "医师资格考试缴费凭证",
        "facts": facts,
        "verify_address": "https://example.org/verify/1/",
        "demo": False,
    }
    yield "receipt", UA, pdf.render(receipts.html_of(whose | page))


def packets() -> Iterator[Drawn]:
    images = [
        packet.PacketImage("1 本人有效身份证明", f"本人有效身份证明 {at}", picture(mode, kind))
        for at, (mode, kind) in enumerate(
            (("RGB", "JPEG"), ("L", "JPEG"), ("RGBA", "PNG"), ("P", "PNG"), ("1", "PNG")), 1
        )
    ]
    record = packet.PacketRecord(datetime(2027, 3, 1, 2, tzinfo=UTC), "考点 site-1101", "审核通过", "逐份办理")
    for kind, values, mark, records in (
        ("archive", {}, "", []),
        ("archive-longest", LONGEST, "", []),
        ("reviewers", {}, "北京一考点 site-1101 2027-03-01", [record] * 40),
    ):
        mine = application(values)
        parts = [
            packet.Part(one.title(YEAR), documents.render(one, year=YEAR, application=mine, notice=NOTICE))
            for one in documents.offered(mine.profile)
        ]
        parts += [*packet.picture_parts(images), *packet.record_parts(records)]
        yield f"packet-{kind}", ARCHIVE, packet.join(packet.cover_of(mine, mark), parts)


def all_documents() -> Iterator[Drawn]:
    for one in documents.blank_forms():
        yield f"{one.slug}-blank", UA, documents.render_blank(one.slug, YEAR)
    for kind, values in VALUES.items():
        yield from documents_of(values, kind)
    yield from with_many_lines()
    yield from told()
    yield from packets()
