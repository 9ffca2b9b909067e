"""Many at once: whoever holds the row first wins whole, the other sees what it left."""

from dataclasses import replace

import pytest
from django.db import OperationalError, connection, transaction

from candidates.applications.workflow import Actor
from candidates.models import Application
from candidates.rules.refusals import PictureRefused
from materials import submitting, uploads
from materials.models import MaterialImage, Submission
from tests import factories, races
from tests.materials.picture_files import drawn, encoded
from tests.races import while_they_wait
from tests.waiting import others_wait_for_a_lock, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class Act(races.Act):
    """As ever, but the `outcome` of a picture's refusal is its code."""

    def run(self):
        super().run()
        if isinstance(self.outcome, PictureRefused):
            self.outcome = self.outcome.code


def add(application, serial):
    picture = replace(factories.a_picture(), received_sha256=f"{serial:064}")
    return uploads.add_image(application.pk, "identity", picture, actor=Actor.of(application.account))


def ready():
    application = factories.make_application("registered")
    factories.upload_required(application)
    return Application.objects.select_related("account").get(pk=application.pk)


def images(application):
    return MaterialImage.objects.filter(application=application, removed_at=None)


def test_an_upload_under_way_at_the_moment_of_submit_is_refused_whole(media_root):
    application = ready()
    files = len(list(media_root.rglob("*.sealed")))
    upload = Act(add, application, 7)
    with while_they_wait(upload):
        submitting.submit(application.pk, actor=Actor.of(application.account), declared=True)
    assert upload.outcome == "locked"
    assert images(application).count() == 4
    assert len(list(media_root.rglob("*.sealed"))) == files


def test_what_the_request_has_read_before_the_submission_counts_no_longer():
    application = ready()
    read_before = Application.objects.get(pk=application.pk)
    words = {"actor": Actor.of(application.account), "min_side": 1}
    upload = Act(uploads.take_image, read_before, "identity", encoded(drawn()), **words)
    with while_they_wait(upload):
        submitting.submit(application.pk, actor=Actor.of(application.account), declared=True)
    assert upload.outcome == "locked"
    assert images(application).count() == 4


def test_an_upload_that_was_first_is_part_of_the_submission():
    application = ready()
    submit = Act(submitting.submit, application.pk, actor=Actor.of(application.account), declared=True)
    with while_they_wait(submit):
        image = add(application, 7)
    assert image.pk in Submission.objects.get(application=application).images


def test_a_removal_under_way_at_the_moment_of_submit_is_refused():
    application = ready()
    image = images(application).first()
    remove = Act(uploads.remove_image, image.pk, actor=Actor.of(application.account))
    with while_they_wait(remove):
        submitting.submit(application.pk, actor=Actor.of(application.account), declared=True)
    assert remove.outcome == "locked"
    assert images(application).count() == 4
    assert image.pk in Submission.objects.get(application=application).images


def test_twenty_uploads_at_once_into_a_category_with_two_places_left_store_two():
    application = factories.make_application("registered")
    for serial in range(18):
        add(application, serial)
    acts = [Act(add, application, 100 + serial) for serial in range(20)]
    with while_they_wait(*acts):
        Application.objects.select_for_update().get(pk=application.pk)
    refused = [act.outcome for act in acts if act.outcome == "too_many_images"]
    assert len(refused) == 18
    assert images(application).count() == 20
    assert sorted(image.position for image in images(application)) == list(range(1, 21))


def test_the_same_bytes_sent_twice_at_once_are_stored_once():
    application = factories.make_application("registered")
    acts = [Act(add, application, 7), Act(add, application, 7)]
    with while_they_wait(*acts):
        Application.objects.select_for_update().get(pk=application.pk)
    assert sorted(str(act.outcome) for act in acts if act.outcome == "duplicate") == ["duplicate"]
    assert images(application).count() == 1


# --- the database goes away ------------------------------------------------------------------------------------------


def add_or_lose(application):
    try:
        return add(application, 7)
    except OperationalError:
        return "gone"


def test_an_upload_whose_connection_ends_while_it_waits_leaves_nothing(media_root):
    application = factories.make_application("registered")
    upload = Act(add_or_lose, application)
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=application.pk)
        upload.start()
        wait_until(lambda: others_wait_for_a_lock() == 1, "nobody waits for the row")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        upload.join(30)
    assert upload.outcome == "gone"
    assert images(application).count() == 0
    assert list(media_root.rglob("*.sealed")) == []


def test_an_upload_whose_commit_is_never_confirmed_keeps_its_files(media_root, monkeypatch):
    def commit_and_lose():
        connection.connection.commit()
        raise OperationalError("the server has closed the connection")

    application = factories.make_application("registered")
    monkeypatch.setattr(connection, "commit", commit_and_lose)
    outcome = add_or_lose(application)
    monkeypatch.undo()
    assert outcome == "gone"
    assert images(application).count() == 1
    assert len(list(media_root.rglob("*.sealed"))) == 2
