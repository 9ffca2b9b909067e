"""What a list is chosen by, drawn here: by a template its options were a twelfth of the queue's CPU."""

from collections.abc import Collection, Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

register = template.Library()
Choices = Iterable[tuple[str, str]]


@register.filter
def options(choices: Choices, chosen: str) -> SafeString:
    """Draw the options of a list of which one is chosen."""
    return SafeString(
        "".join(
            f'<option value="{escape(code)}"{" selected" if code == chosen else ""}>{escape(name)}</option>'
            for code, name in choices
        )
    )


@register.filter
def flags(found: Iterable[tuple[str, str, bool]]) -> SafeString:
    """Draw ticks of a list: the parameter's name, what it is called, whether it is asked for."""
    return SafeString(
        "\n".join(
            f'<div class="field"><label class="field-tick"><input type="checkbox" name="{name}"'
            f"{' checked' if is_on else ''}><span>{escape(label)}</span></label></div>"
            for name, label, is_on in found
        )
    )


@register.filter
def ticks(choices: Choices, chosen: Collection[str]) -> SafeString:
    """Draw the columns to show, those that are shown ticked."""
    return SafeString(
        "".join(
            '<label class="field-tick">'
            f'<input type="checkbox" name="show" value="{escape(code)}"{" checked" if code in chosen else ""}>'
            f"<span>{escape(name)}</span></label>"
            for code, name in choices
        )
    )
