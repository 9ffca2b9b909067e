"""A notice is void when the candidate's own data changes; what its point changes is told, and voids nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.applications import notices
from candidates.models import ExamSession, Message, NoticeVersion, Unit
from candidates.reference.loading import load_units
from candidates.reference.outcomes import TRY
from tests.factories import make_application, make_operator, make_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed():
    application = make_application("registered")
    notices.note_printed(application)
    return application


@pytest.fixture
def units_file(tmp_path):
    def write(telephone):
        path = tmp_path / "units.csv"
        path.write_text(f"code,name,telephone\n1101001,北京第一考点第一报名点,{telephone}\n")
        return path

    return write


def told(application):
    return [one.text for one in Message.objects.filter(application=application, kind="notice_changed")]


@pytest.mark.parametrize("field", ["name", "address", "telephone", "hours"])
def test_what_a_point_changes_leaves_its_notices_in_force(printed, field):
    notice = notices.current_notice(printed)
    Unit.objects.filter(pk=printed.point_id).update(**{field: "新的"})
    assert notices.current_notice(printed) == notice
    assert NoticeVersion.objects.count() == 1


def test_a_window_that_is_moved_leaves_the_printed_notices_valid(printed):
    notice = notices.current_notice(printed)
    ExamSession.objects.update(upload_closes=timezone.now() + timedelta(days=40))
    assert notices.current_notice(printed) == notice


def test_a_notice_says_as_of_when_its_points_contact_is_so(printed):
    notice = notices.current_notice(printed)
    issued = timezone.now() + timedelta(minutes=1)
    NoticeVersion.objects.update(issued_at=issued)  # after the point was made
    notice.refresh_from_db()
    assert notices.contact_as_of(printed.point, notice) == issued
    NoticeVersion.objects.update(issued_at=issued - timedelta(days=1))
    notice.refresh_from_db()
    Unit.objects.filter(pk=printed.point_id).update(telephone="010-99999999")
    Unit.objects.filter(pk=printed.point_id).update(is_active=False)
    point = Unit.objects.get(pk=printed.point_id)
    changed = point.history.order_by("pgh_id").filter(telephone="010-99999999").first().pgh_created_at
    assert notices.contact_as_of(point, notice) == changed


def test_who_holds_a_print_is_told_by_the_import_and_nobody_else(
    printed, units_file, django_capture_on_commit_callbacks
):
    without = make_application("registered")
    elsewhere = make_application("registered", point=make_units()["1101002"])
    notices.note_printed(elsewhere)
    assert load_units(units_file("010-99999999")).told == 1
    (text,) = told(printed)
    assert text.startswith("北京第一考点第一报名点现在的信息：地址：示例路 1 号；电话：010-99999999。")
    assert text.endswith("您打印的通知单仍然有效，不必重新打印。")
    assert (told(without), told(elsewhere)) == ([], [])
    assert Message.objects.get(kind="notice_changed").next_try_at is not None


def test_what_changes_nothing_of_the_contact_tells_nobody(printed, units_file):
    assert load_units(units_file("010-00000000")).told == 0
    assert load_units(units_file("010-99999999"), TRY).told == 0
    assert told(printed) == []


def test_who_is_past_the_point_is_not_told(units_file):
    application = make_application("site_review")
    notices.note_printed(application)
    assert load_units(units_file("010-99999999")).told == 0


def test_a_replaced_print_is_no_reason_to_be_told(printed, units_file):
    notices.issue_notice(printed, timezone.now())
    assert load_units(units_file("010-99999999")).told == 0


def test_a_change_in_the_back_office_tells_too(printed, client):
    client.force_login(make_operator())
    point = Unit.objects.get(code="1101001")
    sent = {"name": point.name, "address": point.address, "telephone": "010-99999999", "hours": "", "undo_minutes": "5"}
    sent["is_active"] = "on"
    answer = client.post(f"/admin/candidates/unit/{point.pk}/change/", sent, follow=True)
    assert "已通知 1 位打印过通知单的考生；通知单仍然有效。" in answer.content.decode()
    assert len(told(printed)) == 1


def test_what_is_void_already_stays_void_since_then():
    application = make_application("registered")
    first, second = timezone.now() - timedelta(days=2), timezone.now()
    notices.void_notice(application, first)
    notices.void_notice(application, second)
    assert list(application.notice_versions.values_list("replaced_at", flat=True)) == [first]
