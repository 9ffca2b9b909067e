"""Periods of trial or practice: added up without counting a day twice, and read from an address's parameters."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from candidates.rules.institutions import MOST, last_day

DAY = timedelta(days=1)
_ISO = re.compile(r"(\d{4}-\d{2})(-\d{2})?")


@dataclass(frozen=True)
class Period:
    """A trial or practice at one institution, from its first day to its last, both counted."""

    start: date
    end: date


def added_up(periods: Iterable[Period], *, since: date | None = None, until: date) -> tuple[int, int]:
    """Return the whole months and the days left over that these periods come to, no day counted twice."""
    inside = [Period(max(one.start, since or one.start), min(one.end, until)) for one in periods]
    months, days = 0, 0
    for one in _joined(one for one in inside if one.start <= one.end):
        whole = _whole_months(one)
        months += whole
        days += (one.end - months_after(one.start, whole)).days + 1
    return months, days


def months_after(day: date, months: int) -> date:
    """Return the same day that many months later; the last of a shorter month, as 28 February after 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + (day.day - 1) * DAY, following - DAY)


def _joined(periods: Iterable[Period]) -> list[Period]:
    """Return the periods in order, those that overlap or follow one another made one."""
    found: list[Period] = []
    for one in sorted(periods, key=lambda period: period.start):
        if found and one.start <= found[-1].end + DAY:
            found[-1] = Period(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def _whole_months(period: Period) -> int:
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    while months_after(period.start, months) - DAY > period.end:
        months -= 1
    return months


# --- as anybody states them --------------------------------------------------------------------


@dataclass(frozen=True)
class Stated:
    """What /requirements/ was told of trial or practice: the number of institutions, and every period, or none."""

    institutions: int = 1
    periods: tuple[Period, ...] = ()
    first_registered_on: date | None = None


def names_of(number: int) -> tuple[str, str]:
    """Return the parameters of the period at that institution, counted from 1: period_from and period_to, …_2."""
    ending = f"_{number}" if number > 1 else ""
    return f"period_from{ending}", f"period_to{ending}"


def parse(query: Mapping[str, str]) -> tuple[Stated, dict[str, str]]:
    """Read what was stated; else what of it cannot be read, as parameter -> Chinese sentence.

    Dates are ISO; of a period a month (2025-03) means the whole of it. While a period is missing none counts: the sum
    would say too little.
    """
    typed = query.get("institutions", "") or "1"
    if typed not in [str(number) for number in range(1, MOST + 2)]:
        return Stated(), {"institutions": f"试用（执业）机构数无法识别：可选 1 至 {MOST + 1}。"}

    wrong: dict[str, str] = {}
    periods = [_period(query, number, wrong) for number in range(1, int(typed) + 1)]
    known = tuple(period for period in periods if period)
    first = _day(query, "first_registered_on", wrong)
    return Stated(int(typed), known if len(known) == int(typed) else (), first), wrong


def _period(query: Mapping[str, str], number: int, wrong: dict[str, str]) -> Period | None:
    begins, ends = names_of(number)
    start, end = _day(query, begins, wrong), _day(query, ends, wrong, ending=True)
    if start is None or end is None:
        return None
    if end < start:
        wrong[ends] = "结束年月早于开始年月：请核对起止时间。"
        return None
    return Period(start, end)


def _day(query: Mapping[str, str], name: str, wrong: dict[str, str], *, ending: bool = False) -> date | None:
    """Return the day that was typed; of a month its first, or its last where a period ends with it."""
    typed = query.get(name, "")
    if not typed:
        return None
    found = _ISO.fullmatch(typed)
    with suppress(ValueError):
        if found and found[2]:
            return date.fromisoformat(typed)
        if found and name != "first_registered_on":
            first = date.fromisoformat(f"{typed}-01")
            return last_day(first) if ending else first
    wrong[name] = (
        "首次执业注册日期无法识别：请按“年-月-日”填写，例如 2020-07-01。"
        if name == "first_registered_on"
        else "年月无法识别：请按“年-月”填写，例如 2025-03。"
    )
    return None
