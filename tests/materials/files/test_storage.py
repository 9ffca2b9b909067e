"""materials/files/storage.py: new files of a folder are there whole and together, or not at all."""

import os
import resource
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile

from materials.files.storage import DurableFileSystemStorage

FILE, THUMBNAIL = "images/ab/one.jpg", "images/ab/one.thumbnail.jpg"


@pytest.fixture
def storage(tmp_path):
    return DurableFileSystemStorage(location=tmp_path)


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def room_for(size):
    """No file takes more than `size` bytes, as on a disk that is full by then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_is_kept_is_there_under_its_keys_and_nothing_else(storage, tmp_path):
    with storage.drafts() as drafts:
        drafts.begin(FILE, b"a picture")
        drafts.begin(THUMBNAIL, b"its thumbnail")
        drafts.keep()
        assert files(tmp_path) == {FILE: b"a picture", THUMBNAIL: b"its thumbnail"}
    assert files(tmp_path) == {FILE: b"a picture", THUMBNAIL: b"its thumbnail"}


def test_what_is_begun_is_handed_to_the_disk_under_another_name(storage, tmp_path):
    with storage.drafts() as drafts:
        drafts.begin(FILE, b"a picture")
        [(name, content)] = files(tmp_path).items()
        assert name != FILE
        assert name.endswith(".part")
        assert content == b"a picture"


def test_a_key_is_begun_once(storage, tmp_path):
    with storage.drafts() as drafts:
        drafts.begin(FILE, b"a picture")
        drafts.begin(FILE, b"a picture")
        assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("error", [None, RuntimeError], ids=["nobody kept it", "an error came first"])
def test_what_is_not_kept_is_gone(storage, tmp_path, error):
    def begin_only():
        with storage.drafts() as drafts:
            drafts.begin(FILE, b"a picture")
            if error:
                raise error

    if error:
        with pytest.raises(error):
            begin_only()
    else:
        begin_only()
    assert files(tmp_path) == {}


@pytest.mark.parametrize("room", [0, 1_000, 150_000])
def test_a_full_disk_is_an_error_and_leaves_nothing(storage, tmp_path, room):
    with pytest.raises(OSError), room_for(room), storage.drafts() as drafts:
        drafts.begin(THUMBNAIL, b"x" * 1_000)
        drafts.begin(FILE, b"x" * 200_000)
    assert files(tmp_path) == {}


def test_what_found_no_room_is_not_begun_and_may_be_begun_again(storage, tmp_path):
    with storage.drafts() as drafts:
        with pytest.raises(OSError), room_for(1_000):
            drafts.begin(FILE, b"x" * 200_000)
        assert files(tmp_path) == {}
        drafts.begin(FILE, b"x" * 200_000)
        drafts.keep()
    assert files(tmp_path) == {FILE: b"x" * 200_000}


def test_new_folders_are_on_the_disk_before_what_lies_in_them(storage, tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.readlink(f"/proc/self/fd/{handle}")))
    for key in (FILE, "images/ab/two.jpg"):
        with storage.drafts() as drafts:
            drafts.begin(key, b"a picture")
            drafts.keep()
    folders = [str(tmp_path / name) for name in (".", "images", "images/ab", "images/ab")]
    assert [path for path in synced if not path.endswith(".part")] == [os.path.normpath(path) for path in folders]


def test_djangos_own_way_to_save_is_as_durable(storage, tmp_path):
    assert storage.save(FILE, ContentFile(b"a picture")) == FILE
    assert files(tmp_path) == {FILE: b"a picture"}


def test_files_and_folders_are_their_owners_and_their_groups(storage, tmp_path):
    before = os.umask(0o022)
    try:
        storage.save("images/ab/one.jpg", ContentFile(b"bytes"))
    finally:
        os.umask(before)
    modes = {path.relative_to(tmp_path).as_posix(): oct(path.stat().st_mode & 0o777) for path in tmp_path.rglob("*")}
    assert modes == {"images": "0o750", "images/ab": "0o750", "images/ab/one.jpg": "0o640"}
