"""报考条件提示: what in a form may not meet the conditions of the exam. A warning in time, it never refuses anything.

Sources, and how sure each is; the guide itself states only A.
- A: Attachment 7 of the guide: a fresh graduate's trial comes to a year by 31 August. Read there.
- L: 医师法, in force since 1 March 2022, articles 9 and 10: 本科 a year of practice, 大专 two years since the
  licence, a year for assistants. The wording was compared as publicly quoted, the articles' numbers were not.
- F: 执业医师法 of 1998, article 9(2), which L replaced: 中专 five years. Compared as publicly quoted; that it still
  holds for those who have studied was not.
- Q: 医师资格考试报名资格规定（2014版）. Compared as publicly quoted: what it says of 报考类别, by the major; 临床医学
  also for 公共卫生, after a trial there. Not compared: that others stop at 31 August too (quoted of the rules before
  2014), that trials before graduation do not count, that 临床医学 may go with 中西医结合.
- S: this portal's specification: periods at several institutions are added up, no day counts twice.

Somebody who has the articles should go through LINES and GROUPS before a season. Only what clearly contradicts is
told: a warning that is wrong for one in fifty teaches people not to read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from candidates.rules.profile import EDUCATIONS, Profile
from materials.rules.periods import DAY, Period, added_up, months_after

UNTIL = (8, 31)  # month and day of the session's year up to which a trial or practice counts: A, and Q (not compared)


@dataclass(frozen=True)
class Conditions:
    """What an exam session asks for."""

    trial_months: int
    practice_years: Mapping[str, int]  # education -> years since the first registration as 执业助理医师


# the first session that they hold for -> conditions; L asks 大专 for two years, F 中专 for five
BY_SESSION = {2014: Conditions(trial_months=12, practice_years={"associate": 2, "secondary": 5})}


@dataclass(frozen=True)
class Facts:
    """What the warnings look at; what is not known warns of nothing."""

    profile: Profile
    session_year: int
    as_of: date  # when the form was filled in: a period that reaches this day is going on
    category: str = ""  # the exam category's code
    major: str = ""
    periods: tuple[Period, ...] = ()
    first_registered_on: date | None = None

    @property
    def until(self) -> date:
        return date(self.session_year, *UNTIL)

    @property
    def conditions(self) -> Conditions:
        return BY_SESSION[max(year for year in BY_SESSION if year <= max(self.session_year, min(BY_SESSION)))]

    @property
    def practice_years(self) -> int:
        """Return the years of practice asked for; 0 where this profile is asked for none that is certain."""
        profile = self.profile
        if not profile.holds_assistant_licence or profile.route != "degree":
            return 0
        return self.conditions.practice_years.get(profile.education or "", 0)

    @property
    def studied_until(self) -> date | None:
        """Return the graduation before which nobody can have been on trial; None where that is not certain.

        Whoever studied beside work, or went on studying after the degree that counts, may have been on trial earlier.
        """
        profile = self.profile
        first_degree = profile.education in ("secondary", "associate", "bachelor")
        return profile.graduated_on if profile.route == "degree" and profile.full_time and first_degree else None


# --- how much it comes to ------------------------------------------------------------


def _comes_to(facts: Facts, months: int, *, since: date | None) -> bool:
    """Tell whether the periods come to so many months by 31 August; days left over make months of thirty days."""
    whole, days = added_up(_going_on(facts), since=since, until=facts.until)
    return whole + days // 30 >= months


def _going_on(facts: Facts) -> tuple[Period, ...]:
    """Return the periods, those that are not over yet as if they went on: the form takes no end that lies ahead.

    A fresh graduate states the end that is planned, which is what is asked about.
    """
    if facts.profile.fresh_graduate:
        return facts.periods
    return tuple(
        Period(one.start, max(one.end, facts.until)) if one.end >= facts.as_of else one for one in facts.periods
    )


# --- the conditions -------------------------------------------------------------------------------


def _trial_too_short(facts: Facts) -> bool:
    if facts.profile.holds_assistant_licence or not facts.periods:
        return False
    since = facts.studied_until
    return not _comes_to(facts, facts.conditions.trial_months, since=since.replace(day=1) if since else None)


def _trial_before_graduation(facts: Facts) -> bool:
    graduated = facts.studied_until
    if facts.profile.holds_assistant_licence or graduated is None:
        return False
    return any(one.start < graduated.replace(day=1) for one in facts.periods)


def _registered_too_late(facts: Facts) -> bool:
    first, years = facts.first_registered_on, facts.practice_years
    return first is not None and years > 0 and months_after(first, years * 12) - DAY > facts.until


def _practice_too_short(facts: Facts) -> bool:
    first, years = facts.first_registered_on, facts.practice_years
    if not facts.periods or not years or _registered_too_late(facts):
        return False
    return not _comes_to(facts, years * 12, since=first.replace(day=1) if first else None)


def _category_of_another_major(facts: Facts) -> bool:
    group = group_of(facts)
    return group is not None and bool(facts.category) and facts.category[1:] not in group.categories


# --- majors ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Majors that are called alike, and the exam categories that do not contradict them (their last two digits)."""

    name: str
    begins: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    categories: frozenset[str] = frozenset()

    def has(self, major: str) -> bool:
        return major.startswith(self.begins) or any(word in major for word in self.contains)


