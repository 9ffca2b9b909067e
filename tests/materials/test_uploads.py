"""Pictures in and pictures out: what is stored, what is refused, what goes."""

import os
from datetime import timedelta
from itertools import count

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import Application
from candidates.rules.refusals import NotAllowed
from materials import uploads
from materials.files import sealing
from materials.pictures.check import check
from tests import factories
from tests.materials.conftest import needs_a_folder
from tests.materials.picture_files import drawn, encoded, oriented
from tests.materials.uploading import (
    DAY,
    add,
    code_of,
    kept,
    picture,
    remove,
    save,
    submit,
    submitted,
)

pytestmark = pytest.mark.django_db


# --- adding --------------------------------------------------------------------------------------------------------


def test_an_added_picture_has_its_file_its_thumbnail_and_its_place():
    application = factories.make_application("registered")
    first, second = add(application, serial=1), add(application, serial=2)
    assert [image.position for image in (first, second)] == [1, 2]
    assert sealing.read(application, first.file) == picture().content
    assert sealing.read(application, first.thumbnail) == picture().thumbnail


def test_a_draft_takes_no_picture_yet():
    assert code_of(add, factories.make_application("draft")) == "locked"


@pytest.mark.parametrize("status", ["point_review", "payment_due", "rejected", "withdrawn", "cancelled"])
def test_what_is_not_open_takes_no_picture(status):
    assert code_of(add, factories.make_application(status)) == "locked"


@pytest.mark.parametrize(("shift", "code"), [(-2 * DAY, "window_closed"), (0 * DAY, None), (31 * DAY, "window_closed")])
def test_the_upload_window_is_needed_to_add_and_to_remove(shift, code):
    application = factories.make_application("registered")
    image = add(application, serial=1)
    now = timezone.now() + shift
    assert code_of(add, application, serial=2, now=now) == code
    assert code_of(remove, image, application, now=now) == code


def test_the_last_moment_of_the_window_is_the_one_before_it_closes():
    application = factories.make_application("registered")
    closes = application.session.upload_closes
    assert code_of(add, application, serial=1, now=closes - timedelta(microseconds=1)) is None
    assert code_of(add, application, serial=2, now=closes) == "window_closed"


def test_a_hidden_category_takes_no_picture():
    assert code_of(add, factories.make_application("registered"), "assistant_licence") == "hidden_category"


def test_a_refused_picture_leaves_no_file(media_root):
    add_refused = code_of(add, factories.make_application("registered"), "assistant_licence")
    assert add_refused == "hidden_category"
    assert [path for path in media_root.rglob("*") if path.is_file()] == []


def test_the_same_bytes_twice_in_a_category_are_refused():
    application = factories.make_application("registered")
    add(application, serial=1)
    assert code_of(add, application, serial=1) == "duplicate"
    assert len(kept(application, "identity")) == 1


def test_the_same_bytes_in_another_category_are_a_warning_that_names_it():
    application = factories.make_application("registered")
    add(application, "identity", serial=1)
    assert add(application, "diploma", serial=1).warnings == ["same_as:identity"]


def test_a_deleted_picture_is_no_duplicate():
    application = factories.make_application("registered")
    remove(add(application, serial=1), application)
    assert add(application, serial=1).warnings == []


def test_a_category_takes_twenty_pictures_and_no_more():
    application = factories.make_application("registered")
    codes = [code_of(add, application, serial=serial) for serial in range(21)]
    assert codes == [None] * 20 + ["too_many_images"]


def test_nobody_adds_to_somebody_elses_application():
    application = factories.make_application("registered")
    with pytest.raises(NotAllowed):
        stranger = Actor.of(factories.make_candidate())
        uploads.add_image(application.pk, "identity", picture(), actor=stranger)
    assert kept(application, "identity") == []


def test_a_storage_that_fails_stores_no_row(media_root):
    application = factories.make_application("registered")
    media_root.mkdir(exist_ok=True)
    (media_root / "images").write_text("not a folder")
    assert code_of(add, application) == "storage_unavailable"
    assert kept(application, "identity") == []


@needs_a_folder
@pytest.mark.parametrize("failing", range(1, 7), ids=["a", "new", "folder", "the picture", "the thumbnail", "theirs"])
def test_a_storage_that_fails_keeps_nothing_of_the_upload(media_root, monkeypatch, failing):
    calls = count(1)

    def fail(handle):
        if next(calls) == failing:
            raise OSError(28, "No space left on device")

    application = factories.make_application("registered")
    monkeypatch.setattr(os, "fsync", fail)
    assert code_of(add, application) == "storage_unavailable"
    assert [path for path in media_root.rglob("*") if path.is_file()] == []
    assert kept(application, "identity") == []


