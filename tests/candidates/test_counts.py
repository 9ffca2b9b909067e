"""The counters that the database keeps say what counting the rows says."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count

from candidates.applications.workflow import move
from candidates.models import Application, HandledCount, PointCount
from tests.factories import make_application, make_units, pass_on
from tests.review.casework import actor, returned

pytestmark = pytest.mark.django_db
KEYS = ("session", "region", "site", "point", "status")


def counted():
    rows = Application.objects.exclude(point=None).values_list(*KEYS).annotate(number=Count("pk"))
    return set(rows.order_by())


def kept():
    return set(PointCount.objects.exclude(number=0).values_list(*KEYS, "number"))


def handled():
    return list(HandledCount.objects.order_by("id").values_list("status", "hours", "number"))


def test_the_counters_agree_after_every_kind_of_move():
    returned(make_application("site_review"), sections={"work": "请核对。"})
    make_application("withdrawn")
    make_application("draft")
    make_application("region_review", point=make_units()["1201001"])
    assert kept() == counted()


def test_the_counters_see_what_is_written_past_the_actions():
    one, other = make_application("draft"), make_application("point_review")
    units = make_units()
    Application.objects.filter(pk=other.pk).update(point=units["1102001"], site=units["1102"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_application SET status = 'site_review' WHERE id = %s", [other.pk])
    Application.objects.filter(pk=one.pk).delete()
    assert kept() == counted()


def test_each_level_that_a_case_leaves_counts_it_once_with_the_hours_it_waited():
    case = make_application("point_review")
    arrived = case.status_since - timedelta(hours=5, minutes=59)
    Application.objects.filter(pk=case.pk).update(status_since=arrived)
    case = pass_on(Application.objects.get(pk=case.pk))
    assert handled() == [("point_review", 5, 1)]
    move(case, "send_back", actor(case), reason="请再核对。", now=case.status_since + timedelta(days=4, hours=7))
    assert handled() == [("point_review", 5, 1), ("site_review", 96, 1)]


def test_what_changes_without_leaving_its_status_is_not_handled():
    case = make_application("point_review")
    since = case.status_since
    Application.objects.filter(pk=case.pk).update(has_warnings=True)
    case.refresh_from_db()
    assert handled() == []
    assert case.status_since == since
