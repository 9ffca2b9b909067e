"""Telephones that a phone calls when they are tapped: {{ point.telephone|telephone }}, {{ words|called:field }}."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from candidates.rules.sections import TELEPHONES

register = template.Library()
WITH_AREA = r"[(（]?0[0-9]{2,3}[)）]?[ -]?[0-9]{7,8}(?![0-9])"  # what follows a dash is an extension
ANY = r"(?!(?:19|20)[0-9]{2}-[0-9]{1,2}-)\+?[0-9][0-9 ()-]{5,}[0-9]"  # but no date
ONE = re.compile(rf"(?<![0-9-])({WITH_AREA}|{ANY})")
LONGEST = 15  # digits that can be dialled: E.164
OF_A_ROW = re.compile(r"(?<=，电话 )([^，\n]+)")  # as rules/institutions.py, words(), tells it


@register.filter
def telephone(text: str) -> SafeString:
    """Return the text with the numbers in it that can be called as links; all else stays words."""
    return _joined(_link(one) if at % 2 else one for at, one in enumerate(ONE.split(text)))


@register.filter
def called(words: str, field: str) -> str:
    """Return what was filled into this field of the form, its telephones as links."""
    if field in ("mobile", *TELEPHONES):
        return telephone(words)
    if field != "further_institutions":
        return words
    return _joined(telephone(one) if at % 2 else one for at, one in enumerate(OF_A_ROW.split(words)))


def _link(text: str) -> str:
    number = re.sub(r"[^+0-9]", "", text)
    if len(number.lstrip("+")) > LONGEST:
        return text
    return format_html('<a class="tel" href="tel:{}">{}</a>', number, text)


def _joined(parts) -> SafeString:
    return format_html_join("", "{}", ((one,) for one in parts))
