"""Broken files get the same verdict in every process: alone, and where WeasyPrint has been imported before or after."""

import json
import struct
import subprocess
import sys
import zlib

import pytest
from django.conf import settings
from PIL import ImageFile

from materials.pictures import check, formats, png
from tests.materials.picture_files import drawn, encoded, oriented, raw_png

JPEG, PNG = encoded(drawn()), encoded(drawn(), "PNG")
AT = PNG.index(b"IDAT") + 40  # within the compressed rows
WIDTH, HEIGHT = 210, 310


def rows_with(filter_type: int, at: int) -> bytes:
    """White rows, one of which begins with this filter."""
    rows = [b"\0" + b"\xff" * 3 * WIDTH] * HEIGHT
    rows[at] = bytes((filter_type,)) + rows[at][1:]
    return b"".join(rows)


def with_rows(stream: bytes) -> bytes:
    """A PNG of WIDTH by HEIGHT whose compressed rows are these bytes, its checksums right."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", stream), (b"IEND", b"")]
    return formats.PNG.signature + b"".join(png.chunk(kind, data) for kind, data in chunks)


STREAM = zlib.compress(rows_with(0, 0), 0)  # stored blocks: any byte of it is a byte of the picture or of its frame
BROKEN = {
    "JPEG cut off": JPEG[:-300],
    "JPEG that ends early": JPEG[:-300] + b"\xff\xd9",
    "turned JPEG that ends early": oriented(JPEG[:-300] + b"\xff\xd9", 6),
    "CMYK JPEG that ends early": encoded(drawn(mode="CMYK"))[:-300] + b"\xff\xd9",
    "PNG cut off": PNG[: len(PNG) // 2],
    "PNG with a wrong checksum": PNG[:AT] + bytes((PNG[AT] ^ 1,)) + PNG[AT + 1 :],
    "PNG whose rows do not inflate": with_rows(b"\x78\x9c" + b"\xff" * 99),
    "PNG whose rows inflate to something else": with_rows(STREAM[:-4] + b"\0\0\0\0"),
    "PNG whose rows break off": with_rows(STREAM[: len(STREAM) // 2]),
    "PNG with a row too few": with_rows(zlib.compress(rows_with(0, 0)[: -3 * WIDTH - 1])),
    "PNG with a row too many": with_rows(zlib.compress(rows_with(0, 0) + bytes(3 * WIDTH + 1))),
    "PNG with filter 9 in row 300": raw_png(WIDTH, HEIGHT, rows=rows_with(9, 300)),
    "turned PNG with filter 9 in row 300": oriented(raw_png(WIDTH, HEIGHT, rows=rows_with(9, 300)), 6),
    "PNG with filter 5 in its last row": raw_png(WIDTH, HEIGHT, rows=rows_with(5, HEIGHT - 1)),
}
WHOLE = {"JPEG": JPEG, "PNG": PNG, "turned JPEG": oriented(JPEG, 6), "white PNG": with_rows(STREAM)}
SCRIPT = """
import json, pathlib, sys
if sys.argv[1] == "before": import weasyprint
from materials.pictures import check
if sys.argv[1] == "after": import weasyprint
if sys.argv[1] == "by our door": from materials.printing import engine
def verdict(path):
    try:
        return check.check(path.read_bytes()).content_type
    except check.PictureRefused as refusal:
        return refusal.code
found = {path.name: verdict(path) for path in pathlib.Path(sys.argv[2]).iterdir()}
print(json.dumps(found))
"""


@pytest.mark.parametrize("goes_on", [False, True], ids=["Pillow stops", "Pillow was told to go on"])
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_refused(name, goes_on, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", goes_on)
    with pytest.raises(check.PictureRefused) as refused:
        check.check(BROKEN[name])
    assert refused.value.code == "corrupt"


@pytest.mark.parametrize("imported", ["before", "after", "by our door"])
def test_importing_weasyprint_changes_no_verdict(imported, tmp_path):
    for name, content in {**BROKEN, **WHOLE}.items():
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-c", SCRIPT, imported, tmp_path]
    told = json.loads(subprocess.check_output(command, cwd=settings.BASE_DIR))
    kinds = {name: f"image/{name.split()[-1].lower()}" for name in WHOLE}
    assert told == {**dict.fromkeys(BROKEN, "corrupt"), **kinds}


def test_our_door_to_weasyprint_leaves_pillow_as_it_was():
    script = "from materials.printing import engine; from PIL import ImageFile; print(ImageFile.LOAD_TRUNCATED_IMAGES)"
    assert subprocess.check_output([sys.executable, "-c", script], cwd=settings.BASE_DIR) == b"False\n"
