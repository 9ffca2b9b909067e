"""What a category's pictures must show, drawn here: each page of materials has every list of it three times."""

from collections.abc import Iterable
from functools import cache
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString

from materials.specimens.draw import Specimen

register = template.Library()


@register.filter
def shows(documents: Iterable[tuple[str, str]]) -> SafeString:
    """Draw the lines of a list: what has to be there, and what must be legible of it."""
    return SafeString("".join(_line(name, remark) for name, remark in documents))


def _line(name: str, remark: str) -> str:
    legible = f'<span class="soft">：{escape(remark)}</span>' if remark else ""
    return f"<li>{escape(name)}{legible}</li>"


@register.filter
def figures(specimens: Iterable[Specimen]) -> SafeString:
    """Draw specimens with their captions."""
    return SafeString("".join(map(_figure, specimens)))


@cache  # there are 25, and none of them changes
def _figure(specimen: Specimen) -> str:
    image = f'<img src="{static(specimen.static_name)}" alt="{escape(specimen.caption)}的示例图片" loading="lazy">'
    return f"<figure>{image}<figcaption>{escape(specimen.caption)}（示例）</figcaption></figure>"
