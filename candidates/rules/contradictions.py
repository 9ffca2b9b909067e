"""What stands in the way of completing the form: what is missing, and what contradicts what."""

from datetime import date

from candidates.rules import institutions
from candidates.rules.id_number import DOCUMENT_TYPES, residency_of
from candidates.rules.levels import DOWNWARDS
from candidates.rules.profile import conflicts, profile_of
from candidates.rules.questions import is_needed
from candidates.rules.sections import FIELDS, Answers, label


def problems(answers: Answers, *, session_year: int, today: date, missing: bool = True) -> dict[str, str]:
    """Return what stands in the way of completing: field -> sentence, in the form's order; empty where nothing does.

    `missing=False` leaves out what has not been filled in yet: what is left contradicts something.
    """
    found: dict[str, str] = {}
    if missing:
        found = {
            field: FIELDS[field].missing
            for field in FIELDS
            if is_needed(field, answers) and answers[field] in (None, "")
        }
    told = (
        _of_identity(answers, today) | _of_choices(answers) | _of_dates(answers, today)
        | _of_institutions(answers, today, missing=missing) | _of_profile(answers, session_year, today)
    )  # fmt: skip
    for field, sentence in told.items():
        found.setdefault(field, sentence)

    order = list(FIELDS)
    return dict(sorted(found.items(), key=lambda one: order.index(one[0])))


def _of_profile(answers: Answers, session_year: int, today: date) -> dict[str, str]:
    category = answers["exam_category"].rule if answers["exam_category"] else None
    profile = profile_of({**answers, "level": category.level if category else ""})
    if profile is None:
        return {}

    found = conflicts(profile, session_year=session_year, today=today, category=category)
    if "level" in found:
        found["exam_category"] = found.pop("level")
    return found


def _of_identity(answers: Answers, today: date) -> dict[str, str]:
    found = {}
    expected = residency_of(answers["document_type"], answers["document_number"])
    if expected and answers["residency"] and answers["residency"] != expected:
        kind = DOCUMENT_TYPES[answers["document_type"]].label
        found["residency"] = f"考生身份与证件（{kind}）不一致：请按证件选择，或更正证件。"

    if answers["valid_until"] and answers["valid_until"] < today:
        found["valid_until"] = expired(answers["document_type"])
    if answers["birth_date"] and answers["birth_date"] >= today:
        found["birth_date"] = "出生日期不能晚于今天：请核对。"
    return found


def expired(document_type: str) -> str:
    """Return the sentence for an identity document past its date."""
    if document_type == "resident_id":
        return "您的居民身份证已过有效期，可用临时身份证报名：办好后请把证件类型改为“临时居民身份证”，号码不变。"
    return "证件已过有效期：请更换有效证件后填写。"


def _of_choices(answers: Answers) -> dict[str, str]:
    """Tell what was chosen and has been closed since."""
    found = {}
    if answers["exam_category"] and not answers["exam_category"].is_active:
        found["exam_category"] = "这个报考类别本年度不再接受报名：请改选其他类别。"
    for unit in DOWNWARDS:
        chosen = answers[unit]
        if chosen and not chosen.is_active:
            found["point"] = f"{chosen.name}已不再接受报名：请改选其他报名点。"
    return found


def _of_dates(answers: Answers, today: date) -> dict[str, str]:
    may_lie_ahead = bool(answers["fresh_graduate"])
    wrong = institutions.period_problem(
        answers["period_from"], answers["period_to"], today, may_lie_ahead=may_lie_ahead
    )
    found = dict([wrong] if wrong else [])

    for field in ("licence_date", "first_registered_on"):
        if answers[field] and answers[field] > today:
            found[field] = f"“{label(field)}”不能晚于今天：请核对。"
    return found


def of_each_institution(answers: Answers, today: date, *, missing: bool) -> list[institutions.Problem]:
    """Return what is wrong with the further institutions, cell by cell."""
    return institutions.problems(
        answers["further_institutions"] or (),
        today=today,
        may_lie_ahead=bool(answers["fresh_graduate"]),
        missing=missing,
    )


def _of_institutions(answers: Answers, today: date, *, missing: bool) -> dict[str, str]:
    found = institutions.sentence(of_each_institution(answers, today, missing=missing))
    return {"further_institutions": found} if found else {}
