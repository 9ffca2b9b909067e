"""materials/pictures/warnings.py: what looks wrong with a document's picture, and what does not."""

import io

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from materials.pictures import check
from materials.pictures.warnings import WARNINGS, find
from materials.specimens import draw

DOCUMENTS = (("probation", ""), ("identity", "front"), ("other", ""))


@pytest.fixture(scope="module", params=DOCUMENTS, ids=lambda document: document[0])
def document(request):
    return Image.open(io.BytesIO(draw.draw(*request.param))).convert("RGB")


def warned(picture: Image.Image) -> tuple[str, ...]:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=45)
    return check.check(out.getvalue()).warnings


def test_a_good_picture_is_not_warned_of(document):
    assert warned(document) == ()
    assert warned(document.resize((document.width // 2, document.height // 2))) == ()
    assert warned(document.rotate(4, expand=True, fillcolor=(120, 85, 55))) == ()


def test_a_blurred_picture_is(document):
    assert warned(document.filter(ImageFilter.GaussianBlur(max(document.size) / 200))) == ("blurred",)


def test_a_dark_picture_is(document):
    assert warned(ImageEnhance.Brightness(document).enhance(0.25)) == ("dark",)


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270])
def test_how_a_picture_lies_is_not_guessed_at(document, turn):
    assert warned(document.transpose(turn)) == ()


@pytest.mark.parametrize("paper", ["white", "#e1ded7"])
def test_an_empty_page_is_nearly_empty_and_a_black_one_dark_too(paper):
    assert warned(Image.new("RGB", (1_200, 1_600), paper)) == ("nearly_empty",)
    assert warned(Image.new("RGB", (1_200, 1_600), "black")) == ("dark", "nearly_empty")


@pytest.mark.parametrize("size", [(1, 1), (1, 320), (320, 1), (2, 2), (9, 9), (320, 7)])
def test_the_smallest_pictures_are_looked_at_too(size):
    speckled = Image.effect_noise(size, 100)
    assert set(find(speckled)) <= set(WARNINGS)
