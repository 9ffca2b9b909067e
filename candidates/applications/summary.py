"""What was filled in, in words: the form's lines for pages that show it and change nothing."""

from dataclasses import dataclass
from datetime import date

from candidates.models import Application
from candidates.rules import institutions
from candidates.rules.sections import MONTHS, SECTIONS, Section, label

_CHOICES = {column.name: dict(column.flatchoices) for column in Application._meta.concrete_fields}


@dataclass(frozen=True)
class Line:
    field: str
    label: str
    words: str  # empty where nothing was filled in; a line an institution


def lines_of(application: Application, section: Section) -> list[Line]:
    """Return one line a field, in the form's order, unmasked: for the candidate's own pages."""
    return [Line(field, label(field), words(application, field)) for field in section.fields]


def of(application: Application) -> list[tuple[Section, list[Line]]]:
    return [(section, lines_of(application, section)) for section in SECTIONS.values()]


def words(application: Application, field: str) -> str:
    value = getattr(application, field)
    if field == "valid_until" and value is None:
        return "长期有效"
    if field == "further_institutions":
        return institutions.words(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value:%Y-%m}" if field in MONTHS else f"{value:%Y-%m-%d}"
    return "" if value is None else str(_CHOICES[field].get(value, value))
