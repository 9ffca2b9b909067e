"""materials/pictures/formats.py: the table, and that nothing else writes down what stands in it."""

import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import CheckConstraint

from materials.pictures import decode, formats
from materials.pictures.formats import JPEG, PNG
from tests.materials.picture_files import drawn, encoded

ROOT = Path(__file__).resolve().parents[3]


def test_a_format_is_known_by_its_first_bytes_and_by_its_type():
    assert [formats.of_content(encoded(drawn(), one.name)) for one in formats.FORMATS] == [JPEG, PNG]
    assert [formats.of_type(one.content_type) for one in formats.FORMATS] == [JPEG, PNG]
    assert formats.of_content(b"GIF89a") is None


def test_what_the_page_accepts_is_every_ending_and_every_type():
    assert formats.ACCEPT == ".jpg,.jpeg,.png,image/jpeg,image/png"


def test_names_are_listed_as_a_sentence_has_them():
    assert [formats.listed(["a"]), formats.listed(["a", "b"]), formats.listed(["a", "b", "c"])] == [
        "a",
        "a 或 b",
        "a、b 或 c",
    ]


def test_the_script_gets_the_table_the_first_row_being_what_it_writes():
    first, second = json.loads(formats.as_json())
    assert first == {"name": "JPEG", "signature": [255, 216, 255], "endings": ["jpg", "jpeg"], "type": "image/jpeg"}
    assert bytes(second["signature"]) == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"%PDF-1.7", "PDF"),
        (b"\r\n@PJL\r\n%PDF-1.4", "PDF"),
        (b"PK\3\4", "压缩包"),
        (b"PK\3\4" + bytes(26) + b"word/document.xml", "Word"),
        (b"PK\3\4" + bytes(26) + b"OFD.xml", "OFD"),
        (b"\xd0\xcf\x11\xe0", "Word、Excel 或 WPS"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"GIF89a", "只改文件名没有用"),
        (b"RIFF\0\0\0\0WEBP", "WebP"),
        (b"\0\0\0\x1cftypavif", "AVIF"),
        (b"\0\0\0\x1cftypisom", "视频"),
        (b"nonsense", "的内容不是 JPEG 或 PNG 图片"),
    ],
)
def test_a_file_of_another_format_is_told_what_it_is(content, words):
    assert words in formats.foreign(content).what


def test_every_format_has_its_decoder_and_the_database_knows_it():
    assert tuple(decode._DECODERS) == formats.FORMATS
    constraints = apps.get_model("materials", "MaterialImage")._meta.constraints
    known = next(one for one in constraints if one.name == "picture_is_of_a_known_format")
    assert isinstance(known, CheckConstraint)
    assert known.condition.children == [("content_type__in", formats.CONTENT_TYPES)]


def test_no_other_line_of_the_portal_writes_down_a_type_or_a_signature():
    written = re.compile(r"image/(jpeg|png)|\\xff\\xd8\\xff|\\x89PNG|0xff, 0xd8|0x89, 0x50")
    places = [
        *(path for app in ("candidates", "materials", "review") for path in (ROOT / app).rglob("*.py")),
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "static" / "js").glob("*.js"),
    ]
    found = {str(path.relative_to(ROOT)) for path in places if written.search(path.read_text())}
    migrations = {name for name in found if "/migrations/" in name}
    workers = {f"static/js/materials_{name}.js" for name in ("bytes", "fitting", "pdf")}  # a worker has no page to ask
    assert found - migrations - workers == {"materials/pictures/formats.py"}
