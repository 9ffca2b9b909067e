"""The back office of materials."""

import pytest

from materials.models import MaterialImage, MaterialNotice, Submission
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    client.force_login(factories.make_operator(), backend="candidates.accounts.auth.LoginNameBackend")
    return client


def test_pictures_and_submissions_are_read_and_never_changed(operator):
    factories.make_application("point_review")
    image, submission = MaterialImage.objects.first(), Submission.objects.get()
    addresses = [f"/admin/materials/materialimage/{image.pk}/", f"/admin/materials/submission/{submission.pk}/"]
    for address in addresses:
        assert operator.get(f"{address}change/").status_code == 200
        assert operator.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert operator.get("/admin/materials/materialimage/add/").status_code == 403


def test_what_was_submitted_shows_no_personal_data(operator):
    application = factories.make_application("point_review")
    submission = Submission.objects.get()
    text = operator.get(f"/admin/materials/submission/{submission.pk}/change/").content.decode()
    assert [value for value in (application.document_number, application.school) if value in text] == []


def test_a_region_or_a_site_asks_for_materials_and_a_point_does_not(operator):
    units = factories.make_units()
    address = "/admin/materials/materialnotice/add/"
    for code in ("1101", "1101001"):
        operator.post(address, {"unit": units[code].pk, "category": "other", "required": "on", "words": "社保证明"})
    assert [notice.unit.code for notice in MaterialNotice.objects.all()] == ["1101"]
