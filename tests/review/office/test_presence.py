"""缺勤: what is assigned and not begun goes back on the first day, is named, and is not lost."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from candidates.rules.moments import SHANGHAI
from candidates.rules.refusals import NotAllowed, Refused
from review.cases import holds
from review.models import Absence
from review.office import assignments, presence
from tests import races
from tests.factories import make_application, make_operator, make_reviewer, make_units, pass_on
from tests.review.casework import fresh

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 8, 10, tzinfo=SHANGHAI)
TODAY, DAY = date(2027, 3, 8), timedelta(days=1)


@pytest.fixture
def cases(unit, head, anna):
    """Two of anna's, of which she reads the first."""
    found = [make_application("point_review") for _ in range(2)]
    assignments.give(unit, [one.pk for one in found], by=head, to=anna)
    holds.hold(found[0], anna, now=NOW)
    return found


def mark(account, by=None, first=TODAY, last=TODAY + DAY, now=NOW):
    return presence.mark(account, by=by or account, first=first, last=last, now=now)


def whose(cases):
    return [one.assigned_to.username if one.assigned_to else None for one in map(fresh, cases)]


def test_what_is_not_begun_is_let_go_at_once_and_named(anna, cases):
    absence = mark(anna)
    assert whose(cases) == ["anna", None]
    assert [one.application for one in absence.freed.cases.all()] == [cases[1]]
    assert (absence.freed.way, absence.freed.by) == ("absence", anna)


def test_it_is_let_go_on_the_first_day_when_a_colleague_asks_for_the_next_one(head, anna, cases):
    absence = mark(anna, first=TODAY + DAY)
    assert (absence.begun_at, whose(cases)) == (None, ["anna", "anna"])
    assert holds.take_next(head, now=NOW) is None
    assert holds.take_next(head, now=NOW + DAY) == cases[0]
    absence.refresh_from_db()
    assert (absence.begun_at, absence.freed.number) == (NOW + DAY, 2)


def test_an_absence_begins_at_midnight_in_shanghai(anna, cases):
    mark(anna, first=TODAY + DAY)
    midnight = datetime(2027, 3, 9, tzinfo=SHANGHAI)
    presence.begin(anna.unit, midnight - timedelta(seconds=1))
    assert whose(cases) == ["anna", "anna"]
    presence.begin(anna.unit, midnight)
    assert whose(cases) == [None, None]


def test_what_is_given_during_an_absence_stays(head, anna, cases):
    mark(anna)
    assignments.give(anna.unit, [cases[1].pk], by=head, to=anna)
    presence.begin(anna.unit, NOW + DAY)
    assert whose(cases) == ["anna", "anna"]


def test_one_that_is_ended_before_its_first_day_lets_nothing_go(anna, cases):
    presence.end(mark(anna, first=TODAY + DAY).pk, by=anna, now=NOW)
    presence.begin(anna.unit, NOW + DAY)
    assert whose(cases) == ["anna", "anna"]


def test_one_that_nobody_noticed_until_it_was_over_lets_nothing_go(anna, cases):
    mark(anna, first=TODAY + DAY, last=TODAY + DAY)
    presence.begin(anna.unit, NOW + 2 * DAY)
    assert whose(cases) == ["anna", "anna"]


def test_who_is_away_is_so_on_both_ends_and_not_once_it_is_ended(anna):
    absence = mark(anna)
    days = [TODAY - DAY, TODAY, TODAY + DAY, TODAY + 2 * DAY]
    assert [anna.pk in presence.absent([anna.pk], one) for one in days] == [False, True, True, False]
    presence.end(absence.pk, by=anna, now=NOW)
    assert presence.absent([anna.pk], TODAY) == {}


def test_several_absences_of_one_are_kept_beside_one_another(anna):
    mark(anna), mark(anna, first=TODAY + 9 * DAY, last=TODAY + 12 * DAY)
    assert [one.first_day for one in presence.standing([anna.pk], TODAY)[anna.pk]] == [TODAY, TODAY + 9 * DAY]


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        (TODAY - DAY, TODAY, "first"),
        (TODAY + DAY, TODAY, "last"),
        (TODAY, TODAY + 367 * DAY, "last"),
        (TODAY + 367 * DAY, TODAY + 368 * DAY, "last"),
        (TODAY + 5 * DAY, TODAY + 6 * DAY, "first"),
    ],
)
def test_days_that_cannot_be_are_told_beside_their_field(anna, first, last, key):
    mark(anna, first=TODAY + 6 * DAY, last=TODAY + 7 * DAY)
    with pytest.raises(Refused) as refusal:
        mark(anna, first=first, last=last)
    assert list(refusal.value.problems) == [key]


def people():
    units = make_units()
    return {
        "oneself": None,
        "head": make_reviewer(units["1101001"], username="h", is_head=True),
        "colleague": make_reviewer(units["1101001"], username="c"),
        "head of the site": make_reviewer(units["1101"], username="s", is_head=True),
        "head of the region": make_reviewer(units["11"], username="r", is_head=True),
        "reviewer of the site": make_reviewer(units["1101"], username="t"),
        "head beside": make_reviewer(units["1101002"], username="b", is_head=True),
        "head of another region": make_reviewer(units["12"], username="o", is_head=True),
        "operator": make_operator(),
    }


def test_oneself_and_the_heads_above_mark_and_nobody_else(anna):
    may = [name for name, one in people().items() if presence.may_mark(one or anna, anna)]
    assert may == ["oneself", "head", "head of the site", "head of the region"]


def test_a_head_below_marks_nobody_above(unit, head):
    above = make_reviewer(unit.parent, username="above")
    with pytest.raises(NotAllowed):
        mark(above, by=head)
    absence = mark(above)
    with pytest.raises(NotAllowed):
        presence.end(absence.pk, by=head, now=NOW)


def test_one_that_is_over_or_ended_is_not_ended_again(anna):
    absence = mark(anna)
    with pytest.raises(NotAllowed):
        presence.end(absence.pk, by=anna, now=NOW + 2 * DAY)
    presence.end(absence.pk, by=anna, now=NOW)
    with pytest.raises(NotAllowed):
        presence.end(absence.pk, by=anna, now=NOW)


def test_the_database_keeps_days_in_order_and_what_was_marked(anna):
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(account=anna, first_day=TODAY, last_day=TODAY - DAY, set_at=NOW)
    absence = mark(anna)
    for change in ({"last_day": TODAY + 9 * DAY}, {"set_by": None}, {"ended_at": NOW}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Absence.objects.filter(pk=absence.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_two_absences_marked_at_once_do_not_overlap(anna):
    acts = [races.Act(mark, anna), races.Act(mark, anna, first=TODAY + DAY)]
    with races.while_they_wait(*acts):
        list(type(anna).objects.select_for_update().filter(pk=anna.pk))
    assert sorted(type(one.outcome).__name__ for one in acts) == ["Absence", "Refused"]
    assert Absence.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_case_that_is_decided_while_it_is_let_go_is_decided(anna, cases):
    case = fresh(cases[1])
    marking = races.Act(mark, anna)
    with races.while_they_wait(marking):
        pass_on(case)
    assert fresh(case).status == "site_review"
    assert marking.outcome.freed is None


def test_who_works_here_no_more_marks_nothing(anna):
    anna.is_active = False
    assert presence.may_mark(anna, anna) is False
