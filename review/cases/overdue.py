"""What has waited too long at a level: operators say how many working days it has (`ReviewTerm`), and which days are.

Monday to Friday, but for what `Holiday` says: 放假, and the weekends that are worked instead (调休).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from candidates.applications.states import LEVEL_OF_STATUS
from candidates.models.session import SHANGHAI
from candidates.prepared import Prepared
from review.models import Holiday, ReviewTerm

DAY = timedelta(days=1)
ENDS_TODAY = "今天到期"
LOOKED_BACK = 200 * DAY  # the longest term with all holidays of a year is less

_TERMS = Prepared(lambda: ReviewTerm.objects.filter(level="").order_by())  # one a level, asked by every list

Calendar = Mapping[date, bool]  # whether a day is worked, where that is not as every week


@dataclass(frozen=True)
class Cutoffs:
    """What came to the level before these moments is late, or has its last working day now."""

    late: datetime
    last_day: datetime

    def word(self, since: datetime) -> str:
        """Say so of a case that has waited since then; empty where it has time."""
        if since < self.late:
            return "已逾期"
        return ENDS_TODAY if since < self.last_day else ""


def cutoffs(status: str, now: datetime) -> Cutoffs | None:
    """Return them for the level that the status waits for; None where it waits for none, or the level has no term."""
    term = _TERMS.one(LEVEL_OF_STATUS.get(status, ""))
    if term is None:
        return None
    today = now.astimezone(SHANGHAI).date()
    days = calendar(today)
    late, last_day = (came_before(last, term.days, days) for last in (today - DAY, today))
    return Cutoffs(late, last_day)


def calendar(until: date) -> Calendar:
    """Return what is told of the days before this one, and of it."""
    told = Holiday.objects.filter(last_day__gt=until - LOOKED_BACK, first_day__lte=until)
    return {
        one.first_day + number * DAY: one.is_worked
        for one in told
        for number in range((one.last_day - one.first_day).days + 1)
    }


def came_before(last: date, days: int, calendar: Calendar) -> datetime:
    """Return the moment before which came what has had so many working days by the end of `last`.

    The day on which it came is not counted.
    """
    day = last
    while True:
        days -= calendar.get(day, day.weekday() < 5)
        if not days:
            return datetime.combine(day, time(), SHANGHAI)
        day -= DAY
