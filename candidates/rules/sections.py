"""The application form: its sections, their fields, what of them is required, and what is wrong with a filled one.

Source: registration.md, The application form. Works on an Application and its Profile; asks no database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from candidates.models import Application
from candidates.rules.id_number import DOCUMENT_TYPES, residency_of
from candidates.rules.levels import DOWNWARDS
from candidates.rules.profile import conflicts

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


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    fields: tuple[str, ...]


SECTIONS = {
    section.code: section
    for section in (
        Section(
            "basic",
            "基本信息",
            (
                "name",
                "document_type",
                "document_number",
                "valid_until",
                "sex",
                "birth_date",
                "residency",
                "ethnicity",
                "serving_military",
                "mobile",
                "email",
                "address",
                "postcode",
            ),
        ),
        Section("exam", "报考信息", ("exam_category", "supplementary_test", "region", "site", "point")),
        Section(
            "education",
            "学历信息",
            (
                "route",
                "education",
                "full_time",
                "school",
                "major",
                "graduated_on",
                "diploma_number",
                "academic_degree",
                "degree_number",
                "overseas_education",
                "fresh_graduate",
                "graduating_postgraduate",
            ),
        ),
        Section(
            "work",
            "工作与试用",
            (
                "employer_is_medical_institution",
                "employer_name",
                "employer_address",
                "employer_postcode",
                "employer_registration_number",
                "employer_legal_representative",
                "employer_telephone",
                "post",
                "trial_name",
                "trial_address",
                "trial_postcode",
                "trial_registration_number",
                "trial_legal_representative",
                "trial_telephone",
                "period_from",
                "period_to",
            ),
        ),
        Section(
            "licence",
            "执业助理医师",
            (
                "holds_assistant_licence",
                "licence_number",
                "licence_date",
                "practice_number",
                "first_registered_on",
                "registration_changed",
            ),
        ),
    )
}
SECTION_OF = {field: section.code for section in SECTIONS.values() for field in section.fields}


def label(field: str) -> str:
    return str(Application._meta.get_field(field).verbose_name)


Rule = Callable[[Application], bool]


def _always(application: Application) -> bool:
    return True


def _has_education(application: Application) -> bool:
    return application.route == "degree" or bool(application.education)


def _on_degree_route(application: Application) -> bool:
    return application.route == "degree"


def _employer_known(application: Application) -> bool:
    return bool(application.employer_is_medical_institution or application.holds_assistant_licence)


def _trial_known(application: Application) -> bool:
    return not application.holds_assistant_licence


def _holds_licence(application: Application) -> bool:
    return bool(application.holds_assistant_licence)


REQUIRED: dict[str, Rule] = {
    **dict.fromkeys(
        ("name", "document_type", "document_number", "sex", "birth_date", "residency", "ethnicity"), _always
    ),
    **dict.fromkeys(("serving_military", "mobile", "address", "postcode"), _always),
    **dict.fromkeys(("exam_category", "supplementary_test", "region", "site", "point", "route"), _always),
    **dict.fromkeys(("education", "school", "major", "graduated_on"), _on_degree_route),
    **dict.fromkeys(("full_time", "diploma_number", "overseas_education"), _has_education),
    **dict.fromkeys(("fresh_graduate", "graduating_postgraduate"), _on_degree_route),
    **dict.fromkeys(("employer_is_medical_institution", "holds_assistant_licence"), _always),
    **dict.fromkeys(
        (
            "employer_name",
            "employer_address",
            "employer_registration_number",
            "employer_legal_representative",
            "employer_telephone",
            "post",
        ),
        _employer_known,
    ),
    **dict.fromkeys(
        ("trial_name", "trial_address", "trial_registration_number", "trial_legal_representative"), _trial_known
    ),
    **dict.fromkeys(("period_from", "period_to"), _trial_known),
    **dict.fromkeys(
        ("licence_number", "licence_date", "practice_number", "first_registered_on", "registration_changed"),
        _holds_licence,
    ),
}


def problems(application: Application, *, today: date, missing: bool = True) -> dict[str, str]:
    """What stands in the way of completing: field -> sentence, in the form's order; empty where nothing does.

    `missing=False` leaves out what has not been filled in yet: what is left contradicts something.
    """
    found: dict[str, str] = {}
    if missing:
        found = {
            field: f"请填写“{label(field)}”。"
            for field, rule in REQUIRED.items()
            if rule(application) and getattr(application, field) in (None, "")
        }
    for field, sentence in {**_contradictions(application, today), **_of_profile(application, today)}.items():
        found.setdefault(field, sentence)
    order = list(SECTION_OF)
    return dict(sorted(found.items(), key=lambda one: order.index(one[0])))


def _of_profile(application: Application, today: date) -> dict[str, str]:
    profile = application.profile
    if profile is None:
        return {}
    category = application.exam_category.rule if application.exam_category else None
    found = conflicts(profile, session_year=application.session.year, today=today, category=category)
    if "level" in found:
        found["exam_category"] = found.pop("level")
    return found


def _contradictions(application: Application, today: date) -> dict[str, str]:
    found = {}
    expected = residency_of(application.document_type, application.document_number)
    if expected and application.residency and application.residency != expected:
        kind = DOCUMENT_TYPES[application.document_type].label
        found["residency"] = f"居民类别与证件（{kind}）不一致：请按证件选择，或更正证件。"
    if application.valid_until and application.valid_until < today:
        found["valid_until"] = expired(application.document_type)
    if application.exam_category and not application.exam_category.is_active:
        found["exam_category"] = "该报考类别本年度不再接受报名：请改选其他类别。"
    for unit in DOWNWARDS:
        chosen = getattr(application, unit)
        if chosen and not chosen.is_active:
            found["point"] = f"{chosen.name}已不再接受报名：请改选其他报名点。"
    start, end = application.period_from, application.period_to
    if start and end and end < start:
        found["period_to"] = "结束年月早于开始年月：请核对起止时间。"
    elif start and start > today:
        found["period_from"] = "开始年月晚于今天：请核对起止时间。"
    elif end and end > today.replace(day=1) and not application.fresh_graduate:
        found["period_to"] = "结束年月晚于本月，只有应届医学专业毕业生可以这样填写：请核对起止时间。"
    if application.birth_date and application.birth_date >= today:
        found["birth_date"] = "出生日期不能晚于今天：请核对。"
    for field in ("licence_date", "first_registered_on"):
        if getattr(application, field) and getattr(application, field) > today:
            found[field] = f"“{label(field)}”不能晚于今天：请核对。"
    return found


def expired(document_type: str) -> str:
    """The sentence for an identity document past its date (registration.md, Accounts)."""
    if document_type == "resident_id":
        return "您的居民身份证已过有效期，可用临时身份证报名：请办理后更改证件类型和号码。"
    return "证件已过有效期：请更换有效证件后填写。"
