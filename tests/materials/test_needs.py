"""What an application's list is: profile, notices, and what was submitted."""

import pytest

from candidates.models import Application, Unit
from materials.models import MaterialNotice
from materials.needs import lines_of, proving
from tests import factories

pytestmark = pytest.mark.django_db


def notice(code, category, *, required=False, words=""):
    factories.make_units()
    MaterialNotice.objects.create(unit=Unit.objects.get(code=code), category=category, required=required, words=words)


def line(application, category):
    return {one.category.code: one for one in lines_of(application)}.get(category)


def test_a_form_without_category_or_route_has_no_list_yet():
    application = Application(session=factories.make_session(), document_type="resident_id")
    assert lines_of(application) == ()


def test_the_sites_words_follow_its_regions():
    notice("1101", "other", words="考点的要求")
    notice("11", "other", words="考区的要求")
    notice("12", "other", words="别的考区的要求")
    application = factories.make_application("registered")
    assert line(application, "other").words == ("考区的要求", "考点的要求")


def test_a_notice_makes_an_optional_category_required_and_hides_none():
    notice("1101", "other", required=True)
    notice("11", "identity", required=False, words="两面")
    notice("11", "military", required=True)
    application = factories.make_application("registered")
    status = {one.category.code: one.status for one in lines_of(application)}
    assert status["other"] == "required"
    assert status["identity"] == "required"
    assert "military" not in status


def test_a_submission_keeps_the_list_it_was_submitted_with():
    notice("1101", "other", required=True, words="社保证明")
    application = factories.make_application("point_review")
    MaterialNotice.objects.update(required=False)
    notice("11", "education_proof", required=True, words="备案表")
    assert [line(application, code).status for code in ("other", "education_proof")] == ["required", "optional"]


def test_after_submitting_the_words_of_the_notices_still_stand():
    notice("1101", "other", required=True, words="社保证明")
    application = factories.make_application("point_review")
    other = line(application, "other")
    assert (other.words, other.reasons[-1]) == (("社保证明",), "因为考区或考点的通知要求提交")


def test_a_changed_point_is_proved_by_everything_and_a_school_by_the_diploma():
    assert "identity" in proving(["point"])
    assert proving(["school"]) == {"diploma", "education_proof", "fresh_commitment"}
