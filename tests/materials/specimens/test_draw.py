"""Specimens: every category has one, each is a real picture that the portal's own check accepts."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from candidates.rules import id_number
from materials.pictures import check
from materials.rules import catalogue
from materials.specimens import draw, sheet

EVERY = pytest.mark.parametrize("specimen", draw.SPECIMENS, ids=lambda s: f"{s.category}-{s.variant}")
STATIC = Path(draw.STATIC_FOLDER).parent


def test_every_category_of_the_catalogue_has_a_specimen():
    assert {specimen.category for specimen in draw.SPECIMENS} == {c.code for c in catalogue.CATEGORIES}


def test_no_two_specimens_share_a_name_or_a_caption():
    names = [specimen.static_name for specimen in draw.SPECIMENS]
    captions = [specimen.caption for specimen in draw.SPECIMENS]
    assert (len(set(names)), len(set(captions))) == (len(names), len(captions))


@EVERY
def test_a_drawn_specimen_is_accepted_without_a_warning(specimen):
    content = draw.draw(specimen.category, specimen.variant)
    picture = check.check(content)
    assert (picture.width, picture.height, picture.warnings) == (*specimen.size, ())
    assert 60 * 1024 <= len(content) <= 190 * 1024


@EVERY
def test_a_drawn_specimen_carries_the_mark_in_every_quarter(specimen):
    """Where the watermark lies the picture is redder than beside it."""
    with Image.open(io.BytesIO(draw.draw(specimen.category, specimen.variant))) as image:
        red, green, _ = image.split()
    mark = sheet.watermark(*specimen.size).point(lambda value: 255 if value else 0)
    reddish = ImageChops.subtract(red, green)
    for box in quarters(*specimen.size):
        inside = ImageStat.Stat(reddish.crop(box), mark.crop(box)).mean[0]
        outside = ImageStat.Stat(reddish.crop(box), ImageChops.invert(mark.crop(box))).mean[0]
        assert inside > outside + 5, box


def quarters(width, height):
    x, y = width // 2, height // 2
    return (0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height)


def test_the_same_arguments_draw_the_same_bytes_and_another_seed_draws_others():
    first, again, other = (draw.draw("degree", seed=seed) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_a_person_given_is_drawn():
    assert draw.draw("degree", person={"name": "李某某"}) != draw.draw("degree")


def test_an_unknown_document_is_refused():
    with pytest.raises(KeyError, match="no specimen of identity birdsong"):
        draw.draw("identity", "birdsong")


def test_the_person_on_specimens_has_a_valid_number_of_an_unassigned_region():
    number = draw.PERSON["number"]
    assert (number[:2], id_number.check_character(number[:17])) == ("10", number[17])


@EVERY
def test_the_static_specimen_is_there_and_small(specimen):
    content = (STATIC / specimen.static_name).read_bytes()
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, max(image.size)) == ("JPEG", 800)
    assert len(content) <= 60 * 1024
