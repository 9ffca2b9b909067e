"""Days as deadlines: a deadline is 24:00 (Asia/Shanghai) of the day that people write down."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from candidates.models.session import SHANGHAI


class DayField(forms.DateField):
    """A day between 2000 and 2999, written as an ISO date."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": "请填写年、月、日，例如 2027-03-08。"},
            validators=[
                MinValueValidator(date(2000, 1, 1), "请填写 2000 年以后的日期。"),
                MaxValueValidator(date(2999, 1, 1), "请填写 2999 年以前的日期。"),
            ],
            **kwargs,
        )


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def end_of(day: date) -> datetime:
    """24:00 of that day: the first moment that is too late."""
    return start_of(day + timedelta(days=1))


def last_day(until: datetime) -> date:
    """The day whose 24:00 this deadline is, or the day it lies in."""
    return (until.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()