CLINICAL, DENTAL, PUBLIC, CHINESE, INTEGRATED = "10", "20", "30", "41", "42"
MONGOLIAN, TIBETAN, UYGUR = "43", "44", "45"

# The first that has a major decides; what is in none warns of nothing (麻醉学, 医学影像学, 基础医学, 医学检验 …, whose
# rules depend on school and year). Source: Q, on 报考类别: by the major, 临床医学 also for 公共卫生 where the trial was
# there. That 临床医学 passes for 中西医结合, and each minority's medicine for 中医, is only so as not to warn in doubt.
GROUPS = (
    Group("护理、药学", begins=("护理", "助产", "药学", "临床药学", "中药", "药物制剂")),
    Group("口腔", begins=("口腔",), categories=frozenset({DENTAL})),
    Group("中西医结合", begins=("中西医",), categories=frozenset({CHINESE, INTEGRATED})),
    Group("中医", begins=("中医学", "针灸推拿", "中医骨伤"), categories=frozenset({CHINESE, INTEGRATED})),
    Group("蒙医", begins=("蒙医",), categories=frozenset({MONGOLIAN, CHINESE, INTEGRATED})),
    Group("藏医", begins=("藏医",), categories=frozenset({TIBETAN, CHINESE, INTEGRATED})),
    Group("维医", begins=("维医", "维吾尔医"), categories=frozenset({UYGUR, CHINESE, INTEGRATED})),
    Group("预防医学", begins=("预防医学",), categories=frozenset({PUBLIC})),
    Group("临床医学", begins=("临床医学",), categories=frozenset({CLINICAL, PUBLIC, INTEGRATED})),
)


def group_of(facts: Facts) -> Group | None:
    """Return the group of the major that the exam category is judged by; None where that is not certain.

    A postgraduate may apply by an earlier degree, whose major the form does not ask for.
    """
    profile = facts.profile
    if profile.route != "degree" or profile.education in ("master", "doctor") or profile.overseas_education:
        return None
    return next((group for group in GROUPS if group.has(facts.major)), None)


# --- the sentences --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One warning: the form's field that it stands beside, when, what it says, and what it follows from.

    `advice` is what the candidate may have left out: for the form, not for those who read it.
    """

    field: str
    broken: Callable[[Facts], bool]
    sentence: str
    source: str
    advice: str = ""


LINES = (
    Line(
        "exam_category",
        _category_of_another_major,
        "按现有信息，所学专业“{major}”与报考类别可能不一致，可能不符合报考条件，请向报名点核实。",
        "Q, 报考类别",
    ),
    Line(
        "period_from",
        _trial_before_graduation,
        "按现有信息，试用期从毕业以前算起，毕业以前的时间可能不计入，请核对起止时间，或向报名点核实。",
        "L 9(1), 10, whose year is of who has the degree already; Q (not compared)",
    ),
    Line(
        "period_to",
        _trial_too_short,
        "按现有信息，试用期到 {year} 年 8 月 31 日不满一年，可能不符合报考条件，请向报名点核实。",
        "L 9(1), 10; A for fresh graduates, Q (not compared) for the others; S for several institutions",
        "在几个机构试用过的，请把其他机构也填上。",
    ),
    Line(
        "period_to",
        _practice_too_short,
        "按现有信息，执业时间到 {year} 年 8 月 31 日合计不满{years}年（{education}学历），可能不符合报考条件，"
        "请向报名点核实。",
        "L 9(2); F 9(2) for 中专; S for several institutions",
        "在几个机构执业过的，请把其他机构也填上。",
    ),
    Line(
        "first_registered_on",
        _registered_too_late,
        "按现有信息，从首次执业注册到 {year} 年 8 月 31 日不满{years}年（{education}学历），可能不符合报考条件，"
        "请向报名点核实。",
        "L 9(2); F 9(2) for 中专; S for several institutions",
    ),
)
_HAN = {2: "二", 5: "五"}


def warnings(facts: Facts, *, advise: bool = True) -> list[tuple[str, str]]:
    """Return what may not meet the conditions: field of the form and sentence, with advice for who fills it in."""
    said = {
        "year": facts.session_year,
        "major": facts.major,
        "years": _HAN.get(facts.practice_years, str(facts.practice_years)),
        "education": EDUCATIONS.get(facts.profile.education or "", ""),
    }
    return [
        (line.field, line.sentence.format(**said) + (line.advice if advise else ""))
        for line in LINES
        if line.broken(facts)
    ]
