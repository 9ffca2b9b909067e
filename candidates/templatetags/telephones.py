"""Telephones that a phone calls when they are tapped: {{ point.telephone|telephone }}."""

import re

from django import template
from django.utils.html import format_html

register = template.Library()
ONE = re.compile(r"\+?[0-9][0-9 ()\-]{5,}[0-9]")


@register.filter
def telephone(text: str) -> str:
    """Return the text, a link where it begins with a number that can be called; what follows it stays words."""
    found = ONE.match(text.strip())
    if not found:
        return text
    number = re.sub(r"[^+0-9]", "", found[0])
    return format_html('<a class="tel" href="tel:{}">{}</a>{}', number, found[0], text.strip()[found.end() :])