def take(application, content):
    actor = Actor.of(application.account)
    return uploads.take_image(application, "identity", content, actor=actor, min_side=1)


@pytest.mark.parametrize("towards", [1, 6], ids=["upright", "turned"])
def test_received_bytes_become_a_picture_with_both_files(towards, media_root):
    received = oriented(encoded(drawn()), towards)
    application = factories.make_application("registered")
    image = take(application, received)
    expected = check(received, min_side=1)
    assert sealing.read(application, image.file) == expected.content
    assert sealing.read(application, image.thumbnail) == expected.thumbnail
    assert {path.name for path in media_root.rglob("*.*") if path.is_file()} == {
        f"{image.pk}.jpg.sealed",
        f"{image.pk}.thumbnail.jpg.sealed",
    }


def test_a_picture_that_cannot_be_decoded_leaves_no_file(media_root):
    refused = code_of(take, factories.make_application("registered"), encoded(drawn())[:-400] + b"\xff\xd9")
    assert refused == "corrupt"
    assert [path for path in media_root.rglob("*") if path.is_file()] == []


@needs_a_folder
@pytest.mark.parametrize(("cut", "code"), [(0, "storage_unavailable"), (400, "corrupt")], ids=["whole", "broken"])
def test_what_is_wrong_with_a_picture_is_said_before_what_is_wrong_with_the_storage(media_root, cut, code):
    application = factories.make_application("registered")
    media_root.mkdir(exist_ok=True)
    (media_root / "images").write_text("not a folder")
    whole = encoded(drawn())
    assert code_of(take, application, whole[: len(whole) - cut] + b"\xff\xd9") == code
    assert kept(application, "identity") == []


# --- replacing and removing ------------------------------------------------------------------------------------------


def test_a_replaced_picture_gives_its_place_to_the_new_one():
    application = factories.make_application("registered")
    first, second = add(application, serial=1), add(application, serial=2)
    new = add(application, serial=3, replaces=first.pk)
    assert kept(application, "identity") == [new, second]


def test_a_full_category_still_lets_a_picture_be_replaced():
    application = factories.make_application("registered")
    images = [add(application, serial=serial) for serial in range(20)]
    assert code_of(add, application, serial=20, replaces=images[7].pk) is None
    assert len(kept(application, "identity")) == 20


def test_a_picture_of_another_category_cannot_be_replaced():
    application = factories.make_application("registered")
    other = add(application, "diploma", serial=1)
    assert code_of(add, application, "identity", serial=2, replaces=other.pk) == "locked"
    assert (kept(application, "diploma"), kept(application, "identity")) == ([other], [])


def test_the_file_of_a_removed_picture_goes_after_the_commit(django_capture_on_commit_callbacks):
    application = factories.make_application("registered")
    image = add(application)
    with django_capture_on_commit_callbacks() as after:
        remove(image, application)
    assert default_storage.exists(image.file)
    for act in after:
        act()
    assert [default_storage.exists(key) for key in (image.file, image.thumbnail)] == [False, False]


def test_removing_twice_is_removing_once():
    application = factories.make_application("registered")
    image = add(application)
    first, second = remove(image, application), remove(image, application)
    assert (first.removed_by, first.removed_at) == (application.account, second.removed_at)


def test_nobody_removes_somebody_elses_picture():
    application = factories.make_application("registered")
    image = add(application)
    with pytest.raises(NotAllowed):
        uploads.remove_image(image.pk, actor=Actor.of(factories.make_candidate()))
    assert kept(application, "identity") == [image]


def test_a_submitted_picture_is_locked():
    application = submitted()
    assert code_of(remove, kept(application, "identity")[0], application) == "locked"


def test_pictures_that_are_not_needed_any_more_are_kept_removable_and_not_submitted():
    application = factories.make_application(
        "registered", exam_category=factories.make_category("110"), education="bachelor"
    )
    image = add(application, "degree", serial=1)
    save(application, "education", full_time=False, education="associate")
    save(application, "exam", exam_category=factories.make_category("210"))
    factories.upload_required(Application.objects.get(pk=application.pk))
    assert uploads.Desk.of(Application.objects.get(pk=application.pk)).refusal_to_remove(image) is None
    submit(application)
    image.refresh_from_db()
    assert (image.removed_at, image.submitted) == (None, False)
