"""How far the units have come, read from the counters that the database keeps (candidates/models/counts.py).

Plans: a unit's counts are one range of one_count_per_point_and_status (a region), or of the index on site or point:
the points below it times the statuses, however many applications there are. Days are
ranges of handled_by_<level>_and_day.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from candidates.applications.states import IN_PROGRESS_TABLE, LEVEL_OF_STATUS
from candidates.models import HandledCount, PointCount, Unit
from candidates.rules.levels import FIRST, LABELS, below
from review.models import WAYS, DecidedCount

DAYS = 30  # shown at most


@dataclass(frozen=True)
class Line:
    unit: Unit
    counts: tuple[int, ...]  # one for each of IN_PROGRESS_TABLE
    total: int


@dataclass(frozen=True)
class Day:
    day: date
    counts: tuple[int, ...]  # one for each level: LEVEL_OF_STATUS

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Wait:
    """How long what a level handled had waited there: whole hours up to three days, then whole days (in hours)."""

    level: str
    handled: int
    median: int | None
    ninth: int | None  # the 90th percentile

    @property
    def name(self) -> str:
        return LABELS[self.level]


def of_unit_by_year(unit: Unit) -> dict[int, Counter[str]]:
    """Count the applications that a unit has in each status, by the years of their sessions.

    Added up here: there are a few for each of its points, and a GROUP BY would sort them.
    """
    counts: dict[int, Counter[str]] = {}
    rows = PointCount.objects.filter(**_scope(unit), number__gt=0).values_list("session__year", "status", "number")
    for year, status, number in rows:
        counts.setdefault(year, Counter())[status] += number
    return counts


def by_unit(unit: Unit | None, year: int) -> list[Line]:
    """Make a line for each unit directly below (each region, where there is none; a point's own)."""
    level = below(unit.level if unit else "") or FIRST
    units = Unit.objects.filter(level=level)
    if unit:
        units = units.filter(pk=unit.pk) if unit.level == FIRST else units.filter(parent=unit)
    cases = PointCount.objects.filter(session__year=year, **_scope(unit))
    counted = cases.values_list(level, "status").annotate(number=Sum("number")).order_by()
    numbers = {(key, status): number for key, status, number in counted}
    return [_line(one, [numbers.get((one.pk, status), 0) for status in IN_PROGRESS_TABLE]) for one in units]


def _scope(unit: Unit | None) -> dict[str, Unit]:
    return {unit.level: unit} if unit else {}


def _line(unit: Unit, counts: list[int]) -> Line:
    return Line(unit, tuple(counts), sum(counts))


def total(lines: list[Line]) -> tuple[int, ...]:
    columns = tuple(sum(column) for column in zip(*(line.counts for line in lines), strict=True))
    return columns or (0,) * len(IN_PROGRESS_TABLE)


def by_day(unit: Unit | None, year: int, until: date) -> list[Day]:
    """Count what each level handled (passed, returned, sent back, refused) on each of the DAYS to `until`."""
    counted = _handled(unit, year, until).values_list("day", "status").annotate(number=Sum("number")).order_by()
    numbers = {(day, status): number for day, status, number in counted}
    days = [until - timedelta(days=ago) for ago in reversed(range(DAYS))]
    return [Day(day, tuple(numbers.get((day, status), 0) for status in LEVEL_OF_STATUS)) for day in days]


def waits(unit: Unit | None, year: int, until: date) -> list[Wait]:
    """Return median and 90th percentile of the waiting time at each level, of what was handled on these DAYS."""
    counted = (
        _handled(unit, year, until).values_list("status", "hours").annotate(number=Sum("number")).order_by("hours")
    )
    numbers: dict[str, list[tuple[int, int]]] = {status: [] for status in LEVEL_OF_STATUS}
    for status, hours, number in counted:
        numbers[status].append((hours, number))
    return [
        Wait(
            level,
            sum(number for _, number in numbers[status]),
            *(percentile(numbers[status], part) for part in (50, 90)),
        )
        for status, level in LEVEL_OF_STATUS.items()
    ]


def ways(unit: Unit | None, year: int, until: date) -> list[tuple[str, tuple[int, ...]]]:
    """Count at each level how its decisions on pictures came about, on these DAYS: name, numbers in WAYS' order."""
    first = until - timedelta(days=DAYS - 1)
    cases = DecidedCount.objects.filter(session__year=year, day__gte=first, day__lte=until, **_scope(unit))
    counted = cases.values_list("level", "way").annotate(number=Sum("number")).order_by()
    numbers = {(level, way): number for level, way, number in counted}
    return [(LABELS[level], tuple(numbers.get((level, way), 0) for way in WAYS)) for level in LEVEL_OF_STATUS.values()]


def _handled(unit: Unit | None, year: int, until: date):
    first = until - timedelta(days=DAYS - 1)
    return HandledCount.objects.filter(session__year=year, day__gte=first, day__lte=until, **_scope(unit))


def percentile(counted: Iterable[tuple[int, int]], part: int) -> int | None:
    """Return the smallest value that `part` percent of all do not exceed; `counted`: (value, how often), in order."""
    rows = list(counted)
    everything, so_far = sum(number for _, number in rows), 0
    for value, number in rows:
        so_far += number
        if so_far * 100 >= everything * part and number:
            return value
    return None
