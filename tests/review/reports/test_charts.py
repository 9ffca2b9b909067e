from datetime import date, timedelta

import pytest

from review.reports import charts
from review.reports.progress import Day

TODAY = date(2027, 3, 8)


def test_the_chart_stacks_the_levels_and_keeps_within_its_frame():
    days = [Day(TODAY - timedelta(days=ago), (ago, 2, 1)) for ago in reversed(range(30))]
    chart = charts.of_days(days)
    assert len(chart.bars) == 89  # the last day's first level is nothing
    assert all(0 <= bar.y <= bar.y + bar.height <= charts.BASE + 0.1 for bar in chart.bars)
    assert chart.days[-1][0] + charts.NAME / 2 == charts.WIDTH
    assert chart.days[0][0] > charts.LEFT
    assert (chart.days[-1][1], [number for _, number in chart.lines]) == ("3-8", [0, 20, 40])


@pytest.mark.parametrize(("most", "top"), [(0, 2), (2, 2), (3, 4), (5, 10), (11, 20), (1001, 2000)])
def test_the_scale_ends_at_an_even_number(most, top):
    assert charts.nice(most) == top
