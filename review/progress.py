"""How far the units below one have come: applications by unit and status."""

from dataclasses import dataclass

from django.db.models import Count

from candidates.models import Application, Unit
from candidates.models.application import STATUSES

SHOWN = tuple(status for status in STATUSES if status not in ("draft", "withdrawn"))
BELOW = {"": "region", "region": "site", "site": "point", "point": "point"}


@dataclass(frozen=True)
class Line:
    unit: Unit
    counts: tuple[int, ...]  # one for each of SHOWN
    total: int


def by_unit(unit: Unit | None, year: int) -> list[Line]:
    """A line for each unit directly below (each region, where there is none; a point's own)."""
    level = BELOW[unit.level if unit else ""]
    units = Unit.objects.filter(level=level)
    if unit:
        units = units.filter(pk=unit.pk) if unit.level == "point" else units.filter(parent=unit)
    cases = Application.objects.filter(session__year=year, **({unit.level: unit} if unit else {}))
    counted = cases.values_list(level, "status").annotate(number=Count("pk")).order_by()
    numbers = {(key, status): number for key, status, number in counted}
    return [_line(one, [numbers.get((one.pk, status), 0) for status in SHOWN]) for one in units]


def _line(unit: Unit, counts: list[int]) -> Line:
    return Line(unit, tuple(counts), sum(counts))


def total(lines: list[Line]) -> tuple[int, ...]:
    columns = tuple(sum(column) for column in zip(*(line.counts for line in lines), strict=True))
    return columns or (0,) * len(SHOWN)
