"""Dates as people read them: {{ application.deadline|moment }} gives 2027 年 3 月 8 日 24:00."""

from datetime import date

from django import template
from django.utils import timezone

from candidates.applications import workflow
from candidates.rules import moments

register = template.Library()
register.filter("moment", workflow.moment)
register.filter("beginning", workflow.beginning)


@register.filter
def day(value: date) -> str:
    """Return 3 月 8 日, with its year where that is not this one: for the days of a list to choose from."""
    return moments.near_day(value, timezone.localdate())
