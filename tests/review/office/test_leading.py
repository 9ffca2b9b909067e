"""Whom the head of a unit leads."""

import pytest

from review.office.leading import heads, leads
from tests.factories import make_operator, make_reviewer, make_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    return make_units()


def test_a_head_leads_the_own_unit_and_those_below_and_is_head_of_the_own_alone(units):
    head = make_reviewer(units["1101"], is_head=True)
    codes = ("11", "1101", "1101001", "1101002", "1102", "12")
    assert [code for code in codes if leads(head, units[code])] == ["1101", "1101001", "1101002"]
    assert [code for code in codes if heads(head, units[code])] == ["1101"]


def test_nobody_else_leads(units):
    people = [
        make_reviewer(units["1101"]),
        make_reviewer(units["1101"], username="off", is_head=True, is_active=False),
        make_operator(),
    ]
    assert [leads(one, units["1101"]) for one in people] == [False] * 3
    assert not leads(make_reviewer(units["11"], is_head=True), None)


def test_the_head_of_a_unit_that_is_switched_off_leads_nobody(units):
    head = make_reviewer(units["1101"], is_head=True)
    head.unit.is_active = False
    head.unit.save()
    assert not leads(head, units["1101001"])
