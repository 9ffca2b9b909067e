from datetime import UTC, date, datetime

import pytest

from candidates.rules.moments import beginning, moment, near_day, short, whole_day

MIDNIGHT = datetime(2027, 12, 31, 16, tzinfo=UTC)  # in Shanghai the year 2028 begins


def test_midnight_ends_a_day_or_begins_one():
    assert (moment(MIDNIGHT), beginning(MIDNIGHT)) == ("2027 年 12 月 31 日 24:00", "2028 年 1 月 1 日 00:00")


@pytest.mark.parametrize(("hour", "said"), [(16, ("12月31日", "24:00")), (1, ("12月31日", "09:00"))])
def test_in_an_sms_it_is_two_short_pieces(hour, said):
    assert short(MIDNIGHT.replace(hour=hour)) == said


@pytest.mark.parametrize(
    ("today", "said"), [(date(2028, 1, 2), "1 月 3 日"), (date(2027, 12, 31), "2028 年 1 月 3 日")]
)
def test_a_day_near_says_its_year_where_that_is_another(today, said):
    assert near_day(date(2028, 1, 3), today) == said


def test_a_whole_day_is_written_out():
    assert whole_day(date(2027, 3, 8)) == "2027 年 3 月 8 日"
