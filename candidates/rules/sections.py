"""THE application form: its sections, their fields, and when each has to be filled in.

Which of them are asked is told by questions.py, what contradicts what by contradictions.py. Labels and hints are what
people read; the model's columns take their names from here, the form its fields and marks, pages and documents their
order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from candidates.rules.id_number import missing_mobile

# fmt: off
ETHNICITIES = (
    "汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族",
    "满族", "侗族", "瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族",
    "佤族", "畲族", "高山族", "拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族",
    "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族", "普米族",
    "塔吉克族", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族", "保安族", "裕固族", "京族", "塔塔尔族",
    "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族", "其他/外籍",
)
# fmt: on

# field -> value as it is stored; units and the exam category as something that has a name and is active or not
Answers = Mapping[str, Any]
Rule = Callable[[Answers], bool]


def always(answers: Answers) -> bool:
    return True


def needs_mobile(answers: Answers) -> bool:
    return bool(missing_mobile(answers["document_type"], answers["email"]))


def on_degree_route(answers: Answers) -> bool:
    return bool(answers["route"] == "degree")


def has_education(answers: Answers) -> bool:
    return on_degree_route(answers) or bool(answers["education"])


def employer_known(answers: Answers) -> bool:
    return bool(answers["employer_is_medical_institution"] or answers["holds_assistant_licence"])


def trial_known(answers: Answers) -> bool:
    return not answers["holds_assistant_licence"]


def period_known(answers: Answers) -> bool:
    return trial_known(answers) or bool(answers["further_institutions"])


def holds_licence(answers: Answers) -> bool:
    return bool(answers["holds_assistant_licence"])


@dataclass(frozen=True)
class Field:
    """One line of the form. `needed`: when completing asks for an answer; never, where there is no rule.

    `question`: what is asked with yes and no, where the label only names the fact.
    """

    name: str
    label: str
    needed: Rule | None = None
    hint: str = ""
    question: str = ""

    @property
    def missing(self) -> str:
        """Return the sentence where an answer is needed and there is none."""
        if self.question:
            return f"请选择{self.question.removesuffix('？')}。"
        return f"请选择{self.label}。" if self.name in CHOSEN else f"请填写“{self.label}”。"


@dataclass(frozen=True)
class Section:
    """A part of the form that is saved by itself."""

    code: str
    title: str
    rows: tuple[Field, ...]

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return tuple(row.name for row in self.rows)


# answered from a list
CHOSEN = {
    *("document_type", "sex", "residency", "ethnicity"),
    *("exam_category", "supplementary_test", "region", "site", "point"),
    *("route", "education"),
}
REGISTRATION_NUMBER = "《医疗机构执业许可证》上的登记号。"
SECTIONS = {
    section.code: section
    for section in (
        Section(
            "basic",
            "基本信息",
            (
                Field("name", "姓名", always),
                Field("document_type", "证件类型", always),
                Field("document_number", "证件号码", always),
                Field("valid_until", "证件有效期至", hint="按证件填写；证件上写“长期”的，勾选“长期有效”。"),
                Field("sex", "性别", always),
                Field("birth_date", "出生日期", always),
                Field("residency", "考生身份", always, "与身份证件一致。"),
                Field("ethnicity", "民族", always),
                Field("serving_military", "军队现役", always, question="您是不是军队现役人员？"),
                Field("mobile", "手机号码", needs_mobile),
                Field("email", "电子邮箱"),
                Field("address", "通讯地址", always, "能收到邮件的地址，最长 80 个字；输入市名可从列表中选择省市。"),
                Field("postcode", "邮政编码", always),
            ),
        ),
        Section(
            "exam",
            "报考信息",
            (
                Field("exam_category", "报考类别", always),
                Field("supplementary_test", "短线医学专业加试", always, "只限具有规定学历的临床类别（110、210）。"),
                Field("region", "考区", always),
                Field("site", "考点", always),
                Field("point", "报名点", always),
            ),
        ),
        Section(
            "education",
            "学历信息",
            (
                Field("route", "报考途径", always, "决定您需要提交哪些学历证明。"),
                Field("education", "学历", on_degree_route),
                Field("full_time", "全日制学历", has_education, question="您的最高学历是不是全日制？"),
                Field("school", "毕业学校", on_degree_route),
                Field("major", "所学专业", on_degree_route),
                Field(
                    "graduated_on",
                    "毕业日期",
                    on_degree_route,
                    "按毕业证书填写；尚未毕业的当年毕业研究生填写预计毕业日期。",
                ),
                Field("diploma_number", "毕业证书编号", has_education),
                Field("academic_degree", "学位"),
                Field("degree_number", "学位证书编号"),
                Field("overseas_education", "非大陆学历", has_education, question="您的学历是不是在大陆以外取得的？"),
                Field(
                    "fresh_graduate",
                    "应届医学专业毕业生",
                    on_degree_route,
                    "本年度或上一年度毕业，试用期将满一年的毕业生。",
                    "您是不是应届医学专业毕业生？",
                ),
                Field(
                    "graduating_postgraduate",
                    "当年毕业研究生",
                    on_degree_route,
                    "报名时尚未毕业，或刚刚毕业的硕士、博士研究生。",
                    "您是不是当年毕业研究生？",
                ),
            ),
        ),
        Section(
            "work",
            "工作与试用",
            (
                Field(
                    "employer_is_medical_institution",
                    "工作单位是医疗机构",
                    always,
                    question="您的工作单位是不是医疗机构？",
                ),
                Field("employer_name", "工作单位名称", employer_known),
                Field("employer_address", "工作单位地址", employer_known),
                Field("employer_postcode", "工作单位邮编"),
                Field("employer_registration_number", "工作单位登记号", employer_known, REGISTRATION_NUMBER),
                Field("employer_legal_representative", "工作单位法定代表人", employer_known),
                Field("employer_telephone", "工作单位电话", employer_known),
                Field("post", "工作岗位", employer_known),
                Field("trial_name", "试用机构名称", trial_known),
                Field("trial_address", "试用机构地址", trial_known),
                Field("trial_postcode", "试用机构邮编"),
                Field("trial_registration_number", "试用机构登记号", trial_known, REGISTRATION_NUMBER),
                Field("trial_legal_representative", "试用机构法定代表人", trial_known),
                Field("trial_telephone", "试用机构电话"),
                Field("period_from", "试用（执业）开始年月", period_known, "年月，例如 2025-03。"),
                Field(
                    "period_to",
                    "试用（执业）结束年月",
                    period_known,
                    "年月；试用期未满的应届毕业生填写将满一年的年月。",
                ),
                Field(
                    "further_institutions",
                    "其他试用（执业）机构",
                    hint="在几个机构试用（执业）过的，每个机构填一项，时间合并计算；每个机构各需一份考核证明。",
                ),
            ),
        ),
        Section(
            "licence",
            "执业助理医师",
            (
                Field(
                    "holds_assistant_licence",
                    "以执业助理医师身份报考执业医师",
                    always,
                    "已取得执业助理医师资格并注册，现申报执业医师。",
                    "您是不是以执业助理医师身份报考执业医师？",
                ),
                Field("licence_number", "医师资格证书编号", holds_licence),
                Field("licence_date", "医师资格证书发证日期", holds_licence),
                Field("practice_number", "医师执业证书编号", holds_licence),
                Field("first_registered_on", "首次执业注册日期", holds_licence),
                Field(
                    "registration_changed",
                    "执业注册有变更",
                    holds_licence,
                    "有变更，并且现注册时间不满足报考年限的，选“是”；其他选“否”。",
                    "您的执业注册是不是有过变更？",
                ),
            ),
        ),
    )
}
FIELDS = {row.name: row for section in SECTIONS.values() for row in section.rows}
SECTION_OF = {row.name: section.code for section in SECTIONS.values() for row in section.rows}
MONTHS = ("period_from", "period_to")  # dates of which the day is not asked

POSTCODES = ("postcode", "employer_postcode", "trial_postcode")
TELEPHONES = ("employer_telephone", "trial_telephone")


def label(field: str) -> str:
    return FIELDS[field].label


def heading(field: str, sentence: str) -> str:
    """Return what stands before a sentence in a list: nothing where the sentence itself asks for the answer."""
    return "" if sentence == FIELDS[field].missing else label(field)
