"""How each document of a specimen looks: nothing of it leaves its sheet, and it bears the person's own data."""

import pytest
from PIL import ImageChops

from materials.specimens import draw
from materials.specimens.sheet import Sheet

EVERY = pytest.mark.parametrize("specimen", draw.SPECIMENS, ids=lambda s: f"{s.category}-{s.variant}")
FIELDS = {**draw.PERSON, "serial": "000007"}


def painted(specimen, **changes):
    sheet = Sheet(*specimen.size)
    specimen.paint(sheet, {**FIELDS, **changes})
    return sheet.image


@EVERY
def test_a_document_fills_its_sheet(specimen):
    blank = Sheet(*specimen.size).image
    left, top, right, bottom = ImageChops.difference(painted(specimen), blank).getbbox()
    assert right - left > specimen.size[0] / 2
    assert bottom - top > specimen.size[1] / 2


@pytest.mark.parametrize("variant", [("identity", "front"), ("diploma", "graduation"), ("probation", "certificate")])
def test_a_persons_name_stands_on_their_documents(variant):
    specimen = draw._find(*variant)
    assert painted(specimen, name="李某某").tobytes() != painted(specimen).tobytes()
