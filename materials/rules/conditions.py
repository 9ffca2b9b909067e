"""For whom a region's or a site's own line is: conditions on the profile, chosen from this list; all must hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from candidates.rules.profile import Profile


@dataclass(frozen=True)
class Condition:
    """One row: how the back office offers it, and how the candidate reads it.

    `fact` is what it is about: of two about the same fact never both hold, or one says nothing new.
    """

    code: str
    fact: str
    label: str
    why: str
    holds: Callable[[Profile], bool]


# Codes are kept with every line: one that goes needs a migration of the lines that have it.
CONDITIONS: tuple[Condition, ...] = (
    Condition("physician", "报考级别", "报考执业医师", "因为您报考执业医师", lambda p: p.level == "physician"),
    Condition("assistant", "报考级别", "报考执业助理医师", "因为您报考执业助理医师", lambda p: p.level == "assistant"),
    Condition(
        "degree_route",
        "报考途径",
        "以“具有规定学历”途径报考",
        "因为您以“具有规定学历”途径报考",
        lambda p: p.route == "degree",
    ),
    Condition("apprentice", "报考途径", "以师承途径报考", "因为您以师承途径报考", lambda p: p.route == "apprentice"),
    Condition(
        "expertise", "报考途径", "以确有专长途径报考", "因为您以确有专长途径报考", lambda p: p.route == "expertise"
    ),
    Condition(
        "traditional",
        "报考途径",
        "以师承或确有专长途径报考",
        "因为您以师承或确有专长途径报考",
        lambda p: p.route != "degree",
    ),
    Condition(
        "below_bachelor",
        "学历",
        "学历是中专、大专",
        "因为您的学历是中专或大专",
        lambda p: p.education is not None and not p.education_at_least("bachelor"),
    ),
    Condition(
        "associate_or_higher",
        "学历",
        "学历是大专及以上",
        "因为您的学历是大专及以上",
        lambda p: p.education_at_least("associate"),
    ),
    Condition(
        "bachelor_or_higher",
        "学历",
        "学历是本科及以上",
        "因为您的学历是本科及以上",
        lambda p: p.education_at_least("bachelor"),
    ),
    Condition(
        "postgraduate",
        "学历",
        "学历是硕士、博士",
        "因为您的学历是硕士或博士",
        lambda p: p.education_at_least("master"),
    ),
    Condition(
        "full_time",
        "学习形式",
        "最高学历为全日制",
        "因为您的最高学历是全日制",
        lambda p: p.education is not None and p.full_time,
    ),
    Condition(
        "not_full_time",
        "学习形式",
        "最高学历为非全日制",
        "因为您的最高学历是非全日制",
        lambda p: p.education is not None and not p.full_time,
    ),
    Condition(
        "overseas",
        "学历来源",
        "非大陆学历",
        "因为您的学历是非大陆学历",
        lambda p: p.overseas_education,
    ),
    Condition(
        "online_record",
        "学历来源",
        "有教育部学历证书电子注册备案表（大专及以上，2002年以后毕业，大陆学历）",
        "因为您的学历可在学信网查询",
        lambda p: p.has_online_record,
    ),
    Condition("mainland", "考生身份", "大陆考生", "因为您是大陆考生", lambda p: p.residency == "mainland"),
    Condition(
        "hongkong_macao_taiwan",
        "考生身份",
        "台、港、澳考生",
        "因为您是台、港、澳考生",
        lambda p: p.residency in ("hongkong", "macao", "taiwan"),
    ),
    Condition("foreign", "考生身份", "外籍考生", "因为您是外籍考生", lambda p: p.residency == "foreign"),
    Condition("military", "军队现役", "军队现役人员", "因为您是军队现役人员", lambda p: p.serving_military),
    Condition(
        "not_military", "军队现役", "不是军队现役人员", "因为您不是军队现役人员", lambda p: not p.serving_military
    ),
    Condition(
        "medical_institution",
        "工作单位",
        "工作单位是医疗机构",
        "因为您的工作单位是医疗机构",
        lambda p: p.employer_is_medical_institution,
    ),
    Condition(
        "no_medical_institution",
        "工作单位",
        "工作单位不是医疗机构",
        "因为您的工作单位不是医疗机构",
        lambda p: not p.employer_is_medical_institution,
    ),
    Condition(
        "licence_holder",
        "执业助理医师",
        "以执业助理医师身份报考执业医师",
        "因为您以执业助理医师身份报考执业医师",
        lambda p: p.holds_assistant_licence,
    ),
    Condition(
        "no_licence",
        "执业助理医师",
        "须经试用期考核（没有执业助理医师资格）",
        "因为您须经试用期考核后报考",
        lambda p: not p.holds_assistant_licence,
    ),
    Condition(
        "registration_changed",
        "执业注册",
        "执业注册有变更，现注册时间不满足报考年限",
        "因为您的执业注册有变更",
        lambda p: p.registration_changed,
    ),
    Condition("fresh_graduate", "应届", "应届医学专业毕业生", "因为您是应届医学专业毕业生", lambda p: p.fresh_graduate),
    Condition(
        "no_fresh_graduate",
        "应届",
        "不是应届医学专业毕业生",
        "因为您不是应届医学专业毕业生",
        lambda p: not p.fresh_graduate,
    ),
    Condition(
        "graduating_postgraduate",
        "当年毕业研究生",
        "当年毕业研究生",
        "因为您是当年毕业研究生",
        lambda p: p.graduating_postgraduate,
    ),
    Condition(
        "supplementary",
        "短线医学专业加试",
        "申请短线医学专业加试",
        "因为您申请参加短线医学专业加试",
        lambda p: p.supplementary_test != "none",
    ),
)
BY_CODE = {one.code: one for one in CONDITIONS}


def all_hold(codes: Iterable[str], profile: Profile) -> bool:
    """Tell whether every condition holds; one that is not known holds for nobody."""
    return all(code in BY_CODE and BY_CODE[code].holds(profile) for code in codes)


def why(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the reasons that the candidate reads, in the list's order."""
    wanted = set(codes)
    return tuple(one.why for one in CONDITIONS if one.code in wanted)


def same_fact_twice(codes: Iterable[str]) -> tuple[str, str] | None:
    """Return the labels of two conditions about the same fact; None where there are none."""
    seen: dict[str, Condition] = {}
    for code in codes:
        one = BY_CODE[code]
        if one.fact in seen:
            return seen[one.fact].label, one.label
        seen[one.fact] = one
    return None
