"""Figures per reviewer: counted as it happens, and equal to what the records say."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import Look, Record
from review.cases import decisions, undoing
from review.models import COUNTED, MINUTES, PLACES, OfficeSetting, ReviewerDay, ReviewerFigures
from review.office import counters, samples
from tests.factories import make_application, make_reviewer, make_units, pass_on
from tests.review.casework import REASON, actor, corrected_diploma, fresh, returned, verdicts

pytestmark = pytest.mark.django_db


def kept(username):
    """What is counted for somebody, without what is nothing."""
    row = ReviewerFigures.objects.filter(account__username=username).first()
    return {name: getattr(row, name) for name in COUNTED if getattr(row, name)} if row else {}


def passed(case, who, **more):
    return fresh(decisions.pass_on(case.pk, actor=who, seen=fresh(case).last_record_id, **more))


def test_each_act_is_counted_for_who_has_done_it():
    case = make_application("region_review")
    assert (kept("point-1101001"), kept("site-1101")) == ({"passed": 1}, {"passed": 1})
    decisions.reject(case.pk, actor=actor(case), seen=case.last_record_id, reason=REASON)
    assert kept("region-11") == {"rejections": 1}


def test_a_return_above_overturns_the_passes_below_and_its_undoing_takes_that_back():
    case = returned(make_application("region_review"), diploma=REASON)
    below = {"passed": 1, "overturned": 1}
    assert (kept("point-1101001"), kept("site-1101"), kept("region-11")) == (below, below, {"returns": 1})
    undoing.undo(case.pk, actor=actor(case, "region"), seen=case.last_record_id)
    assert (kept("point-1101001"), kept("site-1101"), kept("region-11")) == ({"passed": 1}, {"passed": 1}, {})


def test_a_case_sent_back_overturns_the_level_below_alone_and_once():
    case = make_application("region_review")
    decisions.send_back(case.pk, actor=actor(case), seen=case.last_record_id, reason=REASON)
    assert (kept("point-1101001"), kept("site-1101")) == ({"passed": 1}, {"passed": 1, "overturned": 1})
    case = pass_on(fresh(case))
    returned(fresh(case), diploma=REASON)
    assert kept("site-1101") == {"passed": 2, "overturned": 2}


def test_another_round_overturns_nothing_of_the_one_before():
    case = pass_on(corrected_diploma(make_application("point_review")))
    returned(fresh(case), diploma=REASON)
    assert kept("point-1101001") == {"passed": 1, "returns": 1, "overturned": 1}


@pytest.fixture
def drawn(monkeypatch):
    monkeypatch.setattr(samples, "is_drawn", lambda pk, round, level, share: True)
    OfficeSetting.objects.create(unit=make_units()["1101"], share=20)
    case = make_application("site_review")
    return passed(case, actor(case))


@pytest.fixture
def second():
    return Actor.of(make_reviewer(make_units()["1101"], username="second"))


def test_a_second_look_is_counted_for_both(drawn, second):
    passed(drawn, second, verdicts=verdicts(drawn))
    assert (kept("site-1101"), kept("second")) == ({"passed": 1, "looked": 1}, {"second": 1})


def test_one_that_differs_is_counted_for_both(drawn, second):
    bad = verdicts(drawn, diploma=REASON)
    decisions.return_for_correction(drawn.pk, actor=second, seen=drawn.last_record_id, verdicts=bad)
    assert (kept("site-1101"), kept("second")) == (
        {"passed": 1, "looked": 1, "differed": 1},
        {"second": 1, "differed": 1},
    )


def test_what_both_had_passed_is_overturned_for_both(drawn, second):
    case = passed(drawn, second, verdicts=verdicts(drawn))
    returned(case, diploma=REASON)
    assert (kept("site-1101")["overturned"], kept("second")["overturned"]) == (1, 1)


# --- the time from opening to decision --------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "place"), [(0, 0), (1, 0), (1.1, 1), (60, MINUTES.index(60)), (5000, PLACES - 1)])
def test_a_time_has_its_place(minutes, place):
    assert counters.place_of(minutes) == place


def times(username):
    row = ReviewerFigures.objects.get(account__username=username)
    return [place for place, number in enumerate(row.times) for _ in range(number)]


def test_the_time_counts_from_opening_the_case_and_is_taken_off_with_an_undo():
    case, now = make_application("site_review"), timezone.now()
    who = actor(case)
    Look.objects.create(
        application=case, account=who.account, kind="case", round=case.round, at=now - timedelta(minutes=7)
    )
    done = passed(case, who, now=now)
    assert times("site-1101") == [counters.place_of(7)]
    undoing.undo(done.pk, actor=who, seen=done.last_record_id, now=now)
    assert times("site-1101") == []


def test_what_was_not_opened_and_a_batch_have_no_time():
    cases = [make_application("site_review") for _ in range(2)]
    who = actor(cases[0])
    Look.objects.create(application=cases[0], account=who.account, kind="case", round=1, at=timezone.now())
    decisions.pass_many([(one.pk, one.last_record_id) for one in cases], actor=who)
    assert (times("site-1101"), kept("site-1101")) == ([], {"passed": 2})


# --- the truth --------------------------------------------------------------------------------------------------------


def the_truth():
    """Work out, from the chains of records alone, who has done how much that stands."""
    undone = set(Record.objects.filter(action="undo").values_list("data__record", flat=True))
    standing = Record.objects.exclude(pk__in=undone).filter(action__in=counters.HANDLED, account__isnull=False)
    found = Counter((one.account.username, counters.HANDLED[one.action]) for one in standing)
    return {f"{who} {what}": number for (who, what), number in found.items()}


def test_the_counters_say_what_the_records_say(monkeypatch, second):
    monkeypatch.setattr(samples, "is_drawn", lambda pk, round, level, share: bool(share) and pk % 2 == 0)
    OfficeSetting.objects.create(unit=make_units()["1101"], share=20)
    cases = [make_application("site_review") for _ in range(4)]
    who = Actor.of(make_reviewer(cases[0].site, username="first"))
    decisions.pass_many([(one.pk, one.last_record_id) for one in cases[:3]], actor=who)
    bad = verdicts(cases[3], diploma=REASON)
    decisions.return_for_correction(cases[3].pk, actor=who, seen=cases[3].last_record_id, verdicts=bad)
    undoing.undo(cases[3].pk, actor=who, seen=fresh(cases[3]).last_record_id)
    for case in map(fresh, cases[:3]):
        if case.last_record.action == "first_pass":
            passed(case, second, verdicts=verdicts(case))
        else:
            decisions.send_back(case.pk, actor=actor(case), seen=case.last_record_id, reason=REASON)

    counted = {
        f"{row.account.username} {name}": getattr(row, name)
        for row in ReviewerFigures.objects.select_related("account")
        for name in ("passed", "returns", "rejections", "sent_back", "second")
        if getattr(row, name)
    }
    assert counted == the_truth()
    by_day = Counter()
    for row in ReviewerDay.objects.select_related("account"):
        by_day[row.account.username] += row.number
    by_person = Counter()
    for key, number in counted.items():
        by_person[key.split()[0]] += number
    assert +by_day == by_person
