"""Amounts as people read them: {{ order.amount|yuan }} gives 260.00."""

from django import template

from review.payments import money

register = template.Library()
register.filter("yuan", money.yuan)
