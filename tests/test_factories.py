"""What the factories write in one go is what the candidate's own steps leave."""

import pytest

from candidates.applications import registration
from candidates.applications.workflow import Actor
from candidates.rules.sections import SECTIONS
from tests.factories import fill_in, form_values, make_candidate, make_session, make_units, save_sections

pytestmark = pytest.mark.django_db

OWN = {"id", "account_id", "created_at", "status_since", "mobile", "mobile_hash", "document_number", "identity_hash"}


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


def columns(application):
    fields = [field.attname for field in application._meta.concrete_fields if field.attname not in OWN]
    return {field: getattr(application, field) for field in fields}
