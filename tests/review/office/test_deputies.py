"""代理: a unit of which nobody is there is lent one of the unit above, who acts for it and is recorded as such."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from candidates.applications.workflow import Actor
from candidates.models import Message
from candidates.rules.moments import SHANGHAI
from candidates.rules.refusals import NotAllowed, Refused
from review.cases import case as cases
from review.cases import decisions, holds
from review.models import Deputy
from review.office import deputies, presence
from tests.factories import make_application, make_operator, make_reviewer, make_units
from tests.review.casework import fresh, verdicts

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 8, 10, tzinfo=SHANGHAI)
TODAY, DAY = date(2027, 3, 8), timedelta(days=1)


@pytest.fixture
def site(unit):
    return unit.parent


@pytest.fixture
def chief(site):
    return make_reviewer(site, username="chief", is_head=True)


@pytest.fixture
def ben(site):
    return make_reviewer(site, username="ben")


@pytest.fixture
def away(anna):
    """The unit's only reviewer, away today and tomorrow."""
    presence.mark(anna, by=anna, first=TODAY, last=TODAY + DAY, now=NOW)
    return anna


def lend(account, unit, by, first=TODAY, last=TODAY + DAY, now=NOW):
    return deputies.lend(account, unit, by=by, first=first, last=last, now=now)


def why_not(*args, **words):
    with pytest.raises(Refused) as refusal:
        lend(*args, **words)
    return refusal.value.problems


# --- lending ----------------------------------------------------------------------------------------------------------


def test_the_head_above_lends_one_of_his_people(unit, chief, ben, away):
    found = lend(ben, unit, chief)
    assert list(deputies.lent_by(unit.parent, TODAY)) == [found]


def test_the_deputy_is_told(unit, chief, ben, away):
    lend(ben, unit, chief)
    assert [one.kind for one in Message.objects.filter(account=ben)] == ["deputy"]


def test_an_operator_lends_too(unit, ben, away):
    assert lend(ben, unit, make_operator()).account == ben


def test_nobody_else_lends(unit, ben, away, anna):
    for by in (ben, anna, make_reviewer(unit, username="below", is_head=True)):
        with pytest.raises(NotAllowed):
            lend(ben, unit, by)


def test_a_unit_with_somebody_there_needs_nobody(unit, chief, ben, away):
    make_reviewer(unit, username="carl")
    assert why_not(ben, unit, chief) == {
        "unit": f"{unit.name}在 2027-03-08 有人在岗。只有全部缺勤的日子才能指派代理，请先登记缺勤。"
    }


def test_every_day_is_looked_at(unit, chief, ben, away):
    assert list(why_not(ben, unit, chief, last=TODAY + 2 * DAY)) == ["unit"]


def test_a_unit_without_any_reviewer_may_be_lent_one(unit, chief, ben):
    assert lend(ben, unit, chief).unit == unit


def test_only_people_of_the_unit_above_are_lent(unit, chief, away):
    stranger = make_reviewer(make_units()["1102001"].parent, username="stranger")
    assert why_not(stranger, unit, chief) == {"person": "只能从上一级单位在用的账号中指派。"}


def test_who_is_away_himself_is_not_lent(unit, chief, ben, away):
    presence.mark(ben, by=ben, first=TODAY + DAY, last=TODAY + DAY, now=NOW)
    assert why_not(ben, unit, chief) == {"person": "ben 在这些日子里登记了缺勤。"}


def test_a_unit_has_one_deputy_at_a_time(unit, chief, ben, away):
    lend(ben, unit, chief)
    assert list(why_not(chief, unit, chief)) == ["unit"]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(-1, 1, "first"), (1, 0, "last"), (0, 93, "last")],
)
def test_wrong_days_are_refused_beside_their_field(unit, chief, ben, away, first, last, field):
    assert list(why_not(ben, unit, chief, first=TODAY + first * DAY, last=TODAY + last * DAY)) == [field]


def test_the_head_sees_which_units_are_left_alone(unit, site, chief, ben, away):
    assert unit in deputies.left_alone(site, TODAY)
    lend(ben, unit, chief)
    assert unit not in deputies.left_alone(site, TODAY)


def test_it_ends_when_it_is_taken_back(unit, chief, ben, away):
    found = lend(ben, unit, chief)
    deputies.take_back(found.pk, by=ben, now=NOW)
    assert not deputies.act_for(ben, found.pk, TODAY)


def test_the_database_refuses_that_it_is_edited(unit, chief, ben, away):
    found = lend(ben, unit, chief)
    with pytest.raises(DatabaseError), transaction.atomic():
        Deputy.objects.filter(pk=found.pk).update(account=chief)


def test_the_database_refuses_an_end_before_its_beginning(unit, ben):
    with pytest.raises(IntegrityError), transaction.atomic():
        Deputy.objects.create(account=ben, unit=unit, first_day=TODAY, last_day=TODAY - DAY, set_at=NOW)


# --- taking the place -------------------------------------------------------------------------------------------------


def test_a_deputy_acts_for_the_unit_on_those_days_alone(unit, chief, ben, away):
    found = lend(ben, unit, chief)
    there = [deputies.act_for(type(ben).objects.get(pk=ben.pk), found.pk, TODAY + n * DAY) for n in (-1, 0, 1, 2)]
    assert there == [False, True, True, False]


def test_a_head_takes_no_head_s_rights_along(unit, chief, away):
    found = lend(chief, unit, chief)
    deputies.act_for(chief, found.pk, TODAY)
    assert not chief.is_head


def test_nobody_uses_another_s_deputyship(unit, chief, ben, away):
    assert not deputies.act_for(chief, lend(ben, unit, chief).pk, TODAY)


def test_who_has_left_the_unit_above_is_no_deputy_any_more(unit, chief, ben, away):
    found = lend(ben, unit, chief)
    ben.unit = make_units()["1102001"].parent
    ben.save()
    assert not deputies.act_for(ben, found.pk, TODAY)


@pytest.fixture
def decided(unit, site, chief, ben, away):
    """A case that ben has passed for the point, and ben as his own unit's again."""
    case = make_application("point_review")
    deputies.act_for(ben, lend(ben, unit, chief).pk, TODAY)
    decisions.pass_on(case.pk, actor=Actor.of(ben), seen=case.last_record_id, verdicts=verdicts(case))
    return fresh(case), type(ben).objects.get(pk=ben.pk)


def test_what_he_decides_is_the_unit_s(decided, unit):
    record = decided[0].last_record
    assert (record.level, record.unit) == ("point", unit)


def test_the_record_says_whose_reviewer_he_is(decided, site):
    case, _ = decided
    assert case.last_record.data["lent_from"] == site.pk
    assert cases.who_of(case.last_record) == f"报名点 {case.point.name} ben（{site.name}派来代理）"


def test_he_does_not_decide_on_it_at_the_site_too(decided):
    case, ben = decided
    with pytest.raises(NotAllowed):
        decisions.pass_on(case.pk, actor=Actor.of(ben), seen=case.last_record_id)
    assert holds.take_next(ben, now=NOW) is None
