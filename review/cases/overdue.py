"""What has waited too long at a level: operators say how many working days it has (`ReviewTerm`)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from candidates.applications.states import LEVEL_OF_STATUS
from candidates.models.session import SHANGHAI
from review.models import ReviewTerm

DAY = timedelta(days=1)
ENDS_TODAY = "今天到期"


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
    term = ReviewTerm.objects.filter(level=LEVEL_OF_STATUS.get(status, "")).first()
    if term is None:
        return None
    today = now.astimezone(SHANGHAI).date()
    return Cutoffs(late=came_before(today - DAY, term.days), last_day=came_before(today, term.days))


def came_before(last: date, days: int) -> datetime:
    """Return the moment before which came what has had so many working days (Monday to Friday) by the end of `last`.

    The day on which it came is not counted.
    """
    day = last
    while True:
        days -= is_worked(day)
        if not days:
            return datetime.combine(day, time(), SHANGHAI)
        day -= DAY


def is_worked(day: date) -> bool:
    return day.weekday() < 5
