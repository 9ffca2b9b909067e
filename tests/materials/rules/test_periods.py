"""Periods added up to the day, and read from an address."""

from datetime import date

import pytest

from materials.rules.periods import Period, Stated, added_up, months_after, names_of, parse

AUGUST = date(2027, 8, 31)


def days(*ends):
    return tuple(Period(date(*start), date(*end)) for start, end in ends)


# --- adding up ---


@pytest.mark.parametrize(
    ("periods", "comes_to"),
    [
        ([((2025, 1, 1), (2025, 12, 31))], (12, 0)),
        ([((2025, 1, 1), (2025, 12, 30))], (11, 30)),
        ([((2025, 1, 1), (2025, 1, 1))], (0, 1)),
        # 29 February is a day like others; a year from it ends on 27 February
        ([((2024, 2, 29), (2025, 2, 27))], (12, 0)),
        ([((2024, 2, 1), (2024, 2, 29))], (1, 0)),
        ([((2023, 3, 1), (2024, 2, 28))], (11, 28)),
        ([((2023, 3, 1), (2024, 2, 29))], (12, 0)),
        # overlapping, one inside the other, following one another, apart; in any order
        ([((2025, 1, 1), (2025, 6, 30)), ((2025, 4, 1), (2025, 9, 30))], (9, 0)),
        ([((2025, 1, 1), (2025, 12, 31)), ((2025, 4, 1), (2025, 4, 30))], (12, 0)),
        ([((2025, 1, 1), (2025, 1, 31)), ((2025, 1, 1), (2025, 1, 31))], (1, 0)),
        ([((2025, 2, 11), (2025, 3, 10)), ((2025, 1, 11), (2025, 2, 10))], (2, 0)),
        ([((2025, 1, 1), (2025, 1, 15)), ((2025, 1, 16), (2025, 1, 31))], (1, 0)),
        ([((2025, 1, 1), (2025, 1, 31)), ((2025, 1, 31), (2025, 2, 28))], (2, 0)),
        ([((2026, 2, 1), (2026, 7, 31)), ((2025, 1, 1), (2025, 6, 30))], (12, 0)),
        # what lies after 31 August, or is the wrong way round, counts nowhere
        ([((2027, 8, 1), (2028, 7, 31))], (1, 0)),
        ([((2027, 9, 1), (2028, 8, 31))], (0, 0)),
        ([((2025, 5, 1), (2025, 4, 1))], (0, 0)),
        ([], (0, 0)),
    ],
)
def test_periods_are_added_up_and_no_day_counts_twice(periods, comes_to):
    assert added_up(days(*periods), until=AUGUST) == comes_to


def test_what_lies_before_a_day_does_not_count():
    assert added_up(days(((2025, 1, 1), (2025, 12, 31))), since=date(2025, 7, 1), until=AUGUST) == (6, 0)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 5), 1, date(2026, 1, 5)),
        (date(2025, 12, 5), 0, date(2025, 12, 5)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_there_is(day, months, later):
    assert months_after(day, months) == later


# --- as anybody states them ---


def test_nothing_stated_is_one_institution_of_which_nothing_is_known():
    assert parse({}) == parse({"institutions": "", "period_from": ""}) == (Stated(), {})


def test_a_month_is_the_whole_of_it_and_a_day_itself():
    stated, wrong = parse({"period_from": "2024-02", "period_to": "2024-02"})
    assert (stated.periods, wrong) == (days(((2024, 2, 1), (2024, 2, 29))), {})
    stated, wrong = parse({"period_from": "2024-02-05", "period_to": "2025-02-04"})
    assert (stated.periods, wrong) == (days(((2024, 2, 5), (2025, 2, 4))), {})


def test_periods_count_once_all_are_known():
    query = {"institutions": "2", "period_from": "2024-01", "period_to": "2024-06", "period_from_2": "2024-09"}
    assert parse(query)[0] == Stated(2)
    known = parse({**query, "period_to_2": "2025-02"})[0]
    assert known == Stated(2, days(((2024, 1, 1), (2024, 6, 30)), ((2024, 9, 1), (2025, 2, 28))))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"institutions": "0"}, "institutions"),
        ({"institutions": "7"}, "institutions"),
        ({"institutions": "二"}, "institutions"),
        ({"period_from": "2025"}, "period_from"),
        ({"period_from": "2025-13"}, "period_from"),
        ({"period_to": "2025-02-30"}, "period_to"),
        ({"institutions": "2", "period_to_2": "x"}, "period_to_2"),
        ({"period_from": "2025-03", "period_to": "2025-02"}, "period_to"),
        ({"first_registered_on": "2025-03"}, "first_registered_on"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_parameter(query, name):
    stated, wrong = parse(query)
    assert (list(wrong), stated.periods, stated.first_registered_on) == ([name], (), None)


def test_further_periods_have_their_number():
    assert (names_of(1), names_of(3)) == (("period_from", "period_to"), ("period_from_3", "period_to_3"))
