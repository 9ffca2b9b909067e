"""报考信息: the exam category, and the units, each list from the one before."""

from django import forms
from django.db.models import Q

from candidates.applications.states import Status
from candidates.forms.fields import ListedField
from candidates.forms.section_form import UNITS, SectionForm
from candidates.models import ExamCategory, Unit
from candidates.rules.levels import DIGITS, LABELS, TOP, above, is_code
from candidates.rules.questions import category_facts


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
        current = Q(pk=self.application.exam_category_id)
        category.queryset = ExamCategory.objects.filter(Q(is_active=True) | current)
        category.empty_label = "请选择"

        parent = None
        for level in UNITS:
            units = self._units(level, parent)
            self.fields[level] = self._unit_field(level, units, parent)
            parent = self._picked(level, units)
            self.initial[level] = parent and parent.code

    def _units(self, level: str, parent: Unit | None):
        """Return the units to choose from, by the same query whether or not anything has been chosen."""
        current = Q(pk=getattr(self.application, f"{level}_id"))
        return Unit.objects.filter(Q(is_active=True) | current, level=level, parent=parent)

    def _unit_field(self, level: str, units, parent: Unit | None):
        was = self.fields[level]
        ready = level == TOP or parent is not None
        before = LABELS.get(above(level), "")

        field = ListedField(
            units.select_related("parent__parent") if level == "point" else units,
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
        field.widget.attrs["data-units"] = level
        return field

    def _picked(self, level: str, units) -> Unit | None:
        """Return the unit chosen at this level: as sent, as picked before, or as saved."""
        if self.chosen is None or self.fields[level].disabled:
            return self.initial[level]
        code = self.chosen.get(level) or self.chosen.get("point", "")[: DIGITS[level]]
        return units.filter(code=code).first() if is_code(code) else None

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
