"""Copies elsewhere, on a real S3 server: all of it, what came while it was away, and the way back."""

import pytest
from django.core.files.storage import storages

from review.archive import offsite, place
from review.archive.place import ArchiveError
from tests.materials.files import s3_rclone
from tests.review.archive.conftest import needs_age

pytestmark = needs_age


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with s3_rclone.serving(tmp_path_factory.mktemp("s3")) as found:
        yield found


@pytest.fixture
def bucket(server, settings, request):
    name = f"b{abs(hash(request.node.name)) % 10**8}"
    place_of_it = server.bucket(name)
    backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": server.options(name)}
    settings.STORAGES = {**settings.STORAGES, "backups": backend}
    yield place_of_it


def below(path):
    return sorted(str(one.relative_to(path)) for one in path.rglob("*") if one.is_file())


def test_everything_sealed_is_copied_once_and_nothing_of_the_spool(folder, bucket):
    place.seal([b"x"], folder / "wal" / "one")
    (folder / "base" / "a.json").write_text("{}")
    (folder / "base" / "b.tar.gz.age.part").write_text("half")
    (folder / "spool" / "clear").write_text("clear")
    copier = offsite.Copier(folder)
    assert (copier.copy(), copier.copy()) == (3, 0)
    assert offsite.Copier(folder).copy() == 1  # archive.json, which lies in no room, is sent again
    assert below(bucket) == ["archive.json", "base/a.json", "wal/one"]


def test_a_bucket_that_is_away_is_told_and_what_is_missing_comes_later(folder, bucket, settings):
    good = settings.STORAGES["backups"]
    away = {**good["OPTIONS"], "endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = {**settings.STORAGES, "backups": {**good, "OPTIONS": away}}
    copier = offsite.Copier(folder)
    place.seal([b"x"], folder / "wal" / "one")
    with pytest.raises(ArchiveError, match="异地备份没有应答（EndpointConnectionError）：本机备份照常"):
        copier.copy()
    settings.STORAGES = {**settings.STORAGES, "backups": good}
    assert copier.copy() == 2
    assert below(bucket) == ["archive.json", "wal/one"]


def test_what_was_copied_comes_back_whole_to_an_empty_folder(folder, bucket, tmp_path):
    place.seal([b"x" * 1000], folder / "pictures" / "one")
    offsite.Copier(folder).copy()
    assert (offsite.fetch(tmp_path / "new"), offsite.fetch(tmp_path / "new")) == (2, 0)
    assert (tmp_path / "new/pictures/one").read_bytes() == (folder / "pictures/one").read_bytes()
    offsite.delete(["pictures/one"])
    assert offsite.names(storages["backups"], "pictures") == []
