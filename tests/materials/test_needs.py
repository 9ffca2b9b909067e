"""What an application's list is: profile, notices, and what was submitted."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from candidates.models import Application
from materials.models import MaterialNotice, Submission, UnitLine
from materials.needs import (
    asked_of,
    asked_then,
    drafts_by,
    eligibility_warnings,
    lines_of,
    newly_asked,
    onsite_lines_of,
    proving,
)
from tests import factories
from tests.asked import notice, own_line
from tests.materials.uploading import returned

pytestmark = pytest.mark.django_db


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
    assert line(application, "other").words == ("北京考区：考区的要求", "北京第一考点：考点的要求")


def test_a_notice_makes_an_optional_category_required_and_hides_none():
    notice("1101", "other", required=True)
    notice("11", "identity", required=False, words="两面")
    notice("11", "military", required=True)
    application = factories.make_application("registered")
    status = {one.category.code: one.status for one in lines_of(application)}
    assert status["other"] == "required"
    assert status["identity"] == "required"
    assert "military" not in status


def test_what_is_switched_off_is_asked_of_nobody():
    notice("1101", "education_proof", required=True, words="备案表", is_active=False)
    own_line("11", upload="required", is_active=False)
    application = factories.make_application("registered")
    assert asked_of(application) == asked_of(Application(session=application.session))


def test_drafts_are_what_these_units_have_written_and_not_switched_on():
    for code, title, is_active in (("11", "甲", False), ("11", "乙", True), ("12", "丙", False)):
        own_line(code, title, is_active=is_active)
    notice("11", "identity", words="两面", is_active=False)
    notice("11", "other", words="考区的要求")
    notice("12", "other", words="别的考区的要求", is_active=False)
    units = factories.make_units()
    assert drafts_by([units["11"].pk, units["1101"].pk]) == ["北京考区：甲", "北京考区：本人有效身份证明的要求"]


def test_a_regions_lines_come_before_its_sites_and_each_in_its_order():
    for code, title in (("1101", "丁"), ("11", "乙"), ("12", "丙"), ("1102", "戊")):
        own_line(code, title, position=2)
    own_line("11", "甲", position=1)
    application = factories.make_application("registered")
    assert [one.document for one in onsite_lines_of(application)][-3:] == [
        *("甲（北京考区要求）", "乙（北京考区要求）", "丁（北京第一考点要求）")
    ]


def test_a_line_for_others_is_not_listed():
    own_line("11", upload="required", conditions=["military"])
    application = factories.make_application("registered")
    assert (line(application, "other").status, len(onsite_lines_of(application))) == ("optional", 7)


def test_a_submission_keeps_the_list_it_was_submitted_with():
    notice("1101", "other", required=True, words="社保证明")
    own_line("11", "录取名单", upload="required", copies=1, conditions=["assistant"])
    application = factories.make_application("point_review")
    before = lines_of(application), onsite_lines_of(application)
    MaterialNotice.objects.update(required=False, words="")
    UnitLine.objects.all().delete()
    notice("11", "education_proof", required=True, words="备案表")
    own_line("1101", "在岗证明", upload="required", original=True)
    assert (lines_of(application), onsite_lines_of(application)) == before
    assert line(application, "other").words == ("北京第一考点：社保证明",)
    assert line(application, "other").papers == (("录取名单（北京考区要求）", "因为您报考执业助理医师"),)


def test_a_return_uses_what_is_asked_now():
    own_line("11", "录取名单", upload="required")
    application = returned(factories.make_application("point_review"), bad=["diploma"])
    UnitLine.objects.all().delete()
    notice("11", "education_proof", required=True)
    own_line("1101", "在岗证明")
    assert [line(application, code).status for code in ("other", "education_proof")] == ["optional", "required"]
    assert onsite_lines_of(application)[-1].document == "在岗证明（北京第一考点要求）"


def test_a_paper_that_is_new_since_the_submission_is_told_from_one_that_was_asked_for():
    own_line("11", "录取名单", upload="required")
    application = returned(factories.make_application("point_review"), bad=["diploma"])
    submission = Submission.objects.get()
    assert newly_asked(application, asked_of(application), submission) == set()
    own_line("11", "在岗证明")  # brought, not uploaded
    assert newly_asked(application, asked_of(application), submission) == set()
    own_line("1101", "录取名单", upload="optional")
    assert newly_asked(application, asked_of(application), submission) == {"other"}


def test_a_submission_from_before_lists_were_kept_stays_as_required_as_it_was():
    own_line("11", "录取名单", upload="required", copies=1)
    application = factories.make_application("point_review")
    old = Submission.objects.get()
    old.asked = None
    notice("11", "education_proof", required=True, words="备案表")
    lines = {one.category.code: one for one in lines_of(application, asked=asked_then(application, old))}
    assert [lines[code].status for code in ("other", "education_proof")] == ["required", "optional"]
    assert (lines["other"].documents, lines["education_proof"].words) == (
        ("录取名单（北京考区要求）",),
        ("北京考区：备案表",),
    )
    assert len(onsite_lines_of(application, asked=asked_then(application, old))) == 7


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_asked_costs_two_queries_and_after_submitting_one(django_assert_num_queries, count):
    for serial in range(count):
        own_line("11", f"材料{serial}")
        own_line("1101", f"材料{serial}")
    for status, queries in (("registered", 2), ("point_review", 1)):
        application = factories.make_application(status)
        with django_assert_num_queries(queries):
            asked = asked_of(application)
        assert len(asked.lines) == 2 * count


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


def test_each_institution_of_an_application_is_expected_to_give_a_certificate_and_it_is_brought():
    rows = [factories.a_further_institution(), factories.a_further_institution(name="示例市第三医院")]
    application = factories.make_application("registered", further_institutions=rows)
    assert line(application, "probation").expected == 3
    (certificate,) = [one for one in onsite_lines_of(application) if one.item == 7]
    assert certificate.originals == 3
