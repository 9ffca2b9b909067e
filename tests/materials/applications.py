"""Applications that were never saved, for what only prints them: typical, longest and shortest values."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from candidates.models import Application, ExamCategory, ExamSession, NoticeVersion, Unit
from materials.rules.onsite import Line

YEAR = 2027
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(YEAR, month, day, hour, tzinfo=SHANGHAI)


SESSION = ExamSession(
    year=YEAR,
    upload_opens=at(1, 15, 9),
    upload_closes=at(3, 9),
    review_opens=at(2, 1),
    review_closes=at(4, 1),
    payment_opens=at(4, 10),
    payment_closes=at(4, 21),
)
REGION = Unit(code="11", level="region", name="北京")
SITE = Unit(code="1101", level="site", name="北京一考点")
POINT = Unit(
    code="1101001",
    level="point",
    name="北京一考点第一报名点",
    address="北京市东城区示例路1号",
    telephone="010-00000000",
    hours="2月1日至3月10日 9:00—16:30（周末除外）",
)
NOTICE = NoticeVersion(version=2, code="7K4M9PQ2XW", issued_at=at(1, 18, 14))
TYPICAL = {
    "session": SESSION,
    "number": "2027110100100017",
    "region": REGION,
    "site": SITE,
    "point": POINT,
    "name": "张某某",
    "sex": "female",
    "birth_date": date(1996, 3, 5),
    "document_type": "resident_id",
    "document_number": "100101199603050023",
    "residency": "mainland",
    "ethnicity": "汉族",
    "serving_military": False,
    "mobile": "13800000001",
    "email": "someone@example.com",
    "address": "北京市东城区示例街道100号院2号楼401室",
    "postcode": "100010",
    "exam_category": ExamCategory(code="110", name="临床执业医师", level="physician", routes="degree"),
    "supplementary_test": "none",
    "route": "degree",
    "education": "bachelor",
    "school": "示例医科大学",
    "major": "临床医学",
    "full_time": True,
    "graduated_on": date(2019, 7, 1),
    "diploma_number": "100011201905000123",
    "academic_degree": "医学学士",
    "degree_number": "1000142019000123",
    "overseas_education": False,
    "fresh_graduate": False,
    "graduating_postgraduate": False,
    "employer_is_medical_institution": True,
    "employer_name": "示例市第一人民医院",
    "employer_address": "北京市东城区示例路2号",
    "employer_postcode": "100012",
    "employer_registration_number": "PDY00000-2",
    "employer_legal_representative": "王某",
    "employer_telephone": "010-00000002",
    "post": "内科住院医师",
    "trial_name": "示例市第三人民医院",
    "trial_address": "北京市东城区示例路3号",
    "trial_postcode": "100013",
    "trial_registration_number": "PDY00000-3",
    "trial_legal_representative": "李某",
    "trial_telephone": "010-00000003",
    "period_from": date(2025, 8, 1),
    "period_to": date(2026, 8, 1),
    "further_institutions": [],
    "holds_assistant_licence": False,
    "licence_number": "201811210100101199603050023",
    "licence_date": date(2018, 12, 1),
    "practice_number": "210110000012345",
    "first_registered_on": date(2019, 3, 1),
    "registration_changed": False,
}
LENGTHS = {
    **{"name": 50, "school": 60, "major": 30, "address": 80, "post": 30, "academic_degree": 30, "ethnicity": 10},
    **{"employer_name": 60, "employer_address": 80, "employer_legal_representative": 50, "trial_name": 60},
    **{"trial_address": 80, "trial_legal_representative": 50},
}
HAN = "东西南北中医院学校专业岗位姓名地址代表考生试用机构登记执业证书编号内外妇儿口腔公共卫生临床"
LONGEST = {
    **{field: (HAN * 2)[at_ : at_ + length] for at_, (field, length) in enumerate(LENGTHS.items())},
    **{
        field: "W1" * 20
        for field in ("diploma_number", "degree_number", "employer_registration_number", "licence_number")
    },
    **{field: "M2" * 20 for field in ("trial_registration_number", "practice_number")},
    **{field: "0102345678转90123456" * 2 for field in ("employer_telephone", "trial_telephone")},
    "document_number": "军字第1234567890123456号",
    "email": "w" * 60 + "@example.com",
    # everything that adds a line to the on-site list
    "residency": "taiwan",
    "education": "master",
    "graduated_on": date(2027, 6, 30),
    "overseas_education": True,
    "serving_military": True,
    "fresh_graduate": True,
    "graduating_postgraduate": True,
    "supplementary_test": "paediatrics",
    "exam_category": ExamCategory(code="144", name=(HAN * 2)[3:43], level="physician", routes="degree"),
}
# the least that can be registered: words empty, one-character name
SHORTEST = {
    **{field: "" for field, value in TYPICAL.items() if isinstance(value, str)},
    **{"number": "2027110100100017", "name": "张", "route": "apprentice", "residency": "mainland"},
    **{"sex": "male", "document_type": "officer", "document_number": "1234", "supplementary_test": ""},
    **{"graduated_on": None, "period_from": None, "period_to": None, "education": ""},
}
# one word of Latin letters as long as each column takes, which breaks nowhere by itself
LATIN = {
    field: ("Wxyzabcdefghijklmnopqrstuv" * 4)[: LENGTHS.get(field, 30)]
    for field in ("name", "school", "major", "employer_name", "employer_legal_representative", "post", "trial_name")
} | {
    "trial_legal_representative": "W" * 50,
    "address": "w" * 80,
    "employer_address": "m" * 80,
    "trial_address": "m" * 80,
}
# characters of private use, which no font draws as what was meant
GAPS = {
    "name": "张\ue000某",
    "school": "\ue001大学",
    "major": "\ue002\ue003学",
    "trial_name": "\ue004医院",
    "employer_name": "\ue005院",
}
FOUR_PLACES = [
    {
        **{"name": (HAN * 2)[at_ : at_ + 60], "address": (HAN * 2)[at_ + 1 : at_ + 81], "postcode": "100009"},
        **{"registration_number": "N4" * 20, "legal_representative": (HAN * 2)[at_ + 2 : at_ + 52], "telephone": ""},
        **{"period_from": f"2026-0{at_}-01", "period_to": f"2026-1{at_ % 3}-01"},
    }
    for at_ in (1, 2, 3)
]
MANY_LINES = tuple(
    Line(
        f"第 {at_} 项材料《{HAN[: at_ + 10]}》",
        True,
        1,
        "请按考区通知要求，在复印件上加盖单位公章。" if at_ % 3 == 0 else "",
    )
    for at_ in range(1, 31)
)


def application(values: dict | None = None, **changes) -> Application:
    return Application(**{**TYPICAL, **(values or {}), **changes})
