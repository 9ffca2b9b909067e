"""What the manifest of a corpus says of each of its files: collected where the corpus is there (conftest.py)."""

import csv

import pytest

from materials.pictures import check
from tests.materials.picture_files import CANARY, corners, decoded
from tests.materials.pictures.conftest import CORPUS
from tests.materials.pictures.test_kinds import outcome


@pytest.mark.parametrize(("min_side", "column"), [(200, ""), (1, "_minside1")])
def test_the_corpus_behaves_as_its_manifest_says(min_side, column):
    misses = []
    with (CORPUS / "manifest.csv").open(encoding="utf-8") as manifest:
        rows = list(csv.DictReader(manifest))
    for row in rows:
        got = outcome((CORPUS / "files" / row["file"]).read_bytes(), min_side)
        expected = row["expect" + column]
        reasons = row["reasons" + column].split("|") if expected == "reject" else []
        taken = isinstance(got, check.Picture)
        if expected != "either" and (reasons if taken else got not in reasons):
            misses.append((row["file"], "taken" if taken else got))
        if taken and not stored_as_asserted(got, row["assert"]):
            misses.append((row["file"], row["assert"]))
    assert len(rows) == 284
    assert misses == []


def stored_as_asserted(picture: check.Picture, asserted: str) -> bool:
    image = decoded(picture.content)
    is_true = {"upright": f"{picture.width}x{picture.height}", "mode": image.mode}
    if "corners" in asserted:
        is_true["corners"] = corners(picture.content)
    said = dict(part.split(":") for part in asserted.split("|") if part.split(":")[0] in is_true)
    clean = CANARY not in picture.content + picture.thumbnail and not image.getexif()
    return clean and image.size == (picture.width, picture.height) and said.items() <= is_true.items()
