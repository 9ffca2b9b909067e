"""What others wrote is shipped as it was: every file under static/vendor with its version and checksum."""

import hashlib
import json
from pathlib import Path

from nmec_portal.local import bootstrap

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


def manifest_checksums() -> dict[str, str]:
    packages = json.loads((VENDOR / "manifest.json").read_text())
    return {path: checksum for package in packages for path, checksum in package["files"].items()}


def test_every_vendored_file_has_the_checksum_of_the_manifest():
    shipped = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert shipped == manifest_checksums()


def test_every_vendored_folder_carries_its_name_version_and_licence():
    packages = json.loads((VENDOR / "manifest.json").read_text())
    folders = {path.name for path in VENDOR.iterdir() if path.is_dir()}
    assert folders == {f"{package['name']}-{package['version']}" for package in packages}
    assert [package["name"] for package in packages if not package["licence"]] == []


def test_vendored_files_point_to_no_source_map():
    pointing = [path.name for path in VENDOR.rglob("*.min.*") if b"sourceMappingURL" in path.read_bytes()]
    assert pointing == []


def test_bootstraps_cut_sheet_has_every_class_of_it_that_is_used():
    known = set(bootstrap.NAMES.read_text().split())
    cut_away = (bootstrap.used() & known) - bootstrap.classes_of(bootstrap.CUT.read_text())
    assert cut_away == set(), "python -m nmec_portal.local.bootstrap, with the published sheet"


def test_a_rule_stays_where_all_its_classes_are_used_and_a_variable_where_something_asks_for_it():
    published = ":root{--bs-a:1px;--bs-b:2px}.btn,.nav{top:var(--bs-a)}.nav .btn{left:0}@media print{.nav{top:0}}"
    assert bootstrap.cut(published, {"btn"}, set()) == ":root{--bs-a:1px}.btn{top:var(--bs-a)}"
    assert bootstrap.cut(published, {"btn"}, {"--bs-b"}) == ":root{--bs-a:1px;--bs-b:2px}.btn{top:var(--bs-a)}"
