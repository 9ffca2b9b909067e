"""materials/pictures/decode.py: what is read before anything is unpacked, and what one decode gives."""

import pytest
from PIL import Image

from candidates.rules.refusals import PictureRefused
from materials.pictures import decode
from materials.pictures.formats import JPEG, PNG
from tests.materials.picture_files import corners, drawn, encoded, oriented, stored_for_turning

FILES = {JPEG: encoded(drawn(1600, 800)), PNG: encoded(drawn(1600, 800), "PNG")}


@pytest.mark.parametrize("kind", [JPEG, PNG], ids=["jpeg", "png"])
def test_an_upright_picture_is_stored_as_its_header_has_it_and_made_small(kind):
    header = decode.read_header(kind, FILES[kind] + b"what follows the end", 200)
    stored, small = decode.decode(kind, header)
    assert header.kept_as_it_is is True
    assert stored.format == kind
    assert stored.content == FILES[kind]
    assert (stored.width, stored.height) == (1600, 800)
    assert small.size == (320, 160)


@pytest.mark.parametrize("kind", [JPEG, PNG], ids=["jpeg", "png"])
def test_a_turned_picture_is_coded_anew_in_its_own_format(kind):
    received = oriented(encoded(stored_for_turning(drawn(), 6), kind.name), 6)
    header = decode.read_header(kind, received, 200)
    stored, _small = decode.decode(kind, header)
    assert header.kept_as_it_is is False
    assert stored.format == kind
    assert corners(stored.content) == "RGBW"


def test_a_turned_png_that_does_not_fit_becomes_a_jpeg():
    noise = Image.merge("RGB", [Image.effect_noise((400, 300), 80) for _ in range(3)])
    header = decode.read_header(PNG, oriented(encoded(noise, "PNG"), 6), 200)
    stored, _small = decode.decode(PNG, header)
    assert (stored.format, (stored.width, stored.height)) == (JPEG, (300, 400))


@pytest.mark.parametrize("kind", [JPEG, PNG], ids=["jpeg", "png"])
def test_who_admits_is_asked_once_before_anything_is_unpacked(kind):
    asked = []
    decode.read_header(kind, FILES[kind], 200, asked.append)
    assert asked == [False]


def test_what_pillow_cannot_read_is_corrupt():
    header = decode.read_header(JPEG, FILES[JPEG][:-3000] + b"\xff\xd9", 200)
    with pytest.raises(PictureRefused) as refused:
        decode.decode(JPEG, header)
    assert refused.value.code == "corrupt"
