"""The profile: what every rule about materials looks at, and what cannot be true together in it.

Source: Attachments 2 and 3 of the examination authority's guide.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

EXAM_LEVELS = {"physician": "执业医师", "assistant": "执业助理医师"}
ROUTES = {"degree": "具有规定学历", "apprentice": "师承", "expertise": "确有专长"}
EDUCATIONS = {"secondary": "中专", "associate": "大专", "bachelor": "本科", "master": "硕士", "doctor": "博士"}
RESIDENCIES = {"mainland": "大陆", "hongkong": "香港", "macao": "澳门", "taiwan": "台湾", "foreign": "外籍"}
SUPPLEMENTARY_TESTS = {"none": "不加试", "prehospital": "院前急救", "paediatrics": "儿科"}

CLINICAL_CATEGORIES = frozenset({"110", "210"})

_EDUCATION_RANK = {code: rank for rank, code in enumerate(EDUCATIONS)}
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Question:
    """What is asked of anybody about one fact of a profile, and how an answer is read."""

    label: str
    kind: str  # choice, flag or day
    choices: Mapping[str, str] = field(default_factory=dict)  # code -> what people read
    required: bool = False
    empty: Any = None  # what the profile says where nothing was answered
    none: str = ""  # how "nothing" is offered among the choices
    hint: str = ""


def _choice(
    label: str, choices: Mapping[str, str], *, required: bool = False, empty: str | None = "", none: str = ""
) -> dict[str, Question]:
    return {"question": Question(label, "choice", choices, required=required, empty=empty, none=none)}


def _flag(label: str, hint: str = "") -> dict[str, Question]:
    return {"question": Question(label, "flag", empty=False, hint=hint)}


def _day(label: str) -> dict[str, Question]:
    return {"question": Question(label, "day")}


@dataclass(frozen=True)
class Profile:
    """What the rules look at, as the candidate states it; whether it holds together is told by conflicts().

    THE list of these facts: the questions to anybody, the reading of their answers, what an upload reads of an
    application and the demo's answers follow from it. A new one is also a row of sections.SECTIONS (its place in the
    form), a column of Application, and a rule that looks at it.
    """

    level: str = field(metadata=_choice("报考级别", EXAM_LEVELS, required=True))
    route: str = field(metadata=_choice("报考途径", ROUTES, required=True))
    education: str | None = field(
        metadata=_choice("最高学历", EDUCATIONS, empty=None, none="没有学历（师承、确有专长）")
    )
    full_time: bool = field(metadata=_flag("最高学历为全日制"))
    graduated_on: date | None = field(metadata=_day("毕业日期"))
    overseas_education: bool = field(metadata=_flag("非大陆学历", "在大陆以外取得的学历。"))
    fresh_graduate: bool = field(metadata=_flag("应届医学专业毕业生", "本年度或上一年度毕业，试用期将满一年。"))
    graduating_postgraduate: bool = field(metadata=_flag("当年毕业研究生", "报名时尚未毕业，或刚刚毕业的硕士、博士。"))
    residency: str = field(metadata=_choice("考生身份", RESIDENCIES, required=True))
    serving_military: bool = field(metadata=_flag("军队现役"))
    employer_is_medical_institution: bool = field(metadata=_flag("工作单位是医疗机构"))
    holds_assistant_licence: bool = field(
        metadata=_flag("以执业助理医师身份报考执业医师", "已取得执业助理医师资格并注册。")
    )
    registration_changed: bool = field(metadata=_flag("执业注册有变更，现注册时间不满足报考年限"))
    supplementary_test: str = field(metadata=_choice("短线医学专业加试", SUPPLEMENTARY_TESTS, empty="none"))

    def education_at_least(self, code: str) -> bool:
        """Tell whether an education is given and is `code` or higher."""
        return self.education is not None and _EDUCATION_RANK[self.education] >= _EDUCATION_RANK[code]

    @property
    def has_online_record(self) -> bool:
        """Tell whether 教育部学历证书电子注册备案表 exists: 大专 or higher, of 2002 or later, not overseas."""
        graduated = self.graduated_on is not None and self.graduated_on.year >= 2002
        return self.education_at_least("associate") and graduated and not self.overseas_education


QUESTIONS: dict[str, Question] = {one.name: one.metadata["question"] for one in fields(Profile)}
LABELS = {name: question.label for name, question in QUESTIONS.items()}
FLAGS = tuple(name for name, question in QUESTIONS.items() if question.kind == "flag")
STATED = tuple(name for name in QUESTIONS if name != "level")  # on the form, where the exam category fixes the level


def profile_of(answers: Mapping[str, Any]) -> Profile | None:
    """Return the profile that these answers give: field -> value, empty or left out where nothing was answered.

    None while what every rule looks at first, level and route, is not known.
    """
    if not answers.get("level") or not answers.get("route"):
        return None
    return Profile(**{name: answers.get(name) or question.empty for name, question in QUESTIONS.items()})


@dataclass(frozen=True)
class CategoryRule:
    """An exam category's data as the rules need it: it fixes the level and the routes."""

    code: str
    level: str
    routes: frozenset[str]
    name: str

    @property
    def is_clinical(self) -> bool:
        return self.code in CLINICAL_CATEGORIES


