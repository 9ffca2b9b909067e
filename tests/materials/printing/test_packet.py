"""The packet: contents, papers and pictures in one PDF, the pictures' bytes untouched, every page marked."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image

from materials.printing import documents, packet
from materials.printing.packet import PacketImage, PacketRecord, Part
from tests import factories
from tests.materials.applications import LONGEST, NOTICE, YEAR, application
from tests.materials.printing.test_pdf import text_of

WATERMARK = "北京一考点 site-1101 2027-03-01"
RECORD = PacketRecord(datetime(2027, 3, 1, 2, tzinfo=UTC), "考点 site-1101", "审核通过", "逐份办理")


def picture(mode: str, kind: str) -> bytes:
    target = io.BytesIO()
    Image.effect_mandelbrot((400, 300), (-2, -1.5, 1, 1.5), 50).convert(mode).save(target, kind)
    return target.getvalue()


def notice() -> Part:
    content = documents.render(documents.get("notice"), year=YEAR, application=application(), notice=NOTICE)
    return Part("医师资格考试网上报名成功通知单", content)


def joined(*images: PacketImage, records=(), watermark=WATERMARK, **changes) -> bytes:
    cover = packet.cover_of(application(**changes), watermark)
    parts = [notice(), *packet.picture_parts(images), *packet.record_parts(records)]
    return packet.join(cover, parts)


def pages_of(content: bytes) -> list[str]:
    return text_of(content).split("\f")[:-1]


IDENTITY = (
    PacketImage("1 本人有效身份证明", "本人有效身份证明 1/2", picture("RGB", "JPEG")),
    PacketImage("1 本人有效身份证明", "本人有效身份证明 2/2", picture("RGBA", "PNG")),
)


def test_every_page_has_number_name_its_place_and_the_watermark_and_pictures_their_captions():
    pages = pages_of(joined(*IDENTITY))
    assert [page.count(f"材料册 {at} / 5") for at, page in enumerate(pages, start=1)] == [1] * 5
    assert [page.count("2027110100100017 张某某") for page in pages] == [1] * 5
    assert [page.count("site-1101") for page in pages] == [3] * 5
    assert [page.count(f"本人有效身份证明 {at}/2") for at, page in enumerate(pages[3:], start=1)] == [1, 1]


def test_contents_and_bookmarks_name_every_part_with_its_page():
    diploma = PacketImage("2, 7 毕业证书", "毕业证书 1/1", picture("L", "JPEG"))
    content = joined(*IDENTITY, diploma, records=[RECORD])
    expected = {"医师资格考试网上报名成功通知单": 2, "1 本人有效身份证明": 4, "2, 7 毕业证书": 6, "办理记录": 7}
    first = pages_of(content)[0]
    assert [f"{title} {page}" in first for title, page in expected.items()] == [True] * 4
    with pikepdf.open(io.BytesIO(content)) as document, document.open_outline() as outline:
        places = {one.title: document.pages.index(pikepdf.Page(one.destination[0])) + 1 for one in outline.root}
    assert places == {"目录": 1, **expected}


def test_a_jpeg_goes_in_without_recoding():
    content = picture("RGB", "JPEG")
    with pikepdf.open(io.BytesIO(joined(PacketImage("2 毕业证书", "毕业证书 1/1", content)))) as document:
        raw = [image.read_raw_bytes() for image in document.pages[3].get_images().values()]
        assert raw == [content]
        assert str(document.docinfo["/Title"]) == "报名材料册 2027110100100017"


def test_many_records_go_on_under_the_same_heads():
    *_, last = pages_of(joined(records=[RECORD] * 60))
    words = ("时间 办理人 办理 意见与办理情况", "2027-03-01 10:00", "材料册 5 / 5")
    assert [word in last for word in words] == [True] * 3


def test_contents_of_two_pages_push_all_that_follows():
    parts = [Part(f"第 {at} 部分", notice().content) for at in range(40)]
    pages = pages_of(packet.join(packet.cover_of(application()), parts))
    assert ("第 0 部分 3" in pages[0], "第 39 部分 81" in pages[1], len(pages)) == (True, True, 82)


def test_the_longest_name_is_whole_on_every_page():
    name = LONGEST["name"]
    assert ["".join(page.split()).count(name) > 0 for page in pages_of(joined(name=name, watermark=""))] == [True] * 3


def test_the_own_archive_has_no_watermark():
    assert [page.count("site-1101") for page in pages_of(joined(watermark=""))] == [0] * 3


@pytest.mark.django_db
def test_it_holds_the_papers_that_apply(media_root):
    holder = factories.make_application("registered")
    titles = [part.title for part in packet.papers_of(holder)]
    assert titles == [one.title(holder.session.year) for one in documents.offered(holder.profile)]


@pytest.mark.django_db
def test_one_that_has_ended_holds_no_notice(media_root):
    ended = factories.make_application("withdrawn")
    assert next(part.title for part in packet.papers_of(ended)) == "医师资格考试资格审核材料目录清单"
