"""Which questions of the form can apply, and which must be answered, by the other answers.

What an exam category decides is read from the category that was chosen (CATEGORY_FACTS): the form sends its key alone.
"""

from collections.abc import Callable, Mapping
from typing import Any

from candidates.rules.profile import EDUCATIONS, CategoryRule
from candidates.rules.sections import FIELDS, SECTIONS, Answers, Section

# fact of the chosen category -> how it is told; on the page each option of the list carries them (data-<fact>)
CATEGORY_FACTS: Mapping[str, Callable[[CategoryRule], str]] = {
    "exam_level": lambda category: category.level,
    "exam_is_clinical": lambda category: _sent(category.is_clinical),
}


def category_facts(category: CategoryRule | None) -> dict[str, str]:
    """Return what questions look at of the chosen category: fact -> answer, "" each where none is chosen."""
    return {fact: told(category) if category else "" for fact, told in CATEGORY_FACTS.items()}


# One of these must hold, each: field, or fact of the chosen category -> answers as the form sends them ("": not
# answered). The page's script (form_questions.js) reads the same table.
Asked = tuple[Mapping[str, tuple[str, ...]], ...]
_LICENSED: Asked = ({"holds_assistant_licence": ("true",)},)
_IN_TRIAL: Asked = ({"holds_assistant_licence": ("", "false")},)
_SCHOOLED: Asked = ({"route": ("", "degree")}, {"education": tuple(EDUCATIONS)})
_GRADUATED: Asked = (
    {"route": ("", "degree"), "education": ("", "bachelor", "master", "doctor")},
    {"education": ("bachelor", "master", "doctor")},
)
ASKED: Mapping[str, Asked] = {
    "supplementary_test": ({"exam_is_clinical": ("", "true")},),
    "holds_assistant_licence": ({"exam_level": ("", "physician")},),
    "serving_military": ({"residency": ("", "mainland")},),
    **dict.fromkeys(("full_time", "school", "major", "graduated_on", "diploma_number"), _SCHOOLED),
    "overseas_education": _SCHOOLED,
    **dict.fromkeys(("academic_degree", "degree_number"), _GRADUATED),
    "fresh_graduate": ({"route": ("", "degree"), "holds_assistant_licence": ("", "false")},),
    "graduating_postgraduate": ({"route": ("", "degree"), "education": ("", "master", "doctor")},),
    "employer_registration_number": ({"employer_is_medical_institution": ("", "true")}, *_LICENSED),
    **dict.fromkeys([name for name in FIELDS if name.startswith("trial_")], _IN_TRIAL),
    **dict.fromkeys([name for name in SECTIONS["licence"].fields if name != "holds_assistant_licence"], _LICENSED),
}


def is_asked(field: str, answers: Answers) -> bool:
    """Tell whether this question can apply, by the other answers: stored, or as the form sends them."""
    asked = ASKED.get(field, ())
    return not asked or any(all(_answer(one, answers) in right for one, right in way.items()) for way in asked)


def is_left_out(field: str, answers: Answers) -> bool:
    """Tell whether a page without a script leaves the question out: what it depends on is answered, or left out too."""
    others = {one for way in ASKED.get(field, ()) for one in way}
    return not is_asked(field, answers) and any(_answer(one, answers) or is_left_out(one, answers) for one in others)


def is_idle(section: Section, answers: Answers) -> bool:
    """Tell whether nothing of this section is asked: there is nothing to fill in."""
    return not any(is_asked(field, answers) for field in section.fields)


def says(value: Any) -> bool:
    """Tell whether an answer claims something: one that cannot apply any more is then told, not hidden."""
    return _sent(value) not in ("", "false", "none")


def moot(field: str) -> str:
    """Return the sentence beside an answer that claims something and cannot apply by the other answers."""
    return _MOOT.get(field, "按其他几项的回答，这一项不适用：请选“否”，或更正其他几项。")


_MOOT = {
    "supplementary_test": "所选的报考类别不能加试：请选“不加试”，或改选临床类别（110、210）。",
    "holds_assistant_licence": "所选的报考类别是执业助理医师，这一项不适用：请选“否”，或改选执业医师的类别。",
}


def _answer(name: str, answers: Answers) -> str:
    if name in CATEGORY_FACTS:
        category = answers["exam_category"]
        return category_facts(category.rule if category else None)[name]
    return _sent(answers[name])


def _sent(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value or "")


def is_needed(field: str, answers: Answers) -> bool:
    """Tell whether the form cannot be completed without this field, by the other answers."""
    needed = FIELDS[field].needed
    return needed is not None and needed(answers) and is_asked(field, answers)