@dataclass(frozen=True)
class _Case:
    """A profile with what its rules are judged against."""

    profile: Profile
    session_year: int
    today: date
    category: CategoryRule | None

    def graduated_in(self, *years: int) -> bool:
        """Tell whether the date fits; an empty one contradicts no year: that it is missing is told beside it."""
        graduated_on = self.profile.graduated_on
        return graduated_on is None or graduated_on.year in years


def _licence_missing(case: _Case) -> bool:
    profile = case.profile
    below_bachelor = profile.education in ("secondary", "associate")
    physician = profile.level == "physician"
    return physician and not profile.holds_assistant_licence and (below_bachelor or profile.route != "degree")


def _graduates_in_the_future(case: _Case) -> bool:
    profile = case.profile
    graduated_on = profile.graduated_on
    return graduated_on is not None and graduated_on > case.today and not profile.graduating_postgraduate


def _supplementary_without_clinical(case: _Case) -> bool:
    profile = case.profile
    elsewhere = case.category is not None and not case.category.is_clinical
    return profile.supplementary_test != "none" and (profile.route != "degree" or elsewhere)


@dataclass(frozen=True)
class _Rule:
    field: str  # where its sentence is shown
    broken: Callable[[_Case], bool]
    sentence: str


_RULES = (
    _Rule(
        "holds_assistant_licence",
        lambda c: c.profile.holds_assistant_licence and c.profile.level != "physician",
        "持执业助理医师证书只能报考执业医师，而您选的是执业助理医师：请改报执业医师；没有执业助理医师证书的，请选“否”。",
    ),
    _Rule(
        "holds_assistant_licence",
        _licence_missing,
        "中专、大专学历或师承、确有专长人员报考执业医师，须持有执业助理医师证书："
        "已持有的请选“是”，没有的请改报执业助理医师。",
    ),
    _Rule(
        "registration_changed",
        lambda c: c.profile.registration_changed and not c.profile.holds_assistant_licence,
        "执业注册变更只问以执业助理医师身份报考执业医师的考生：请选“否”；以执业助理医师身份报考执业医师的，请在那一项选“是”。",
    ),
    _Rule(
        "fresh_graduate",
        lambda c: c.profile.fresh_graduate and not c.graduated_in(c.session_year, c.session_year - 1),
        "应届医学专业毕业生须在{year}年或{last_year}年毕业，与毕业日期矛盾：请选“否”，或更正毕业日期。",
    ),
    _Rule(
        "fresh_graduate",
        lambda c: c.profile.fresh_graduate and c.profile.route != "degree",
        "应届医学专业毕业生只能以“具有规定学历”途径报考：请选“否”，或更正报考途径。",
    ),
    _Rule(
        "fresh_graduate",
        lambda c: c.profile.fresh_graduate and c.profile.holds_assistant_licence,
        "以执业助理医师身份报考执业医师的，不能算应届医学专业毕业生：请把其中一项改为“否”。",
    ),
    _Rule(
        "graduating_postgraduate",
        lambda c: c.profile.graduating_postgraduate and c.profile.level != "physician",
        "当年毕业研究生只能报考执业医师，而您选的是执业助理医师：请选“否”，或改报执业医师。",
    ),
    _Rule(
        "graduating_postgraduate",
        lambda c: c.profile.graduating_postgraduate and c.profile.route != "degree",
        "当年毕业研究生只能以“具有规定学历”途径报考：请选“否”，或更正报考途径。",
    ),
    _Rule(
        "graduating_postgraduate",
        lambda c: c.profile.graduating_postgraduate and not c.profile.education_at_least("master"),
        "当年毕业研究生的学历须是硕士或博士，与所填学历矛盾：请选“否”，或更正学历。",
    ),
    _Rule(
        "graduating_postgraduate",
        lambda c: c.profile.graduating_postgraduate and not c.graduated_in(c.session_year),
        "当年毕业研究生须在{year}年毕业，与毕业日期矛盾：请选“否”，或更正毕业日期。",
    ),
    _Rule(
        "exam_category",
        lambda c: c.category is not None and c.category.level != c.profile.level,
        "报考类别“{category}”不属于{level}：请改选该级别的类别，或更正报考级别。",
    ),
    _Rule(
        "exam_category",
        lambda c: c.category is not None and c.profile.route not in c.category.routes,
        "报考类别“{category}”不适用于报考途径“{route}”：请改选适用的类别，或更正报考途径。",
    ),
    _Rule(
        "supplementary_test",
        _supplementary_without_clinical,
        "短线医学专业加试只限具有规定学历的临床类别（110、210）：请选择“不加试”，或改报临床类别。",
    ),
    _Rule(
        "serving_military",
        lambda c: c.profile.serving_military and c.profile.residency != "mainland",
        "军队现役考生须是大陆居民，与考生身份矛盾：请选“否”，或更正身份证件。",
    ),
    _Rule(
        "education",
        lambda c: c.profile.route == "degree" and c.profile.education is None,
        "以“具有规定学历”途径报考须填写学历：请选择最高学历，或更正报考途径。",
    ),
    _Rule(
        "graduated_on",
        lambda c: c.profile.graduated_on is None and (c.profile.route == "degree" or c.profile.education is not None),
        "已有学历的考生须填写毕业日期：请按毕业证书填写。",
    ),
    _Rule(
        "graduated_on",
        _graduates_in_the_future,
        "毕业日期不能晚于今天（当年毕业研究生除外）：请更正毕业日期；今年毕业的研究生，请在“当年毕业研究生”选“是”。",
    ),
)


