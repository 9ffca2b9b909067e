"""A record as people read it: {{ record|event }} gives who, what and why."""

from django import template

from review.cases.case import event_of

register = template.Library()
register.filter("event", event_of)
