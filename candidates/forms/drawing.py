"""How a form's fields and their controls are drawn: those that it has fifty of here, others by Django's templates.

Of the application form's time two thirds went into them: three templates for an input, two more for each option of a
list, four for each choice, and some twenty questions of the template engine for what stands around each.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

WIDGETS = "django/forms/widgets/"
INPUTS = ("text", "email", "date", "number", "password", "hidden", "checkbox", "file", "input")
Widget = Mapping[str, Any]  # what a widget gives its template: name, value, attrs, for choices optgroups


class Renderer(TemplatesSetting):
    """Django's, which draws by the project's templates."""

    def render(self, template_name, context, request=None):
        if template_name == self.field_template_name:
            return draw_field(context["field"])
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def draw_field(field: BoundField) -> SafeString:
    """Draw a field with its label, its hint, what is wrong with it and its control.

    What a form may set on it: `mark` (instead of 必填 / 选填), `layout` (a class), `finder`, and what SectionForm tells
    of a question that may not apply: `asked`, `is_left_out`, `moot`, `is_moot`.
    """
    own = field.field
    classes = " ".join(filter(None, ("field", "field-wrong" if field.errors else "", getattr(own, "layout", ""))))
    asked = f' data-asked="{escape(own.asked)}"' if getattr(own, "asked", "") else ""
    hidden = " hidden" if getattr(own, "is_left_out", False) else ""
    finder = getattr(own, "finder", None)
    found = render_to_string("candidates/parts/institution_finder.html", {"finder": finder}) if finder else ""
    inside = _tick(field) if field.widget_type == "checkbox" else _labelled(field, found)
    return SafeString(f'<div class="{classes}" id="field_{field.html_name}"{asked}{hidden}>\n{inside}\n</div>')


def _labelled(field: BoundField, found: str) -> str:
    mark = getattr(field.field, "mark", "") or ("必填" if field.field.required else "选填")
    label = f'{_text(field.label)}<span class="field-mark">{_text(mark)}</span>'
    inside = f"{_hint(field)}{_moot(field)}{_wrong(field)}{field}{found}"
    if not field.use_fieldset:
        return f'<label class="field-label" for="{field.id_for_label}">{label}</label>\n{inside}'
    described = f' aria-describedby="{field.aria_describedby}"' if field.aria_describedby else ""
    return f"<fieldset{described}><legend>{label}</legend>\n{inside}</fieldset>"


def _tick(field: BoundField) -> str:
    mark = getattr(field.field, "mark", "") or ("必填" if field.field.required else "")
    marked = f'<span class="field-mark">{_text(mark)}</span>' if mark else ""
    label = f"{field}<span>{_text(field.label)}{marked}</span>"
    named = f'<label class="field-tick" for="{field.id_for_label}">{label}</label>'
    return f"{_moot(field)}{_wrong(field)}{named}\n{_hint(field)}"


def _hint(field: BoundField) -> str:
    """A field's hint may hold HTML of ours, as in Django's own templates."""
    return f'<div class="field-hint" id="{field.auto_id}_helptext">{field.help_text}</div>\n' if field.help_text else ""


def _moot(field: BoundField) -> str:
    moot = getattr(field.field, "moot", "")
    hidden = "" if getattr(field.field, "is_moot", False) else " hidden"
    return f'<div class="field-moot" data-moot{hidden}>{_text(moot)}</div>\n' if moot else ""


def _wrong(field: BoundField) -> str:
    icon = '<span class="icon icon-problem" aria-hidden="true"></span>'
    return f'<div class="field-error">{icon}{field.errors}</div>\n' if field.errors else ""


def _text(value: Any) -> str:
    """Escape as Django's conditional_escape does, on a shorter way: a form asks for it a thousand times."""
    if type(value) is str:
        return escape(value)
    if isinstance(value, Promise):
        value = str(value)
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def attributes(attrs: Mapping[str, Any]) -> str:
    """Write attributes as HTML has them, each with a space before it: True is a name alone, False nothing."""
    given = ((_text(name), value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_text(value)}"' for name, value in given)


def draw_input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    name = _text(widget["name"])
    return SafeString(f'<input type="{widget["type"]}" name="{name}"{value}{attributes(widget["attrs"])}>')


def draw_textarea(widget: Widget) -> SafeString:
    value = _text(widget["value"]) if widget["value"] else ""
    name = _text(widget["name"])
    return SafeString(f'<textarea name="{name}"{attributes(widget["attrs"])}>\n{value}</textarea>')


def draw_select(widget: Widget) -> SafeString:
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return SafeString(f'<select name="{_text(widget["name"])}"{attributes(widget["attrs"])}>{groups}\n</select>')


def _group(name: str | None, options: list[Widget]) -> str:
    drawn = "".join(
        f'\n<option value="{_text(one["value"])}"{attributes(one["attrs"])}>{_text(one["label"])}</option>'
        for one in options
    )
    return f'\n<optgroup label="{_text(name)}">{drawn}\n</optgroup>' if name else drawn


def draw_radios(widget: Widget) -> SafeString:
    attrs = widget["attrs"]
    own = attributes({name: attrs[name] for name in ("id", "class") if attrs.get(name)})
    drawn = "".join(_choice(one) for _, options, _ in widget["optgroups"] for one in options)
    return SafeString(f"<div{own}>{drawn}\n</div>")


def _choice(option: Widget) -> str:
    to = option["attrs"].get("id")
    named = f' for="{_text(to)}"' if to else ""
    return f"<div>\n<label{named}>{draw_input(option)} {_text(option['label'])}</label></div>"


DRAWN: dict[str, Callable[[Widget], SafeString]] = {
    **{f"{WIDGETS}{kind}.html": draw_input for kind in INPUTS},
    f"{WIDGETS}textarea.html": draw_textarea,
    f"{WIDGETS}select.html": draw_select,
    f"{WIDGETS}radio.html": draw_radios,
}
