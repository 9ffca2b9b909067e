"""Who settles a second look that differs."""

import pytest
from django.utils import timezone

from candidates.models import Account
from review.models import SecondLook
from review.office import heads
from tests.factories import make_application, make_reviewer

pytestmark = pytest.mark.django_db


def a_look(level, first, second):
    """One that differs, of a case that waits for the level."""
    case = make_application(f"{level}_review")
    people = {
        name: make_reviewer(case.unit_at(level), username=name, is_head=name.startswith("head"))
        for name in ("one", "two", "three", "head", "head-2")
    }
    words = {"level": level, "unit": case.unit_at(level), "round": 1, "at": timezone.now()}
    return SecondLook.objects.create(
        application=case,
        first=people[first],
        second=people[second],
        second_at=timezone.now(),
        first_record=case.last_record,
        **words,
    )


def settling(look):
    """Who may, asked one by one, and as lists ask; both must say the same."""
    people = Account.objects.filter(unit=look.unit).select_related("unit").order_by("username")
    listed = [one.username for one in people if SecondLook.objects.filter(heads.settled_by(one), unit=one.unit)]
    assert [one.username for one in people if heads.may_settle(look, one)] == listed
    return listed


@pytest.mark.parametrize("level", ["site", "region"])
def test_every_head_who_is_neither_of_the_two(level):
    assert settling(a_look(level, "one", "two")) == ["head", "head-2"]
    assert settling(SecondLook.objects.get()) == ["head", "head-2"]


@pytest.mark.parametrize("level", ["site", "region"])
def test_a_head_who_has_looked_leaves_it_to_the_other(level):
    assert settling(a_look(level, "head", "two")) == ["head-2"]


@pytest.mark.parametrize(("level", "who"), [("site", []), ("region", ["one", "three", "two"])])
def test_without_a_free_head_a_region_has_its_third_people(level, who):
    assert settling(a_look(level, "head", "head-2")) == who


def test_nobody_of_another_unit_does():
    look = a_look("site", "one", "two")
    assert not heads.may_settle(look, make_reviewer(look.application.region, is_head=True))


def test_who_was_switched_off_is_no_head():
    look = a_look("site", "one", "two")
    Account.objects.filter(username="head").update(is_active=False)
    assert [one.username for one in heads.heads_of(look.unit)] == ["head-2"]
