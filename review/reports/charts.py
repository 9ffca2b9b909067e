"""A bar chart as plain geometry, drawn into SVG by a template: nothing is measured or moved in the browser."""

from collections.abc import Sequence
from dataclasses import dataclass

from review.reports.progress import Day

WIDTH, HEIGHT, BASE, LEFT = 900, 200, 170, 40  # in the drawing's own units
NAME = 36  # the width of a day's name, 12-31, at the style sheet's 12 units (31 in Noto Sans)
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    level: int  # which of the levels, in their order
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]
    days: tuple[tuple[float, str], ...]  # where a day's name stands
    lines: tuple[tuple[float, int], ...]  # where a number's line runs
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def of_days(days: Sequence[Day]) -> Chart:
    """Draw a stacked bar for each day, a part for each level; name every fifth day, counted from the last."""
    top = nice(max((day.total for day in days), default=0))
    room = (WIDTH - LEFT) / max(1, len(days))

    bars, names = [], []
    for place, day in enumerate(days):
        x, y = LEFT + place * room, float(BASE)
        for level, number in enumerate(day.counts):
            height = number / top * (BASE - 10)
            y -= height
            if number:
                bars.append(Bar(level, round(x + room * 0.15, 1), round(y, 1), round(room * 0.7, 1), round(height, 1)))
        if (len(days) - 1 - place) % 5 == 0:
            middle = min(x + room / 2, WIDTH - NAME / 2)  # the last one stays whole
            names.append((round(middle, 1), f"{day.day.month}-{day.day.day}"))

    lines = tuple((round(BASE - part / 2 * (BASE - 10), 1), top * part // 2) for part in (0, 1, 2))
    return Chart(tuple(bars), tuple(names), lines)


def nice(most: int) -> int:
    """Return an even number, 2, 4 or 10 times a power of ten, that is not below `most`."""
    power = 1
    while True:
        for step in STEPS:
            if 2 * step * power >= most:
                return 2 * step * power
        power *= 10
