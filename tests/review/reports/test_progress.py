import re
from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.applications.states import IN_PROGRESS_TABLE
from candidates.models import Application, ExamSession
from review.reports import progress
from review.reports.progress import Day
from tests import xlsx
from tests.factories import make_application, make_operator, make_session, make_units, pass_on
from tests.review.casework import reviewer


@pytest.mark.parametrize(
    ("counted", "half", "ninth"),
    [
        ([], None, None),
        ([(3, 1)], 3, 3),
        ([(0, 5), (1, 5)], 0, 1),
        ([(1, 89), (2, 1), (96, 10)], 1, 2),
        ([(1, 89), (96, 11)], 1, 96),
    ],
)
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(counted, half, ninth):
    assert (progress.percentile(counted, 50), progress.percentile(counted, 90)) == (half, ninth)


@pytest.mark.django_db
def test_each_unit_below_is_a_line_with_its_counts():
    make_application("point_review")
    make_application("paid", point=make_units()["1102001"])
    units = make_units()
    lines = progress.by_unit(units["11"], ExamSession.current().year)
    shown = {line.unit.code: dict(zip(IN_PROGRESS_TABLE, line.counts, strict=True)) for line in lines}
    assert [(code, one["point_review"], one["paid"]) for code, one in shown.items()] == [("1101", 1, 0), ("1102", 0, 1)]
    assert progress.of_unit_by_year(units["1101001"]) == {ExamSession.current().year: {"point_review": 1}}


@pytest.mark.django_db
def test_a_point_has_its_own_line_alone():
    case = make_application("point_review")
    make_application("point_review", point=make_units()["1101002"])
    [line] = progress.by_unit(case.point, case.session.year)
    assert (line.unit, line.total) == (case.point, 1)


@pytest.mark.django_db
def test_another_years_applications_are_in_no_line():
    case = make_application("point_review")
    make_application("point_review", session=make_session(case.session.year - 1))
    assert [line.total for line in progress.by_unit(None, case.session.year)] == [1, 0]


@pytest.mark.django_db
def test_days_and_waits_come_from_what_each_level_handled():
    case = make_application("point_review")
    Application.objects.filter(pk=case.pk).update(status_since=case.status_since - timedelta(hours=30))
    pass_on(Application.objects.get(pk=case.pk))
    year, today = ExamSession.current().year, timezone.localdate(case.records.latest("at").at)
    assert progress.by_day(case.region, year, today)[-1] == Day(today, (1, 0, 0))
    point, site, _ = progress.waits(case.region, year, today)
    assert point.handled == 1
    assert point.median == 30
    assert point.ninth == 30
    assert site.median is None


@pytest.mark.django_db
def test_the_workbook_holds_what_the_page_shows(client):
    case = make_application("site_review")
    client.force_login(reviewer(case, "region"), backend="candidates.accounts.auth.LoginNameBackend")
    page = client.get("/review/progress/").content.decode()
    assert "<svg" in page
    assert "北京第一考点" in page
    assert 'style="' not in page
    book = xlsx.read(client.get("/review/progress/progress.xlsx").getvalue())
    assert list(book) == ["各单位", "每日办理", "等待时间", "办理方式"]
    assert book["各单位"][1][:2] == ["1101", "北京第一考点"]
    assert [row[1] for row in book["等待时间"][1:]] == [1, 0, 0]


@pytest.mark.django_db
def test_the_page_says_which_year_it_counts_beside_a_queue_of_all(client):
    case = make_application("point_review")
    client.force_login(reviewer(case), backend="candidates.accounts.auth.LoginNameBackend")
    page = client.get("/review/progress/").content.decode()
    assert re.findall(r"只统计 (\d+) 年度的报名；审核队列也一次只列一个年度", page) == [str(case.session.year)]


@pytest.mark.django_db
def test_an_operators_progress_lists_every_region(client):
    make_application("point_review")
    client.force_login(make_operator(), backend="candidates.accounts.auth.LoginNameBackend")
    page = client.get("/review/progress/").content.decode()
    assert "北京考区" in page
    assert "天津考区" in page
