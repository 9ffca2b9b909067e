"""Whom a head leads."""

import pytest

from review.office.leading import heads, leads
from tests.factories import make_operator, make_reviewer, make_units

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "led", "own"),
    [("1101", True, True), ("1101001", True, False), ("11", False, False), ("1102", False, False)],
)
def test_a_head_leads_the_own_unit_and_those_below(code, led, own):
    units = make_units()
    head = make_reviewer(units["1101"], is_head=True)
    assert (leads(head, units[code]), heads(head, units[code])) == (led, own)


def test_nobody_else_leads_anything():
    unit = make_units()["1101"]
    people = (make_reviewer(unit), make_reviewer(unit, username="off", is_head=True, is_active=False), make_operator())
    assert [leads(one, unit) for one in people] == [False] * 3
