"""The candidate's own archive: the packet without the record, and every picture that the portal holds."""

import io
from pathlib import Path
from zipfile import ZipFile

import pytest

from candidates.models import Application
from materials import archive
from materials.files import sealing
from materials.files.zips import zipped
from materials.printing import documents, pdf
from tests import factories
from tests.materials.printing.test_pdf import text_of
from tests.review.casework import REASON, replace_picture, returned

pytestmark = pytest.mark.django_db


@pytest.fixture
def corrected(media_root):
    """Sent back for its diploma, which has been replaced since."""
    case = returned(factories.make_application("point_review"), diploma=REASON)
    replace_picture(case, "diploma", "degree")
    return Application.objects.get(pk=case.pk)


def files(application):
    return {name: content for name, _, content in archive.files_of(application)}


def test_it_holds_the_packet_and_every_picture_the_replaced_too(corrected):
    folder = f"{corrected.session.year}_{corrected.number}"
    found = files(corrected)
    pictures = {name.removeprefix(f"{folder}/图片/"): content for name, content in found.items() if "图片/" in name}
    assert set(found) - {f"{folder}/图片/{name}" for name in pictures} == {
        f"{folder}/报名材料册-{corrected.number}.pdf"
    }
    assert [name for name in pictures if name.startswith("02_")] == [
        "02_毕业证书 第 1 张.jpg",
        "02_毕业证书 第 2 张（已替换）.jpg",
    ]
    assert len(pictures) == corrected.images.count()
    stored = {sealing.read(corrected, image.file) for image in corrected.images.all()}
    assert set(pictures.values()) == stored


def test_the_packet_has_neither_record_nor_watermark_nor_what_was_replaced(corrected):
    text = text_of(archive.packet_of(corrected))
    assert ("办理记录" in text, "point-1101001" in text, "已替换" in text) == (False, False, False)
    assert "毕业证书 第 1 张" in text


def test_a_lost_picture_is_named_and_the_others_come(corrected, media_root, monkeypatch):
    (media_root / corrected.images.filter(category="diploma", removed_at=None).get().file).unlink()
    found = files(corrected)
    lost = next(content for name, content in found.items() if name.endswith(archive.LOST)).decode("utf-8-sig")
    assert Path(lost).name == "02_毕业证书 第 1 张.jpg"
    assert sum("图片/" in name for name in found) == corrected.images.count() - 1
    assert any(name.endswith("报名材料册没有生成.txt") for name in found)


def test_where_nothing_can_be_printed_the_pictures_still_come(corrected, monkeypatch):
    def busy(*_, **__):
        raise pdf.Busy(pdf.BUSY)

    monkeypatch.setattr(documents, "html_of", busy)
    found = files(corrected)
    assert [name.rpartition("/")[2] for name in found if name.endswith(".txt")] == ["报名材料册没有生成.txt"]


def test_a_draft_has_no_packet(media_root):
    assert archive.has_papers(factories.make_application("draft")) is False


def test_it_unpacks(corrected):
    packed = b"".join(zipped(archive.files_of(corrected)))
    with ZipFile(io.BytesIO(packed)) as opened:
        assert opened.testzip() is None
        assert len(opened.namelist()) == corrected.images.count() + 1
