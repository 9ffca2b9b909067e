"""Packs: each file once, what is wanted and nothing else, and a pack goes when nothing in it is wanted any more."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from materials.models import MaterialImage, RenderedDocument
from review.archive import pictures, place
from review.archive.place import ArchiveError
from tests import factories
from tests.review.archive.conftest import needs_age

pytestmark = [pytest.mark.django_db, needs_age]


@pytest.fixture
def application():
    application = factories.make_application("registered")
    factories.upload_required(application)
    return application


def packs(folder):
    return sorted(path.stem for path in (folder / "pictures").glob("*.list"))


def test_every_file_is_packed_once_and_what_comes_later_next(folder, identity, application):
    assert pictures.pack_new(folder, since=None) == 8
    assert pictures.pack_new(folder, since=None) == 0
    one = application.images.first()
    [name] = packs(folder)
    with place.opened(folder / "pictures" / f"{name}.tar.age", identity) as stream:
        stored = default_storage.open(one.file).read()
        assert dict(pictures.read(stream, {one.file: hashlib.sha256(stored).hexdigest()})) == {one.file: stored}
    factories.upload_required(factories.make_application("registered"))
    (folder / "pictures.sqlite").unlink()  # it is made anew from the lists
    assert pictures.pack_new(folder, since=timezone.now()) == 8


def test_a_document_that_could_not_be_printed_has_no_file_to_pack(folder, application, caplog):
    facts = {"slug": "notice", "data_hash": "0" * 64, "missing": "U+E000", "rendered_at": timezone.now()}
    RenderedDocument.objects.create(application=application, **facts)
    assert pictures.pack_new(folder, since=None) == 8
    assert caplog.text == ""


def test_a_file_that_is_not_as_listed_is_refused(folder, identity, application):
    pictures.pack_new(folder, since=None)
    [name] = packs(folder)
    key = application.images.first().file
    with (
        place.opened(folder / "pictures" / f"{name}.tar.age", identity) as stream,
        pytest.raises(ArchiveError, match="的内容与清单不符"),
    ):
        dict(pictures.read(stream, {key: "0" * 64}))


def test_a_pack_of_which_little_is_wanted_is_packed_anew_and_goes_after_its_time(folder, application):
    pictures.pack_new(folder, since=None)
    [old] = packs(folder)
    one = application.images.first()
    gone = application.images.exclude(pk=one.pk)
    gone.update(removed_at=timezone.now(), removed_by=application.account)
    assert MaterialImage.objects.filter(removed_at=None).count() * 4 <= application.images.count()
    for _ in range(2):  # packed anew, then found to be superfluous
        assert pictures.superfluous(folder, before=timezone.now() - timedelta(days=1)) == []
    gone.first().delete()
    MaterialImage.objects.exclude(pk=one.pk).delete()
    pictures.superfluous(folder, before=timezone.now())
    later = timezone.now() + timedelta(days=1)
    assert old in pictures.superfluous(folder, before=later) or len(packs(folder)) == 1


def test_a_pack_of_which_nothing_is_wanted_is_superfluous_from_then_on(folder, application):
    pictures.pack_new(folder, since=None)
    [name] = packs(folder)
    begun = timezone.now()
    application.images.all().delete()
    pictures.superfluous(folder, before=begun)
    found = timezone.now()
    assert pictures.superfluous(folder, before=begun) == []
    assert pictures.superfluous(folder, before=found) == [name]
