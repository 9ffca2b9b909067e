"""materials/pictures/scans.py: a JPEG at a scale, and scans that end before the picture."""

import pytest

from candidates.rules.refusals import PictureRefused
from materials.pictures import jpeg, scans
from tests.materials.picture_files import drawn, encoded


def walked(content: bytes) -> jpeg.Jpeg:
    return jpeg.walk(content, 1)


@pytest.mark.parametrize(
    ("size", "long_side", "scaled"),
    [
        ((640, 480), 320, (320, 240)),
        ((641, 480), 320, (321, 240)),
        ((640, 480), 321, (640, 480)),
        ((2560, 80), 320, (320, 10)),
        ((100, 50), 320, (100, 50)),
    ],
)
def test_the_smallest_scale_is_taken_that_leaves_so_many_pixels(size, long_side, scaled):
    header = walked(encoded(drawn(*size)))
    assert scans.scaled(header, header.content, long_side).size == scaled


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_picture_keeps_its_mode(mode):
    header = walked(encoded(drawn(mode=mode)))
    assert scans.scaled(header, header.content, 320).mode == mode


def blank_at_its_end() -> bytes:
    page = drawn(331, 245)
    page.paste("white", (250, 180, 331, 245))
    return encoded(page, progressive=True)


def test_a_whole_picture_of_many_scans_is_let_through():
    header = walked(blank_at_its_end())
    scans.refuse_early_end(header, scans.scaled(header, header.content, 320), 320)


def test_one_whose_last_scan_ends_early_is_refused_though_its_last_block_is_blank():
    content = blank_at_its_end()
    header = walked(content[: (content.rindex(b"\xff\xda") + len(content)) // 2].rstrip(b"\xff") + b"\xff\xd9")
    with pytest.raises(PictureRefused) as refused:
        scans.refuse_early_end(header, scans.scaled(header, header.content, 320), 320)
    assert refused.value.code == "corrupt"
