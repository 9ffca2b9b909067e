"""Days as deadlines: a deadline is 24:00 (Asia/Shanghai) of the day that people write down."""

from datetime import date, datetime, time, timedelta

from candidates.forms.fields import DayField
from candidates.models.session import SHANGHAI


class OptionalDayField(DayField):
    """A day that may be left out: a deadline, or the end of a span."""

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)
        self.error_messages["invalid"] = "请填写年、月、日，例如 2027-03-08。"


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def end_of(day: date) -> datetime:
    """Return 24:00 of that day: the first moment that is too late."""
    return start_of(day + timedelta(days=1))


def last_day(until: datetime) -> date:
    """Return the day whose 24:00 this deadline is, or the day it lies in."""
    return (until.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()
