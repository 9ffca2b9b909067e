"""A store that is down, slow, or fails after half a body: a clear sentence, no row without its file, nothing lost."""

from io import StringIO

import pytest
from botocore.config import Config
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from candidates.applications.workflow import Actor
from materials import uploads
from materials.files.verifying import LOST, verify
from materials.models import MaterialImage
from tests import factories
from tests.materials.files import faulty_store, s3_server

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
FAULTS = ("before", "half", "after", "slow")


@pytest.fixture
def store(settings):
    """A provider with somebody in between; the portal asks once."""

    def be_patient(seconds):
        if middle.patience == seconds:
            return  # a new client takes a third of a second
        middle.patience = seconds
        config = middle.options["client_config"].merge(Config(read_timeout=seconds))
        options = {**middle.options, "client_config": config}
        bucket = {"BACKEND": "materials.files.s3.PictureBucket", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": bucket}

    with s3_server.provider() as provider, faulty_store.between(provider.options) as middle:
        middle.objects, middle.be_patient, middle.patience = provider.objects, be_patient, 0
        mend(middle)
        yield middle


def spoil(store, fault, *, every=1):
    """From now on; for an answer that never comes the portal waits but a moment."""
    store.be_patient(0.1 if fault == "slow" else 60)
    store.fault, store.every = fault, every


def mend(store):
    spoil(store, "")


@pytest.fixture
def candidate(client):
    application = factories.make_application("registered")
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    client.application = application
    return client


def send(client, *names):
    files = [SimpleUploadedFile(f"{name}.jpg", factories.a_picture(name).content) for name in names]
    return client.post("/materials/identity/", {"images": files}, headers=JSON)


def add(application):
    return uploads.add_image(application.pk, "diploma", factories.a_picture(), actor=Actor.of(application.account))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_store_that_fails_says_so_and_keeps_no_row(store, candidate, fault):
    kept = add(candidate.application)
    spoil(store, fault)
    answer = send(candidate, "identity")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert [(one["code"], one["message"]) for one in answer.json()["errors"]] == [
        ("storage_unavailable", "存储暂时不可用，这张图片没有保存。请稍后再试。")
    ]
    mend(store)
    assert [one.pk for one in MaterialImage.objects.all()] == [kept.pk]
    assert store.spoilt == 1
    assert send(candidate, "identity").status_code == 201


@pytest.mark.parametrize("fault", FAULTS[:3])
def test_a_thumbnail_that_fails_leaves_no_picture_behind(store, candidate, fault):
    spoil(store, fault, every=2)
    assert send(candidate, "identity").status_code == 503
    mend(store)
    left = [key for key in store.objects if "thumbnail" not in key]
    assert MaterialImage.objects.count() == 0
    assert left == []


def test_what_a_lost_answer_has_left_is_swept(store, candidate):
    spoil(store, "after")
    send(candidate, "identity")
    mend(store)
    assert len(store.objects) == 1
    removed = [finding.key for finding in verify(grace_hours=-1, fix=True) if finding.removed]
    assert len(removed) == 1
    assert store.objects == {}


def test_after_the_first_picture_that_cannot_be_stored_no_other_is_tried(store, candidate):
    spoil(store, "slow")
    answer = send(candidate, "identity", "diploma", "probation")
    errors = [(one["file"], one["code"]) for one in answer.json()["errors"]]
    assert errors == [(f"{name}.jpg", "storage_unavailable") for name in ("identity", "diploma", "probation")]
    assert store.spoilt == 1


@pytest.mark.parametrize("fault", ["before", "half", "slow"])
def test_a_picture_that_cannot_be_read_is_503_and_not_lost(store, candidate, fault):
    image = add(candidate.application)
    spoil(store, fault)
    assert candidate.get(f"/materials/images/{image.pk}/").status_code == 503
    mend(store)
    assert b"".join(candidate.get(f"/materials/images/{image.pk}/")) == factories.a_picture().content


@pytest.mark.parametrize("fault", FAULTS[:3])
def test_a_removal_stands_whatever_the_store_does(store, candidate, django_capture_on_commit_callbacks, fault):
    image = add(candidate.application)
    spoil(store, fault)
    with django_capture_on_commit_callbacks(execute=True):
        assert candidate.post(f"/materials/images/{image.pk}/delete/").status_code == 302
    mend(store)
    image.refresh_from_db()
    assert image.removed_at is not None
    assert [finding.key for finding in verify(grace_hours=-1, fix=True) if finding.kind in LOST] == []
    assert store.objects == {}


def test_the_sweep_takes_nothing_while_the_store_fails(store, candidate):
    add(candidate.application)
    before = dict(store.objects)
    spoil(store, "half", every=2)
    with pytest.raises(CommandError, match=r"存储没有应答|缺失或损坏"):
        call_command("verify_storage", "--fix", stdout=StringIO())
    assert store.objects == before
