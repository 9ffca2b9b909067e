"""Fields of the form beside pictures, drawn here: a case has eighty of them, and as many again on its tiles."""

from collections.abc import Iterable
from html import escape

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from candidates.templatetags.telephones import called
from review.cases.case import Fact

register = template.Library()


@register.filter
def drawn(facts: Iterable[Fact]) -> SafeString:
    """Draw them as pairs of a list; what was there in the round before stands behind, where it has changed."""
    return SafeString("".join(_pair(one) for one in facts))


@register.filter
def in_brief(facts: Iterable[Fact]) -> SafeString:
    """Draw them as a tile has them: label and value, one beside the other."""
    told = (f'<span><span class="soft">{escape(one.label)}</span> {escape(one.value)}</span>' for one in facts)
    return SafeString("".join(told))


def _pair(fact: Fact) -> str:
    was = f' <span class="soft small">（原：{_lines(fact.was)}）</span>' if fact.was else ""
    mark = ' class="changed"' if was else ""
    value = _lines(called(fact.value, fact.field))
    return f"<div{mark}><dt>{escape(fact.label)}</dt><dd>{value}{was}</dd></div>"


def _lines(words: str) -> str:
    """Do what linebreaksbr does; few of a form's words have a second line, and it was half of drawing them."""
    return linebreaksbr(words) if "\n" in words or "\r" in words else conditional_escape(words)
