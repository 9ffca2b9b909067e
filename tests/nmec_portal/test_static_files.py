"""What production serves of static/: the same rules and the same scripts in fewer bytes and fewer files."""

import json
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from nmec_portal.static_files import BUNDLES, SmallStorage

STATIC = Path(__file__).resolve().parents[2] / "static"
SCRIPTS = sorted({part for parts in BUNDLES.values() for part in parts if part.endswith(".js")})
ALSO = ("fonts/nmec-rare.woff", "js/board.js")  # what a sheet refers to, and what is in no bundle


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Return where the bundles' parts were collected, with what became of them."""
    root = tmp_path_factory.mktemp("static")
    source, storage = FileSystemStorage(STATIC), SmallStorage(location=root)
    storage.skip_compress_extensions = ["css", "js", "woff"]
    parts = {part for parts in BUNDLES.values() for part in parts} | {*ALSO}
    for part in parts:
        with source.open(part) as file:
            storage.save(part, file)
    made = list(storage.post_process({part: (source, part) for part in sorted(parts)}))
    assert [error for _, _, error in made if isinstance(error, Exception)] == []
    return root


def now_called(root, name):
    return json.loads((root / "staticfiles.json").read_text())["paths"][name]


@pytest.mark.parametrize("part", SCRIPTS)
def test_a_script_of_a_bundle_is_strict_by_itself_and_asks_nothing_of_its_tag(part):
    text = (STATIC / part).read_text()
    assert '"use strict";' in text.splitlines()
    assert "currentScript" not in text


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_has_its_parts_in_their_order(collected, name):
    bundle = (collected / now_called(collected, f"bundles/{name}")).read_text()
    places = [bundle.find((collected / now_called(collected, part)).read_text()) for part in BUNDLES[name]]
    assert -1 not in places
    assert places == sorted(places)


def test_ours_lose_their_comments_and_what_others_wrote_stays_as_it_was(collected):
    ours, others = "js/board.js", "vendor/bootstrap-5.3.9/bootstrap.used.min.css"
    assert len((collected / ours).read_text()) < len((STATIC / ours).read_text())
    assert "//" not in (collected / ours).read_text()
    assert (collected / others).read_bytes() == (STATIC / others).read_bytes()


def test_a_file_of_a_bundles_sheet_is_asked_for_by_its_name_with_the_hash(collected):
    sheet = (collected / now_called(collected, "bundles/page.css")).read_text()
    assert f"../{now_called(collected, 'fonts/nmec-rare.woff')}" in sheet


def test_collecting_twice_changes_nothing(collected, tmp_path):
    before = {path: path.read_bytes() for path in collected.rglob("*") if path.is_file()}
    source, storage = FileSystemStorage(STATIC), SmallStorage(location=collected)
    storage.skip_compress_extensions = ["css", "js", "woff"]
    parts = sorted({part for parts in BUNDLES.values() for part in parts} | {*ALSO})
    list(storage.post_process({part: (source, part) for part in parts}))
    assert {path: path.read_bytes() for path in collected.rglob("*") if path.is_file()} == before


def test_a_dry_run_writes_nothing(tmp_path):
    storage = SmallStorage(location=tmp_path)
    assert list(storage.post_process({"js/board.js": (FileSystemStorage(STATIC), "js/board.js")}, dry_run=True)) == []
    assert list(tmp_path.iterdir()) == []
