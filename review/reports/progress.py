"""How far the units have come, read from the counters that the database keeps (candidates/models/counts.py).

Plans: a unit's counts are one range of one_count_per_point_and_status (a region), or of the index on site or point:
the points below it times the statuses, however many applications there are. Days are
ranges of handled_by_<level>_and_day.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum

from candidates.applications.states import IN_PROGRESS_TABLE, LEVEL_OF_STATUS
from candidates.models import HandledCount, PointCount, Unit
from candidates.prepared import EVER, Prepared, PreparedValues
from candidates.rules.levels import FIRST, LABELS, LEVELS, below
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


Counts = QuerySet[Any, Any]
# a query for everything ("") and one for a unit of each level, made once: making them was half of the page's CPU
_Queries = dict[str, PreparedValues]


def _prepared(counts: Callable[[], Counts], make: Callable[[Counts, str], Counts]) -> _Queries:
    """Make them of these counts: `make` gets those of the unit, if there is one, and of the year, and the level."""

    def of(level: str) -> PreparedValues:
        mine = {level: 0} if level else {}
        return PreparedValues(lambda: make(counts().filter(**mine).filter(session__year=0), level))

    return {level: of(level) for level in ("", *LEVELS)}


def _asked(queries: _Queries, unit: Unit | None, *values: Any) -> list[tuple[Any, ...]]:
    return queries[unit.level](unit.pk, *values) if unit else queries[""](*values)


def _of_days(counts: Counts, *shown: str) -> Counts:
    chosen = counts.filter(day__gte=EVER.date()).filter(day__lte=EVER.date())
    return chosen.values_list(*shown).annotate(number=Sum("number")).order_by()


def _lines_below(level: str) -> str:
    return below(level) or FIRST


_UNITS = {
    "": Prepared(lambda: Unit.objects.filter(level="").order_by("code")),
    **{one: Prepared(lambda: Unit.objects.filter(parent=0).order_by("code")) for one in LEVELS if one != FIRST},
    FIRST: Prepared(lambda: Unit.objects.filter(pk=0)),
}
_BY_UNIT = _prepared(
    PointCount.objects.all,
    lambda counts, level: counts.values_list(_lines_below(level), "status").annotate(number=Sum("number")).order_by(),
)


def _of_all_years(level: str) -> PreparedValues:
    counts = PointCount.objects.filter((level, 0)).filter(number__gt=0)
    return PreparedValues(lambda: counts.values_list("session__year", "status", "number").order_by())


_BY_YEAR = {level: _of_all_years(level) for level in LEVELS}
_BY_DAY = _prepared(HandledCount.objects.all, lambda counts, _: _of_days(counts, "day", "status"))
_WAITS = _prepared(HandledCount.objects.all, lambda counts, _: _of_days(counts, "status", "hours"))
_WAYS = _prepared(DecidedCount.objects.all, lambda counts, _: _of_days(counts, "level", "way"))


def of_unit_by_year(unit: Unit) -> dict[int, Counter[str]]:
    """Count the applications that a unit has in each status, by the years of their sessions.

    Added up here: there are a few for each of its points, and a GROUP BY would sort them.
    """
    counts: dict[int, Counter[str]] = {}
    for year, status, number in _BY_YEAR[unit.level](unit.pk, 0):
        counts.setdefault(year, Counter())[status] += number
    return counts


def by_unit(unit: Unit | None, year: int) -> list[Line]:
    """Make a line for each unit directly below (each region, where there is none; a point's own)."""
    level = unit.level if unit else ""
    units = _UNITS[level](unit.pk if unit else _lines_below(level))
    numbers = {(key, status): number for key, status, number in _asked(_BY_UNIT, unit, year)}
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
    counted = _asked(_BY_DAY, unit, year, _first(until), until)
    numbers = {(day, status): number for day, status, number in counted}
    days = [until - timedelta(days=ago) for ago in reversed(range(DAYS))]
    return [Day(day, tuple(numbers.get((day, status), 0) for status in LEVEL_OF_STATUS)) for day in days]


def waits(unit: Unit | None, year: int, until: date) -> list[Wait]:
    """Return median and 90th percentile of the waiting time at each level, of what was handled on these DAYS."""
    numbers: dict[str, list[tuple[int, int]]] = {status: [] for status in LEVEL_OF_STATUS}
    for status, hours, number in sorted(_asked(_WAITS, unit, year, _first(until), until)):
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
    counted = _asked(_WAYS, unit, year, _first(until), until)
    numbers = {(level, way): number for level, way, number in counted}
    return [(LABELS[level], tuple(numbers.get((level, way), 0) for way in WAYS)) for level in LEVEL_OF_STATUS.values()]


def _first(until: date) -> date:
    return until - timedelta(days=DAYS - 1)


def percentile(counted: Iterable[tuple[int, int]], part: int) -> int | None:
    """Return the smallest value that `part` percent of all do not exceed; `counted`: (value, how often), in order."""
    rows = list(counted)
    everything, so_far = sum(number for _, number in rows), 0
    for value, number in rows:
        so_far += number
        if so_far * 100 >= everything * part and number:
            return value
    return None
