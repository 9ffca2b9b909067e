"""The further institutions of a trial or practice: rows that people add and remove, a small form each.

Without a script the buttons post the section, which is drawn again as typed with a row more or less; nothing is saved.
"""

import re
from functools import partial

from django import forms
from django.core.exceptions import ValidationError

from candidates.forms import finding, rare
from candidates.forms.fields import MonthField, PostcodeField, TelephoneField, column_field
from candidates.models import Application
from candidates.rules.institutions import CELLS, MONTHS, MOST, NEEDED, Problem, Row, month, number

ADD, REMOVE = "add_institution", "remove_institution"  # the buttons' names
MOST_SENT = 20  # rows that a page may send, empty ones among them
PLACE = "__n__"  # in the row that the script makes new ones from
KINDS = {"postcode": PostcodeField, "telephone": TelephoneField}  # all others by their column


class InstitutionForm(forms.Form):
    """One row, as saved or as typed; `place` is its number in the names of its fields."""

    def __init__(self, name: str, place: int | str, *, saved: Row | None = None, typed=None, disabled: bool = False):
        saved = saved or {}
        initial = {cell: month(saved, cell) if cell in MONTHS else saved.get(cell, "") for cell in CELLS}
        super().__init__(typed, prefix=f"{name}-{place}", initial=initial)
        self.place = place

        for cell, words in CELLS.items():
            self.fields[cell] = field = _cell(cell, words)
            field.mark = "必填" if cell in NEEDED else "选填"
            field.disabled = disabled
            if told := rare.warning(saved.get(cell, "")):
                field.help_text = told

    @property
    def is_filled(self) -> bool:
        return any(str(self[cell].value() or "").strip() for cell in CELLS)

    def row(self) -> dict[str, str]:
        """Return the row in its stored spelling."""
        values = {cell: self.cleaned_data[cell] for cell in CELLS}
        return {cell: value.isoformat() if cell in MONTHS and value else value or "" for cell, value in values.items()}

    def show(self, cell: str, sentence: str) -> None:
        """Put a sentence beside a cell of a row that was not posted."""
        self.errors[cell] = self.error_class([sentence], renderer=self.renderer)


def _cell(cell: str, words: str) -> forms.Field:
    if cell in MONTHS:
        return MonthField(label=words, required=False)
    column, kind = Application._meta.get_field(f"trial_{cell}"), KINDS.get(cell)
    make = partial(column.formfield, form_class=kind) if kind else partial(column_field, column)
    field = make(label=words, required=False)
    if cell == "address":
        field.widget.attrs["list"] = "places"
    return field


class InstitutionsInput(forms.Widget):
    """Its value: the rows as saved, or a form for each that was posted."""

    template_name = "candidates/widgets/institutions.html"
    use_fieldset = True

    def __init__(self):
        super().__init__()
        self.problems: list[Problem] = []  # of the saved rows
        self.can_find = False  # there is a list to look institutions up in
        self.finder: finding.Finder | None = None  # what was looked up, if it was for one of these

    def value_from_datadict(self, data, files, name):
        places = {int(found[1]) for key in data if (found := re.match(rf"{name}-(\d{{1,2}})-", key))}
        kept = sorted(place for place in places if str(place) != data.get(REMOVE))[:MOST_SENT]
        rows = [InstitutionForm(name, place, typed=data) for place in kept]
        if ADD in data and len(rows) < MOST:
            rows.append(InstitutionForm(name, next(place for place in range(100) if place not in places)))
        return rows

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        disabled = bool(attrs and attrs.get("disabled"))
        rows = [
            one if isinstance(one, InstitutionForm) else InstitutionForm(name, place, saved=one, disabled=disabled)
            for place, one in enumerate(value or [])
        ]
        for place, cell, sentence in self.problems:
            if place < len(rows) and not rows[place].is_bound:
                rows[place].show(cell, sentence)
        numbered = [(number(at), row) for at, row in enumerate(rows)]
        blank = InstitutionForm(name, PLACE)
        if self.can_find:
            for row in (*rows, blank):
                finding.offer(row, f"{row.prefix}-", self.finder)
        context["widget"] |= {"rows": numbered, "most": MOST, "disabled": disabled, "blank": blank}
        return context

    def id_for_label(self, id_):
        return ""  # of several controls none is the labelled one


class InstitutionsField(forms.Field):
    """The rows that say something, in their stored spelling (candidates/rules/institutions.py)."""

    widget = InstitutionsInput

    def clean(self, value):
        shown = [one for one in value or [] if isinstance(one, InstitutionForm)]
        filled = [one for one in shown if one.is_filled]
        wrong = [
            f"第 {number(at)} 个机构的“{CELLS[cell]}”：{sentence}"
            for at, row in enumerate(shown)  # counted as the page shows them, the empty ones too
            if row.is_filled
            for cell, sentences in row.errors.items()
            for sentence in sentences
        ]
        if len(filled) > MOST:
            wrong.append(f"最多可以填写 {MOST + 1} 个机构：请删除多余的机构，其余的向报名点说明。")
        if wrong:
            raise ValidationError(wrong)
        return [row.row() for row in filled]

    def has_changed(self, initial, data):
        return True
