"""Rows and files held against one another: each deviation has its name, and only what is superfluous and old goes."""

import os
import time

import pytest
from django.core.files.storage import default_storage

from candidates.applications.workflow import Actor
from materials import uploads
from materials.files import sealing
from materials.files.verifying import YOUNG, Finding, verify
from materials.models import MaterialImage
from tests import factories
from tests.materials.conftest import needs_a_folder

pytestmark = [pytest.mark.django_db, needs_a_folder]


@pytest.fixture(params=[True, False], ids=["sealed", "clear"])
def image(media_root, request, settings):
    settings.SEAL_FILES = request.param
    application = factories.make_application("registered")
    actor = Actor.of(application.account)
    image = uploads.add_image(application.pk, "identity", factories.a_picture(), actor=actor)
    for path in media_root.rglob("*.*"):
        os.utime(path, (time.time() - 48 * 3600,) * 2)
    return image


def found(*, fix=False):
    """What deviates, without the counts of what is in order."""
    return [one for one in verify(grace_hours=24, fix=fix) if one.kind not in ("rows", "files")]


def test_what_belongs_together_deviates_in_nothing(image):
    counts = [one for one in verify(grace_hours=24, fix=False) if one.count]
    folder = image.id.hex[:2]
    assert counts == [Finding("rows", folder, 1), Finding("files", folder, 2)]


@pytest.mark.parametrize(
    ("change", "kind", "when_sealed"),
    [
        (lambda path: path.unlink(), "missing", "missing"),
        (lambda path: path.write_bytes(b"short"), "wrong size", "wrong content"),
        (lambda path: path.write_bytes(bytes(path.stat().st_size)), "wrong content", "wrong content"),
    ],
)
def test_a_file_that_is_not_as_it_was_stored_is_named_and_its_row_stays(image, media_root, change, kind, when_sealed):
    change(media_root / image.file)
    kind = when_sealed if sealing.is_sealed(image.file) else kind
    assert found(fix=True) == [Finding(kind, image.file)]
    assert MaterialImage.objects.filter(pk=image.pk, removed_at=None).exists()


def test_an_old_file_without_a_row_goes_and_a_young_one_stays(image, media_root):
    stray = media_root / image.file.replace(str(image.id), "0" * 32)
    stray.write_bytes(b"x")
    key = str(stray.relative_to(media_root))
    assert found(fix=True) == [Finding(YOUNG, key)]
    assert stray.exists()
    os.utime(stray, (time.time() - 48 * 3600,) * 2)
    assert found() == [Finding("without a row", key)]
    assert stray.exists()
    assert found(fix=True) == [Finding("without a row", key, removed=True)]
    assert not stray.exists()


def test_the_files_of_a_picture_that_was_removed_unsubmitted_are_superfluous(image):
    MaterialImage.objects.filter(pk=image.pk).update(removed_at=image.uploaded_at, removed_by=image.application.account)
    assert sorted(one.key for one in found() if one.kind == "of a removed picture") == [image.file, image.thumbnail]


def test_a_file_that_the_storage_does_not_give_is_named_and_its_row_stays(image, monkeypatch):
    def broken(storage, key):
        raise OSError("unplugged")

    monkeypatch.setattr(type(default_storage._wrapped), "open", broken)
    assert found(fix=True) == [Finding("unreadable", image.file)]
    assert MaterialImage.objects.filter(pk=image.pk, removed_at=None).exists()


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_file_without_a_row_that_went_while_it_was_looked_at_is_nothing(image, media_root, monkeypatch, is_gone):
    stray = media_root / image.file.replace(str(image.id), "0" * 32)
    stray.write_bytes(b"x")

    def broken(storage, key):
        if is_gone:
            stray.unlink()
        raise OSError("gone, or unplugged")

    monkeypatch.setattr(type(default_storage._wrapped), "get_modified_time", broken)
    if is_gone:
        assert [one for one in found(fix=True) if one.count] == []
    else:
        with pytest.raises(OSError, match="unplugged"):
            found(fix=True)
        assert stray.exists()
