"""Files at rest: sealed for their application and their key, by the application's own data key."""

import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from candidates.applications.workflow import Actor
from candidates.models import Application
from materials import uploads
from materials.files import sealing
from materials.files.storage import STORAGE_ERRORS
from materials.printing import rendered
from tests import factories
from tests.materials.conftest import needs_a_folder

pytestmark = [pytest.mark.django_db, needs_a_folder]


def upload(application):
    return uploads.add_image(application.pk, "identity", factories.a_picture(), actor=Actor.of(application.account))


def test_a_picture_and_its_thumbnail_lie_sealed_and_read_as_they_came(media_root):
    application = factories.make_application("registered")
    image, picture = upload(application), factories.a_picture()
    lying = [path.read_bytes() for path in media_root.rglob("*") if path.is_file()]
    assert len(lying) == 2
    assert [one for one in lying if picture.content[200:260] in one or one.startswith(b"\xff\xd8")] == []
    assert sealing.read(application, image.file) == picture.content
    assert sealing.read(application, image.thumbnail) == picture.thumbnail


def test_a_printed_document_lies_sealed_and_is_served_from_the_store(media_root):
    case = factories.make_application("payment_due")
    printed = rendered.fetch("notice", case)
    row = case.rendered_documents.get()
    assert printed.startswith(b"%PDF")
    assert b"%PDF" not in (media_root / row.file).read_bytes()
    assert rendered.is_kept("notice", case)
    assert rendered.fetch("notice", Application.objects.get(pk=case.pk)) == printed


def test_row_and_hash_are_of_the_clear_bytes():
    image, picture = upload(factories.make_application("registered")), factories.a_picture()
    assert (image.size, image.sha256) == (len(picture.content), picture.sha256)


def test_a_file_of_another_application_does_not_open():
    one, other = (factories.make_application("registered") for _ in range(2))
    image = upload(one)
    with pytest.raises(sealing.Altered):
        sealing.read(other, image.file)


def test_a_file_in_the_place_of_another_of_the_same_application_does_not_open(media_root):
    application = factories.make_application("registered")
    image = upload(application)
    os.replace(media_root / image.file, media_root / image.thumbnail)
    with pytest.raises(sealing.Altered):
        sealing.read(application, image.thumbnail)


@pytest.mark.parametrize("spoil", [lambda one: b"", lambda one: one[:-1], lambda one: one[:-1] + b"x"])
def test_a_file_that_has_changed_does_not_open_and_that_is_a_storages_failure(media_root, spoil):
    application = factories.make_application("registered")
    image = upload(application)
    path = media_root / image.file
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(STORAGE_ERRORS):
        sealing.read(application, image.file)


def test_without_the_data_key_nobody_reads_its_files():
    application = factories.make_application("registered")
    image = upload(application)
    application.data_key = "00" * 32
    application.save(update_fields=["data_key"])
    with pytest.raises(sealing.Altered):
        sealing.read(application, image.file)


def test_an_application_from_before_gets_its_data_key_with_its_next_picture():
    application = factories.make_application("registered")
    Application.objects.filter(pk=application.pk).update(data_key=b"")
    first = upload(Application.objects.get(pk=application.pk))
    key = Application.objects.get(pk=application.pk).data_key
    assert len(bytes.fromhex(key)) == 32
    assert sealing.read(Application.objects.get(pk=application.pk), first.file) == factories.a_picture().content


def test_who_comes_second_to_an_application_without_a_key_takes_the_firsts():
    application = factories.make_application("registered")
    Application.objects.filter(pk=application.pk).update(data_key=b"")
    two = [Application.objects.get(pk=application.pk) for _ in range(2)]
    assert two[1].data_key == ""  # read before the first has made one
    sealed = [sealing.sealed(one, "images/ab/one.jpg.sealed", b"bytes") for one in two]
    for content in sealed:
        default_storage.save("images/ab/one.jpg.sealed", ContentFile(content))
        assert sealing.read(two[0], "images/ab/one.jpg.sealed") == b"bytes"
        default_storage.delete("images/ab/one.jpg.sealed")


def test_where_it_is_set_so_new_files_lie_in_clear_and_sealed_ones_still_open(settings, media_root):
    application = factories.make_application("registered")
    sealed = upload(application)
    settings.SEAL_FILES = False
    uploads.remove_image(sealed.pk, actor=Actor.of(application.account))
    clear = upload(application)
    assert (media_root / clear.file).read_bytes() == factories.a_picture().content
    assert sealing.read(application, sealed.file) == factories.a_picture().content
