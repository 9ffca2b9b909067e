from datetime import UTC, datetime, timedelta

import pytest

from review.payments.plausible import AHEAD, LONGEST, sound
from review.payments.providers.terms import Paid

NOW = datetime(2027, 3, 8, 9, 30, tzinfo=UTC)


def test_what_can_be_so_is_booked_as_it_is():
    found = sound(Paid("2027ABC", "T1", 26_000, NOW - timedelta(minutes=1)), NOW)
    assert (found.order, found.trade_number, found.at, found.strange) == (
        "2027ABC",
        "T1",
        NOW - timedelta(minutes=1),
        "",
    )


@pytest.mark.parametrize("at", [None, datetime(1999, 12, 31, tzinfo=UTC), NOW + AHEAD + timedelta(seconds=1)])
def test_money_of_an_impossible_time_is_of_the_moment_of_its_arrival(at):
    found = sound(Paid("2027ABC", "T1", 26_000, at, "很久以前"), NOW)
    assert (found.at, found.strange) == (NOW, "支付时间 很久以前")


def test_a_number_as_long_as_may_be_is_kept_as_it_is():
    assert sound(Paid("1", "A" * LONGEST, 1, NOW), NOW).trade_number == "A" * LONGEST


def test_a_number_that_no_database_holds_is_kept_as_far_as_it_can_be_told_from_its_like():
    long, longer = "A" * (LONGEST + 1), "A" * (LONGEST + 2)
    numbers = [sound(Paid("1", number, 1, NOW), NOW).trade_number for number in ("a\0b", long, longer)]
    assert numbers[0] == "a\ufffdb"
    assert numbers[1] != numbers[2]
    assert max(map(len, numbers)) <= LONGEST


def test_an_amount_that_nobody_can_have_paid_is_told_as_it_came():
    found = sound(Paid("1", "T1", 0, NOW, said_amount="二百\0"), NOW)
    assert (found.amount, found.strange) == (0, "金额 二百\ufffd")
