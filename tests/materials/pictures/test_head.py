"""materials/pictures/head.py: which end of a sheet is its head, and what tells nothing."""

import pytest
from PIL import Image, ImageDraw, ImageOps

from materials.pictures.head import upright
from materials.specimens.sheet import Sheet

LIGHT = 240  # the paper's luminance


def told(thumbnail: Image.Image) -> float:
    return upright(thumbnail.reduce(2), LIGHT)


def sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    paper = Image.new("L", (226, 320), LIGHT)
    return paper, ImageDraw.Draw(paper)


def lines(pen: ImageDraw.ImageDraw, first: int, last: int, left: int = 30, right: int = 196) -> None:
    """Something like lines of writing, dark and light in turn along each."""
    for y in range(first, last, 9):
        for x in range(left, right, 4):
            pen.rectangle((x, y, x + 2, y + 3), fill=30)


@pytest.fixture
def letter():
    paper, pen = sheet()
    lines(pen, 30, 34, 80, 146)
    lines(pen, 60, 160)
    return paper


def test_a_letter_stands_on_its_empty_foot(letter):
    assert told(letter) > 1.5
    assert told(letter.transpose(Image.Transpose.ROTATE_180)) < -1.5


def test_a_portrait_stands_on_its_shoulders():
    drawn = Sheet(1600, 1100)
    drawn.portrait((1040, 340, 1360, 760))
    card = drawn.image.convert("L").resize((320, 220), Image.Resampling.BOX)
    lines(ImageDraw.Draw(card), 20, 200, 40, 180)
    head_down = card.copy()
    head_down.paste(card.crop((208, 68, 273, 153)).transpose(Image.Transpose.FLIP_TOP_BOTTOM), (208, 68))
    assert told(card) > told(head_down)


@pytest.mark.parametrize("desk", [40, 120, 200])
def test_the_desk_around_the_sheet_tells_nothing(letter, desk):
    lying_low = ImageOps.expand(letter, (30, 90, 20, 10), fill=desk)
    lying_low.thumbnail((320, 320))
    assert told(lying_low) > 1
    assert told(lying_low.transpose(Image.Transpose.ROTATE_180)) < -1


def test_a_page_full_of_writing_tells_nothing():
    paper, pen = sheet()
    lines(pen, 20, 300)
    assert (
        abs(
            told(
                paper,
            )
        )
        < 0.3
    )


@pytest.mark.parametrize("size", [(1, 1), (320, 1), (1, 320), (39, 320)])
def test_what_is_too_small_or_plain_tells_nothing(size):
    assert told(Image.effect_noise(size, 100)) == 0
    assert told(Image.new("L", (226, 320), "black")) == 0
    assert told(Image.new("L", (226, 320), "white")) == 0


@pytest.mark.parametrize("enough", [-1.5, -0.9, 0.5])
@pytest.mark.parametrize("turn", [None, Image.Transpose.ROTATE_180])
def test_where_it_is_surely_enough_the_rest_changes_nothing(letter, turn, enough):
    half = (letter.transpose(turn) if turn is not None else letter).reduce(2)
    assert (upright(half, LIGHT, enough=enough) < enough) == (upright(half, LIGHT) < enough)
