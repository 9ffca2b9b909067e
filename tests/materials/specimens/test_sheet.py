"""A sheet of drawn paper: what is drawn stays on it, the same every time."""

import io
from itertools import pairwise

import pytest
from PIL import Image

from materials.specimens import sheet


def test_a_long_title_is_set_smaller_than_a_short_one():
    def width(text):
        page = sheet.Sheet(800, 300)
        page.title(100, text, 60)
        return page.image.point(lambda value: 255 * (value < 100)).convert("L").getbbox()

    long, short = width("题" * 30), width("题" * 3)
    assert long[0] >= 0 and long[2] <= 800
    assert long[3] - long[1] < short[3] - short[1]


def test_a_paragraph_keeps_numbers_whole_and_begins_no_line_with_a_stop():
    lines = list(sheet.wrapped("自2019年7月1日起，至2020年6月30日止。", 40, 300))
    assert "".join(lines) == "自2019年7月1日起，至2020年6月30日止。"
    assert len(lines) > 1
    assert [line for line in lines if line[:1] in sheet.CLOSING] == []
    assert not any(one[-1:].isdigit() and other[:1].isdigit() for one, other in pairwise(lines))


def test_what_is_drawn_twice_is_the_same():
    def drawn():
        page = sheet.Sheet(400, 300)
        page.seal(200, 150, "示例单位", 100)
        return page.image.tobytes()

    assert drawn() == drawn()


@pytest.mark.parametrize("size", [(1600, 1100), (1200, 1600)])
def test_the_picture_is_a_jpeg_within_its_bounds_and_without_metadata(size):
    content = sheet.Sheet(*size).jpeg()
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size, len(image.getexif())) == ("JPEG", size, 0)
    assert len(content) <= sheet.LARGEST_BYTES
