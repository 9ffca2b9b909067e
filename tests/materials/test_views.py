"""The materials page and its addresses: upload, delete, submit, pictures."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from materials import specimens
from materials.catalogue import PICTURE_RULES
from materials.models import MaterialImage
from tests import factories

pytestmark = pytest.mark.django_db


def a_file(category="identity", name="scan.jpg", seed=1):
    return SimpleUploadedFile(name, specimens.draw(category, seed=seed), "image/jpeg")


@pytest.fixture
def application():
    return factories.make_application("registered")


@pytest.fixture
def candidate(client, application):
    client.force_login(application.account, backend="candidates.auth.LoginNameBackend")
    return client


def test_upload_answers_json_with_the_stored_picture(candidate, application):
    answer = candidate.post("/materials/identity/", {"images": a_file()}, headers={"accept": "application/json"})
    image = MaterialImage.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "images": [
            {
                "id": str(image.id),
                "url": f"/materials/images/{image.id}/",
                "thumbnail": f"/materials/images/{image.id}/thumbnail/",
                "warnings": [],
            }
        ],
        "errors": [],
    }


def test_page(candidate):
    r = candidate.get("/materials/")
    assert r.status_code == 200
    assert r.content.decode().count(PICTURE_RULES) == 6


def test_submit(candidate, application):
    r = candidate.post("/materials/submit/")
    assert r.status_code == 422
    factories.upload_required(application)
    r = candidate.post("/materials/submit/")
    assert r.status_code == 200
    r = candidate.post("/materials/submit/", {"confirmed": "on"})
    assert r.status_code == 302
    r = candidate.get("/materials/")
    assert "上报完成，内容已锁定" in r.content.decode()
