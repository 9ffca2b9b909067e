"""What was filled in, in words: the form's lines for pages that show it and change nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from candidates.applications.form import answers_of
from candidates.models import Application
from candidates.rules import institutions
from candidates.rules.questions import is_asked, is_needed
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


# how the page before completing groups a section: what is in none of them stands in the last, without a title
_INSTITUTION = ("name", "address", "postcode", "registration_number", "legal_representative", "telephone")
_EMPLOYER, _TRIAL = (tuple(f"{kind}_{field}" for field in _INSTITUTION) for kind in ("employer", "trial"))
_GROUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "basic": {"联系方式": ("mobile", "email", "address", "postcode")},
    "work": {
        "工作单位": ("employer_is_medical_institution", *_EMPLOYER, "post"),
        "试用机构": _TRIAL,
        "起止年月": MONTHS,
        "其他机构": ("further_institutions",),
    },
}


@dataclass(frozen=True)
class Group:
    """Lines that are checked together, with one 修改, which leads to the field `first`."""

    title: str
    first: str
    lines: list[Line]


def to_check(application: Application, wrong: Iterable[str]) -> list[tuple[Section, list[Group]]]:
    """Return what is read before completing: what differs or matters, in groups.

    What cannot apply is left out; what was answered with no, or may stay empty and is, shares a line. What stands among
    `wrong` has its line in any case. A section of which nothing is left is not there.
    """
    wrong = set(wrong)
    found = [(section, _groups(application, section, wrong)) for section in SECTIONS.values()]
    return [(section, groups) for section, groups in found if groups]


def _groups(application: Application, section: Section, wrong: set[str]) -> list[Group]:
    named = _GROUPS.get(section.code, {})
    taken = {field for fields in named.values() for field in fields}
    rest = tuple(field for field in section.fields if field not in taken)
    groups = [("", rest), *named.items()]

    found = [Group(title, fields[0], _in_short(application, fields, wrong)) for title, fields in groups if fields]
    return [group for group in found if group.lines]


def _in_short(application: Application, fields: tuple[str, ...], wrong: set[str]) -> list[Line]:
    if fields == _TRIAL and not wrong & set(fields) and _is_at_the_employer(application):
        return [Line(fields[0], "试用机构", "与工作单位相同")]

    answers = answers_of(application)
    lines: list[Line] = []
    noes: list[str] = []
    empty: list[str] = []
    for field in fields:
        said = words(application, field)
        if field in wrong or (said and answers[field] is not False) or (not said and is_needed(field, answers)):
            lines.append(Line(field, label(field), said))
        elif is_asked(field, answers):
            (noes if said else empty).append(field)

    told = ((noes, "选“否”的"), (empty, "没有填写（选填）"))
    return [*lines, *(Line(some[0], title, "、".join(map(label, some))) for some, title in told if some)]


def _is_at_the_employer(application: Application) -> bool:
    pairs = [(getattr(application, a), getattr(application, b)) for a, b in zip(_EMPLOYER, _TRIAL, strict=True)]
    return bool(application.employer_name) and all(one == other for one, other in pairs)


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
