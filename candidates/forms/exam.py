"""报考信息: the exam category, and the units, each list from the one before."""

from functools import partial

from django import forms
from django.db.models import Q, QuerySet

from candidates.applications.states import Status
from candidates.forms.fields import ListedField
from candidates.forms.section_form import UNITS, SectionForm
from candidates.models import ExamCategory, Unit
from candidates.prepared import Prepared
from candidates.rules.levels import DIGITS, FIRST, LABELS, TOP, above, is_code
from candidates.rules.questions import category_facts


def _categories(current: int) -> QuerySet[ExamCategory]:
    """Return those to choose from: `current` is the key of the one chosen before, which may not be active any more."""
    return ExamCategory.objects.filter(Q(is_active=True) | Q(pk=current))


def _units(current: int, level: str, parent: int | None) -> QuerySet[Unit]:
    """Return the units of a level to choose from, below the one with this key; by one query whatever was chosen."""
    units = Unit.objects.filter(Q(is_active=True) | Q(pk=current), level=level, parent=parent)
    return units.select_related("parent__parent") if level == FIRST else units


# the form is drawn far more often than one of its lists is chosen from; nobody's key is 0
_CATEGORIES = Prepared(lambda: _categories(0))
_AT_THE_TOP = Prepared(lambda: _units(0, TOP, None))
_BELOW = {level: Prepared(partial(_units, 0, level, 0)) for level in UNITS if level != TOP}


class CategorySelect(forms.Select):
    """Each option tells the page's script what the questions look at (data-<fact>)."""

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex=subindex, attrs=attrs)
        category = value.instance if value else None
        facts = category_facts(category.rule if category else None)
        option["attrs"] |= {f"data-{fact}": answer for fact, answer in facts.items()}
        return option


class ExamForm(SectionForm):
    """Region, site and point: each list comes from the one before."""

    code = "exam"

    def prepare(self):
        category = self.fields["exam_category"]
        category.widget = CategorySelect()
        current = self.application.exam_category_id or 0
        category.queryset, category.rows = _categories(current), partial(_CATEGORIES, current)
        category.empty_label = "请选择"

        parent = None
        for level in UNITS:
            self.fields[level] = self._unit_field(level, parent)
            parent = self._picked(level)
            self.initial[level] = parent and parent.code

    def _unit_field(self, level: str, parent: Unit | None):
        was = self.fields[level]
        ready = level == TOP or parent is not None
        before = LABELS.get(above(level), "")
        current = getattr(self.application, f"{level}_id") or 0
        over = parent.pk if parent else 0  # no unit is below that: until one is chosen the list is empty

        field = ListedField(
            _units(current, level, None if level == TOP else over),
            to_field_name="code",
            label=was.label,
            required=level == "point" and self.application.status != Status.DRAFT,
            disabled=was.disabled,
            empty_label=f"请选择{was.label}" if ready else f"请先选择{before}",
            error_messages={
                "required": "请选择报名点。",
                "invalid_choice": f"请从列表中重新选择{was.label}。",
            },
        )

        field.mark = was.mark
        field.rows = (
            partial(_AT_THE_TOP, current, level) if level == TOP else partial(_BELOW[level], current, level, over)
        )
        field.widget.attrs["data-units"] = level
        return field

    def _picked(self, level: str) -> Unit | None:
        """Return the unit chosen at this level: as sent, as picked before, or as saved."""
        if self.chosen is None or self.fields[level].disabled:
            return self.initial[level]
        code = self.chosen.get(level) or self.chosen.get("point", "")[: DIGITS[level]]
        return self.fields[level].queryset.filter(code=code).first() if is_code(code) else None

    def typed(self):
        """Return them with the category itself: what the questions look at."""
        typed = super().typed()
        chosen = str(typed["exam_category"] or "")
        category = self.application.exam_category
        if chosen != str(category.pk if category else ""):
            is_key = chosen.isascii() and chosen.isdecimal() and len(chosen) < 19
            category = self.fields["exam_category"].queryset.filter(pk=chosen).first() if is_key else None
        return {**typed, "exam_category": category}

    def values(self):
        """Return the point alone: its site and region follow from it, together."""
        values = super().values()
        return {name: values[name] for name in ("exam_category", "supplementary_test", "point")}

    @property
    def picked(self) -> dict[str, str]:
        """Return the codes of what was chosen above a point that was not."""
        if self.cleaned_data["point"]:
            return {}
        return {level: unit.code for level in ("region", "site") if (unit := self.cleaned_data[level])}
