"""What the factories write in one go is what the candidate's own steps leave."""

import pytest

from candidates.applications import registration
from candidates.applications.workflow import Actor
from candidates.rules.sections import SECTIONS
from materials import uploads
from materials.files import sealing
from tests.factories import (
    a_picture,
    fill_in,
    form_values,
    make_application,
    make_candidate,
    make_category,
    make_session,
    make_units,
    save_sections,
    upload_required,
)

pytestmark = pytest.mark.django_db

OWN = {
    "id",
    "data_key",
    "account_id",
    "created_at",
    "status_since",
    "mobile",
    "mobile_hash",
    "document_number",
    "identity_hash",
}


def test_a_draft_filled_in_at_once_is_one_saved_section_by_section():
    session, point = make_session(), make_units()["1101002"]
    drafts = []
    for _ in range(2):
        account = make_candidate()
        drafts.append(registration.start(account, session=session, actor=Actor.of(account)))
    at_once = fill_in(drafts[0], point)
    one_by_one = save_sections(drafts[1], SECTIONS, form_values(drafts[1], point))
    assert columns(at_once) == columns(one_by_one)
    at_once.refresh_from_db()
    assert columns(at_once) == columns(one_by_one)


def test_pictures_stored_at_once_are_those_uploaded_one_by_one():
    make_session()
    at_once, one_by_one = make_application("registered"), make_application("registered")
    upload_required(at_once)
    for image in at_once.images.all():
        actor = Actor.of(one_by_one.account)
        uploads.add_image(one_by_one.pk, image.category, a_picture(image.category), actor=actor)
    assert pictures(at_once) == pictures(one_by_one) != []


def test_an_application_is_driven_from_registration_to_payment_with_90_queries(django_assert_num_queries):
    make_session()
    make_units()
    make_category()
    account = make_candidate()
    with django_assert_num_queries(90):
        make_application("payment_due", account=account)


def columns(row, own=OWN):
    fields = [field.attname for field in row._meta.concrete_fields if field.attname not in own]
    return {field: getattr(row, field) for field in fields}


def pictures(application):
    """Their rows, each with what lies in the storage."""
    own = {"id", "application_id", "uploaded_at", "file", "thumbnail"}
    return [
        (columns(image, own), *(sealing.read(application, name) for name in (image.file, image.thumbnail)))
        for image in application.images.order_by("category")
    ]
