"""How the controls of a form are drawn: those that a form has fifty of here, all others by Django's templates.

Of the application form's time half went into them: three templates for an input, two more for each option of a list,
four for each choice. What is drawn is the same, but for white space.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

WIDGETS = "django/forms/widgets/"
INPUTS = ("text", "email", "date", "number", "password", "hidden", "checkbox", "file", "input")
Widget = Mapping[str, Any]  # what a widget gives its template: name, value, attrs, for choices optgroups


class Renderer(TemplatesSetting):
    """Django's, which draws by the project's templates."""

    def render(self, template_name, context, request=None):
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def attributes(attrs: Mapping[str, Any]) -> str:
    """Write attributes as HTML has them, each with a space before it: True is a name alone, False nothing."""
    given = ((conditional_escape(name), value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{conditional_escape(value)}"' for name, value in given)


def draw_input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    name = conditional_escape(widget["name"])
    return SafeString(f'<input type="{widget["type"]}" name="{name}"{value}{attributes(widget["attrs"])}>')


def draw_textarea(widget: Widget) -> SafeString:
    value = conditional_escape(widget["value"]) if widget["value"] else ""
    name = conditional_escape(widget["name"])
    return SafeString(f'<textarea name="{name}"{attributes(widget["attrs"])}>\n{value}</textarea>')


def draw_select(widget: Widget) -> SafeString:
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return SafeString(
        f'<select name="{conditional_escape(widget["name"])}"{attributes(widget["attrs"])}>{groups}\n</select>'
    )


def _group(name: str | None, options: list[Widget]) -> str:
    drawn = "".join(
        f'\n<option value="{conditional_escape(one["value"])}"{attributes(one["attrs"])}>'
        f"{conditional_escape(one['label'])}</option>"
        for one in options
    )
    return f'\n<optgroup label="{conditional_escape(name)}">{drawn}\n</optgroup>' if name else drawn


def draw_radios(widget: Widget) -> SafeString:
    attrs = widget["attrs"]
    own = attributes({name: attrs[name] for name in ("id", "class") if attrs.get(name)})
    drawn = "".join(_choice(one) for _, options, _ in widget["optgroups"] for one in options)
    return SafeString(f"<div{own}>{drawn}\n</div>")


def _choice(option: Widget) -> str:
    to = option["attrs"].get("id")
    named = f' for="{conditional_escape(to)}"' if to else ""
    return f"<div>\n<label{named}>{draw_input(option)} {conditional_escape(option['label'])}</label></div>"


DRAWN: dict[str, Callable[[Widget], SafeString]] = {
    **{f"{WIDGETS}{kind}.html": draw_input for kind in INPUTS},
    f"{WIDGETS}textarea.html": draw_textarea,
    f"{WIDGETS}select.html": draw_select,
    f"{WIDGETS}radio.html": draw_radios,
}
