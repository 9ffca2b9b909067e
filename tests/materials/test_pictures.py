"""materials/pictures.py: what is taken, what is refused with which code, and what is stored."""

import csv
import io
import pathlib

import pytest
from PIL import Image

from materials import pictures

CORPUS = pathlib.Path(__file__).resolve().parents[2] / ".." / "shared" / "corpus"
CANARY = b"CANARY7f3a9c"


def outcome(content: bytes, name: str, min_side: int = 200) -> pictures.Picture | str:
    try:
        return pictures.check(content, name, min_side=min_side)
    except pictures.Refusal as refusal:
        return refusal.code


@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
@pytest.mark.parametrize(("min_side", "column"), [(200, ""), (1, "_minside1")])
def test_the_corpus_behaves_as_its_manifest_says(min_side: int, column: str) -> None:
    misses = []
    with (CORPUS / "manifest.csv").open(encoding="utf-8") as manifest:
        rows = list(csv.DictReader(manifest))
    for row in rows:
        got = outcome((CORPUS / "files" / row["file"]).read_bytes(), row["file"], min_side)
        expected = row["expect" + column]
        if expected == "either":
            continue
        reasons = row["reasons" + column].split("|") if expected == "reject" else []
        if (got not in reasons) if isinstance(got, str) else (reasons or not stored_as_asserted(got, row["assert"])):
            misses.append((row["file"], got if isinstance(got, str) else "taken"))
    assert misses == []
    assert len(rows) == 284


def stored_as_asserted(picture: pictures.Picture, asserted: str) -> bool:
    image = Image.open(io.BytesIO(picture.content), formats=["JPEG", "PNG"])
    image.load()
    right = image.size == (picture.width, picture.height) and CANARY not in picture.content + picture.thumbnail
    if "corners" in asserted:
        right &= corners(image) == "RGBW"
    for part in asserted.split("|"):
        if part.startswith("upright:"):
            right &= part == f"upright:{picture.width}x{picture.height}"
    return right


def corners(image: Image.Image) -> str:
    """The nearest of red, green, blue and white in each corner: top left, top right, bottom left, bottom right."""
    names = {(255, 0, 0): "R", (0, 255, 0): "G", (0, 0, 255): "B", (255, 255, 255): "W"}
    right, bottom = image.width - 6, image.height - 6
    found = ""
    for place in ((5, 5), (right, 5), (5, bottom), (right, bottom)):
        pixel = image.convert("RGB").getpixel(place)
        found += names[min(names, key=lambda name: sum((a - b) ** 2 for a, b in zip(name, pixel, strict=True)))]
    return found
