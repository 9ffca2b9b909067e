"""The sessions' windows as bars over the months."""

from datetime import timedelta

import pytest
from django.utils import timezone

from review.operations import calendar
from tests.factories import make_session

pytestmark = pytest.mark.django_db


def test_bars_lie_in_order_within_the_calendar_and_say_what_is_open():
    now = timezone.now()
    day = timedelta(days=1)
    session = make_session(now=now, registration=(now - 9 * day, now - 5 * day), payment=(now + day, now + 3 * day))
    (row,) = calendar.of([session], now).rows
    assert [bar.is_open for bar in row.bars] == [False, True, True, False]
    assert all(0 <= bar.left < bar.left + bar.width <= 1000 for bar in row.bars)
    assert row.bars[0].left < row.bars[3].left
    assert [bar.top for bar in row.bars] == [22, 47, 72, 97]


def test_months_are_named_and_january_with_its_year():
    now = timezone.now()
    months = calendar.of([make_session(now.year), make_session(now.year + 1)], now).months
    assert [one.name for one in months if one.name.startswith(str(now.year + 1))] == [f"{now.year + 1} 年"]
    assert [one.left for one in months] == sorted(one.left for one in months)


def test_without_a_session_there_is_nothing_to_draw():
    assert calendar.of([], timezone.now()) == calendar.Calendar((), (), None)
