"""Dates as people read them: {{ application.deadline|moment }} gives 2027 年 3 月 8 日 24:00."""

from django import template

from candidates.applications import workflow

register = template.Library()
register.filter("moment", workflow.moment)
register.filter("beginning", workflow.beginning)
