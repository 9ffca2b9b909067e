"""Who gets which: the rules alone."""

from collections import Counter

import pytest

from review.office.dividing import Waiting, by_groups, dealt, group_of, groups, proposed

A, B, C = 11, 22, 33


def cases(number, *, category="210", unit="1101"):
    return [Waiting(pk, f"20270000000000{pk % 10:02}", category, unit) for pk in range(number)]


def test_case_by_case_goes_round_where_all_have_as_many():
    assert list(dealt(cases(5), {A: 0, B: 0, C: 0}).values()) == [A, B, C, A, B]


def test_who_has_more_is_left_out_until_the_others_have_as_many():
    assert Counter(dealt(cases(10), {A: 6, B: 0, C: 2}).values()) == {B: 6, C: 4}


def test_5000_are_dealt_evenly_to_seven():
    got = Counter(dealt(cases(5000), dict.fromkeys(range(7), 0)).values())
    assert (sum(got.values()), max(got.values()) - min(got.values())) == (5000, 1)


@pytest.mark.parametrize(("rule", "group"), [("even", ""), ("digit", "7"), ("category", "210"), ("unit", "1101")])
def test_a_group_is_what_the_rule_says(rule, group):
    assert group_of(rule, cases(8)[7]) == group


def test_a_group_stays_together_and_the_largest_goes_first_to_who_has_least():
    waiting = cases(3, category="110") + cases(5, category="210") + cases(4, category="220")
    sizes = groups("category", waiting)
    assert sizes == {"110": 3, "210": 5, "220": 4}
    assert proposed(sizes, {A: 0, B: 0}) == {"110": B, "210": A, "220": B}


def test_who_has_much_already_gets_no_group():
    assert proposed({"0": 5, "1": 5}, {A: 20, B: 0}) == {"0": B, "1": B}


def test_a_group_that_nobody_has_stays_as_it_is():
    assert by_groups("digit", cases(3), {"0": A, "2": B}) == {0: A, 2: B}


def test_ten_digits_are_dealt_to_twelve_people_without_a_digit_twice():
    whose = proposed({str(one): 1 for one in range(10)}, dict.fromkeys(range(12), 0))
    assert len(set(whose.values())) == 10
