"""The packet: notice and pictures in one PDF, the pictures' bytes untouched, every page marked."""

import io
from datetime import UTC, datetime

import pikepdf
from PIL import Image

from materials.printing import documents, packet
from tests.materials.applications import NOTICE, YEAR, application
from tests.materials.printing.test_pdf import text_of

WATERMARK = "北京一考点 site-1101 2027-03-01"


def picture(mode: str, kind: str) -> bytes:
    target = io.BytesIO()
    Image.effect_mandelbrot((400, 300), (-2, -1.5, 1, 1.5), 50).convert(mode).save(target, kind)
    return target.getvalue()


def joined(*images: packet.PacketImage) -> bytes:
    notice = documents.render(documents.get("notice"), year=YEAR, application=application(), notice=NOTICE)
    return packet.join(notice, images, watermark=WATERMARK, title="报名材料册 2027110100100017")


def test_every_page_has_its_number_and_the_watermark_and_pictures_their_captions():
    content = joined(
        packet.PacketImage("1 本人有效身份证明 · 第 1 张 / 2", picture("RGB", "JPEG")),
        packet.PacketImage("1 本人有效身份证明 · 第 2 张 / 2", picture("RGBA", "PNG")),
    )
    pages = text_of(content).split("\f")[:-1]
    assert [page.count(f"材料册 {at} / 4") for at, page in enumerate(pages, start=1)] == [1, 1, 1, 1]
    assert [page.count("site-1101") for page in pages] == [3, 3, 3, 3]
    assert [page.count(f"第 {at} 张 / 2") for at, page in enumerate(pages[2:], start=1)] == [1, 1]


def test_a_jpeg_goes_in_without_recoding():
    content = picture("RGB", "JPEG")
    with pikepdf.open(io.BytesIO(joined(packet.PacketImage("2 毕业证书 · 第 1 张 / 1", content)))) as document:
        raw = [image.read_raw_bytes() for image in document.pages[2].get_images().values()]
        assert raw == [content]
        assert str(document.docinfo["/Title"]) == "报名材料册 2027110100100017"


def test_a_packet_without_pictures_is_the_notice():
    assert len(text_of(joined()).split("\f")[:-1]) == 2


def test_the_records_are_its_last_pages():
    record = packet.PacketRecord(datetime(2027, 3, 1, 2, tzinfo=UTC), "考点 site-1101", "审核通过", "逐份办理")
    notice = documents.render(documents.get("notice"), year=YEAR, application=application(), notice=NOTICE)
    content = packet.join(notice, [], watermark=WATERMARK, title="报名材料册", records=[record])
    *_, last = text_of(content).split("\f")[:-1]
    assert [word in last for word in ("2027-03-01 10:00", "审核通过", "逐份办理", "材料册 3 / 3")] == [True] * 4
