"""materials/files/s3.py on a server that checks signatures: the same promises as a folder's."""

from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from candidates.applications.workflow import Actor
from materials import uploads
from materials.files.s3 import PictureBucket
from materials.files.storage import STORAGE_ERRORS
from materials.models import MaterialImage
from tests import factories


def objects(bucket):
    return sorted(path.relative_to(bucket).as_posix() for path in bucket.rglob("*") if path.is_file())


def test_what_is_saved_is_read_listed_and_deleted(bucket):
    storage = default_storage
    assert storage.save("images/ab/one.jpg", ContentFile(b"bytes")) == "images/ab/one.jpg"
    assert (objects(bucket), (bucket / "images/ab/one.jpg").read_bytes()) == (["images/ab/one.jpg"], b"bytes")
    assert storage.open("images/ab/one.jpg").read() == b"bytes"
    assert storage.exists("images/ab/one.jpg")
    assert (storage.listdir("images"), storage.listdir("images/ab")) == ((["ab"], []), ([], ["one.jpg"]))
    storage.delete("images/ab/one.jpg")
    assert objects(bucket) == []
    assert not storage.exists("images/ab/one.jpg")


def test_a_missing_object_is_a_missing_file(bucket):
    with pytest.raises(FileNotFoundError):
        default_storage.open("images/ab/none.jpg")


def test_a_wrong_key_and_a_provider_that_is_down_are_storage_errors(s3, bucket):
    forged = PictureBucket(**{**s3.options(bucket.name), "secret_key": "wrong"})
    nobody = PictureBucket(**{**s3.options(bucket.name), "endpoint_url": "http://127.0.0.1:1"})
    for storage in (forged, nobody):
        with pytest.raises(STORAGE_ERRORS):
            storage.save("images/ab/one.jpg", ContentFile(b"bytes"))
    assert objects(bucket) == []


@pytest.mark.django_db
def test_pictures_come_go_and_are_verified_in_a_bucket(bucket, client, django_capture_on_commit_callbacks):
    application = factories.make_application("registered")
    actor = Actor.of(application.account)
    image = uploads.add_image(application.pk, "identity", factories.a_picture(), actor=actor)
    assert objects(bucket) == sorted([image.file, image.thumbnail])
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    answer = client.get(f"/materials/images/{image.pk}/")
    assert (b"".join(answer), answer["Content-Type"]) == (factories.a_picture().content, "image/jpeg")
    call_command("verify_storage", stdout=(out := StringIO()))
    assert "相符的登记 1，相符的文件 2，已清除的文件 0，" in out.getvalue()
    with django_capture_on_commit_callbacks(execute=True):
        uploads.remove_image(image.pk, actor=actor)
    assert objects(bucket) == []


@pytest.mark.django_db
def test_a_bucket_that_is_down_answers_503_and_stores_no_row(s3, bucket, client, settings):
    application = factories.make_application("registered")
    image = uploads.add_image(application.pk, "diploma", factories.a_picture(), actor=Actor.of(application.account))
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    down = {**s3.options(bucket.name), "endpoint_url": "http://127.0.0.1:1"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "materials.files.s3.PictureBucket", "OPTIONS": down},
    }
    file = SimpleUploadedFile("a.jpg", factories.a_picture("probation").content)
    answer = client.post("/materials/identity/", {"images": file}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, "storage_unavailable")
    assert [one.pk for one in MaterialImage.objects.all()] == [image.pk]
    assert client.get(f"/materials/images/{image.pk}/").status_code == 503