def conflicts(
    profile: Profile, *, session_year: int, today: date, category: CategoryRule | None = None
) -> dict[str, str]:
    """Return everything in the profile that cannot be true together, all at once.

    Gives field -> what contradicts what and what to do, in Chinese; a field that breaks several rules has their
    sentences one after the other. Fields are the profile's, or "exam_category". `today` is the day in Asia/Shanghai.
    Source: Attachment 3 (二.1, 二.2(6), 二.3) and Attachment 7 of the guide.
    """
    case = _Case(profile, session_year, today, category)
    words = {
        "year": session_year,
        "last_year": session_year - 1,
        "category": category.name if category else "",
        "level": EXAM_LEVELS.get(profile.level, ""),
        "route": ROUTES.get(profile.route, ""),
    }

    found: dict[str, str] = {}
    for rule in _RULES:
        if rule.broken(case):
            found[rule.field] = found.get(rule.field, "") + rule.sentence.format(**words)
    return found


def parse(query: Mapping[str, str]) -> tuple[Profile | None, dict[str, str]]:
    """Read the profile in an address's query parameters; else what of it cannot be read, as field -> Chinese sentence.

    Dates are ISO, flags `true` / `false`; a missing flag is false, a missing supplementary test `none`; level, route
    and residency must be there. The profile is None where anything cannot be read. Other parameters are ignored.
    """
    answers: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, question in QUESTIONS.items():
        try:
            answers[name] = _READERS[question.kind](question, query.get(name, ""))
        except _Unreadable as refusal:
            wrong[name] = str(refusal)
    return (None if wrong else profile_of(answers)), wrong


class _Unreadable(ValueError):
    """An answer that cannot be read; str() is the sentence to show."""


def _read_choice(question: Question, value: str) -> str:
    if value in question.choices or (not value and not question.required):
        return value
    if not value:  # from the page's own form: codes mean nothing to who left it out
        raise _Unreadable(f"请选择{question.label}。")
    options = "、".join(f"{code}（{label}）" for code, label in question.choices.items())
    raise _Unreadable(f"{question.label}的值无法识别：可选 {options}。")


def _read_flag(question: Question, value: str) -> bool:
    if value not in ("", "true", "false"):
        raise _Unreadable(f"“{question.label}”的值无法识别：可选 true（是）、false（否）。")
    return value == "true"


def _read_day(question: Question, value: str) -> date | None:
    if not value:
        return None
    if _ISO_DATE.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise _Unreadable(f"{question.label}无法识别：请按“年-月-日”填写，例如 2018-07-01。")


_READERS: dict[str, Callable[[Question, str], Any]] = {"choice": _read_choice, "flag": _read_flag, "day": _read_day}
