"""What the figures say in words; what they count is tested beside their counters."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.models import Account
from review.models import MINUTES, PLACES, Hold
from review.office import workload
from tests.factories import make_application, make_reviewer
from tests.review.casework import REASON, returned, reviewer

pytestmark = pytest.mark.django_db


def test_the_line_of_a_reviewer_says_it_in_words():
    case = returned(make_application("region_review"), diploma=REASON)
    now = timezone.now()
    line = next(iter(workload.lines(case.site, case.session, now, timezone.localdate())))
    assert line.cells == ["site-1101", "审核员", 1, 1, "—", "0（0%）", "1（100%）", "—"]


def test_who_was_switched_off_has_a_line_where_something_counts():
    case = make_application("region_review")
    who = reviewer(case, "site")
    make_reviewer(case.site, username="never-came", is_active=False)
    Account.objects.filter(pk=who.pk).update(is_active=False)
    here = workload.lines(case.site, case.session, timezone.now(), timezone.localdate())
    assert [line.account for line in here] == [who]


def test_the_share_says_number_and_part_and_nothing_of_nothing():
    assert (workload.share(3, 25), workload.share(0, 0)) == ("3（12%）", "—")


def test_a_place_is_said_in_words():
    said = [workload.within(place) for place in (0, MINUTES.index(90), MINUTES.index(120), PLACES - 1)]
    assert said == ["1 分钟内", "90 分钟内", "2 小时内", "超过 24 小时"]


def test_it_says_how_many_cases_each_is_reading_now():
    case, now = make_application("site_review"), timezone.now()
    Hold.objects.create(application=case, account=reviewer(case), until=now + timedelta(minutes=5))
    assert [line.reading for line in workload.lines(case.site, case.session, now, now.date())] == [1]


def test_a_case_like_no_other_waits_and_is_no_duplicate():
    case = make_application("site_review")
    waits = workload.waiting(case.site, timezone.now())
    assert (waits.all, waits.duplicates) == (1, 0)


def test_a_day_is_shown_for_each_of_the_last_thirty():
    case = make_application("region_review")
    today = timezone.localdate()
    days = workload.days(case.site, case.session, today)
    assert (len(days), days[-1].day, days[-1].total, sum(day.total for day in days)) == (30, today, 1, 1)


def test_a_hold_that_has_ended_is_no_reading():
    case = make_application("site_review")
    now = timezone.now()
    Hold.objects.create(application=case, account=reviewer(case), until=now)
    assert [line.reading for line in workload.lines(case.site, case.session, now, now.date())] == [0]
