"""materials/pictures/recoding.py: turned, flattened, made small, coded under the limit."""

import itertools

import pytest
from PIL import Image

from materials.pictures import recoding
from materials.pictures.formats import JPEG
from materials.pictures.limits import MAX_BYTES
from tests.materials.picture_files import decoded, drawn, stored_for_turning

TABLE = list(range(64))


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 80).convert("RGB")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation):
    turned = recoding.turn(stored_for_turning(drawn(), orientation), orientation)
    assert turned.tobytes() == drawn().tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_tables_turn_with_the_picture(orientation):
    (turned,) = recoding.turned_tables([TABLE], orientation)
    expected = TABLE if orientation < 5 else [8 * (place % 8) + place // 8 for place in TABLE]
    assert turned == expected


def test_blocks_are_kept_where_the_mirrored_side_is_whole_blocks():
    kept = {towards for towards in range(1, 9) if recoding.keeps_blocks(320, 241, towards)}
    assert kept == {1, 2, 5, 8}
    assert {towards for towards in range(1, 9) if recoding.keeps_blocks(321, 240, towards)} == {1, 4, 5, 6}


def test_the_best_quality_that_fits_is_taken():
    coded = recoding.as_jpeg(noise(900, 700), "4:2:0")
    qualities = [recoding._coded(noise(900, 700), JPEG, quality=q, optimize=True) for q in (1, 95)]
    assert qualities[0] is not None
    assert qualities[1] is None
    assert 0.93 * MAX_BYTES < len(coded) <= MAX_BYTES


def test_a_small_picture_is_coded_at_the_highest_quality():
    coded = recoding.as_jpeg(drawn(), "4:4:4")
    assert coded == recoding._coded(drawn(), JPEG, quality=95, subsampling="4:4:4", optimize=True)


@pytest.mark.parametrize("side", [200, 256])
def test_a_small_picture_may_take_more_bytes_than_it_has_pixels(side):
    coloured = Image.merge("RGB", [Image.effect_noise((side, side), 80) for _ in range(3)])
    coded = recoding.as_jpeg(coloured, "4:4:4")
    assert side * side < len(coded) <= MAX_BYTES
    tables = decoded(coded).quantization.values()
    assert len(recoding.as_jpeg(coloured, "4:4:4", [list(table) for table in tables][:1] * 3)) <= MAX_BYTES


def test_what_cannot_fit_is_none():
    assert recoding.as_png(noise(400, 400), ()) is None
    assert recoding.as_jpeg(noise(2_200, 2_200), "4:2:0") is None


def test_a_png_keeps_its_short_chunks_palette_and_transparency():
    image = drawn(mode="P")
    image.info["transparency"] = 7
    coded = recoding.as_png(image, ((b"gAMA", b"\0\0\xb1\x8f"),))
    assert decoded(coded).info["gamma"] == 0.45455
    assert decoded(coded).convert("RGBA").tobytes() == image.convert("RGBA").tobytes()


def test_sixteen_bits_of_grey_are_shown_by_their_upper_eight():
    deep = Image.new("I;16", (8, 8), 0xABCD)
    assert (recoding.flatten(deep).mode, recoding.flatten(deep).getpixel((3, 3))) == ("L", 0xAB)


@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (9, 9, 9, 0)), ("LA", (9, 0)), ("1", 1), ("L", 255)])
def test_flattened_pictures_are_white_where_nothing_is(mode, colour):
    flat = recoding.flatten(Image.new(mode, (30, 2_000), colour))
    assert flat.convert("RGB").getcolors() == [(60_000, (255, 255, 255))]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_every_mode_shrinks_to_the_same_sides(mode):
    sides = [(1, 1), (320, 200), (321, 200), (639, 5), (641, 640), (1_999, 3_001), (10_000, 1)]
    expected = [(1, 1), (320, 200), (320, 199), (320, 3), (320, 320), (213, 320), (320, 1)]
    assert [recoding.shrink(Image.new(mode, size), 320).size for size in sides] == expected


def test_bands_leave_no_seams():
    slope = Image.linear_gradient("L").resize((2_600, 2_600))
    small = recoding.shrink(slope, 320)
    column = [small.getpixel((9, row)) for row in range(320)]
    assert all(0 <= below - above <= 2 for above, below in itertools.pairwise(column))
