"""What an application's list is: profile, notices, and what was submitted."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from candidates.models import Application, Unit
from materials.models import MaterialNotice
from materials.needs import eligibility_warnings, lines_of, proving
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
    assert (status["other"], status["identity"], "military" in status) == ("required", "required", False)


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


# --- what may not meet the conditions ---


def told(**changes):
    application = factories.make_application("draft", **changes)
    return [field for field, _ in eligibility_warnings(application)]


def test_a_form_that_says_too_little_is_warned_of_nothing():
    assert eligibility_warnings(Application(session=factories.make_session(), document_type="resident_id")) == []


def test_further_institutions_make_the_year_full_to_the_last_day_of_each_month():
    half = {"period_from": date(2020, 9, 1), "period_to": date(2021, 2, 1)}
    assert told(**half) == ["period_to"]
    assert told(**half, further_institutions=[factories.a_further_institution()]) == []


def test_a_month_told_by_two_institutions_counts_once():
    same = factories.a_further_institution(period_from="2020-09-01", period_to="2021-02-01")
    assert told(period_from=date(2020, 9, 1), period_to=date(2021, 2, 1), further_institutions=[same]) == ["period_to"]


def test_the_category_is_held_against_the_major():
    assert told(major="口腔医学") == ["exam_category"]


def test_practice_is_counted_from_the_licence():
    licence = {"holds_assistant_licence": True, "exam_category": factories.make_category("110")}
    late = timezone.localdate() - timedelta(days=30)
    assert told(**licence, first_registered_on=late, period_from=None, period_to=None) == ["first_registered_on"]


def test_what_was_going_on_when_registering_goes_on_being_so(monkeypatch):
    day = timezone.localdate().replace(day=1)
    application = factories.make_application("registered", period_from=day, period_to=day)
    by_august = (application.session.owed_until.year - day.year) * 12 + 9 - day.month  # months, this one included
    warned = eligibility_warnings(application, now=timezone.now() + timedelta(days=90))
    assert [field for field, _ in warned] == ([] if by_august >= 12 else ["period_to"])


def test_each_institution_of_an_application_is_expected_to_give_a_certificate():
    rows = [factories.a_further_institution(), factories.a_further_institution(name="示例市第三医院")]
    application = factories.make_application("registered", further_institutions=rows)
    assert line(application, "probation").expected == 3
