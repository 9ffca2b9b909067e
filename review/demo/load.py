"""The demo data, as tables: units, people, what they state and upload, and how far each has come.

Nobody's data: names are 某某, ID numbers are valid by their check character in a region code that is not assigned.
review/demo/story.py takes each person there through the portal's own actions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from candidates.applications.states import Status
from candidates.rules.id_number import check_character
from candidates.rules.profile import QUESTIONS, STATED

OPENS_EVERY_ACCOUNT = "nmec-demo-2026"

# code, name, address, telephone; the hours are the same everywhere
UNITS = (
    ("11", "北京考区", "北京市示例区示例路1号", "010-00000011"),
    ("1101", "北京一考点", "北京市示例区示例路2号", "010-00001101"),
    ("1101001", "北京一考点第一报名点", "北京市示例区示例路3号", "010-01101001"),
    ("1101002", "北京一考点第二报名点", "北京市示例区示例路4号", "010-01101002"),
    ("1102", "北京二考点", "北京市示例区示例路5号", "010-00001102"),
    ("1102001", "北京二考点第一报名点", "北京市示例区示例路6号", "010-01102001"),
    ("1102002", "北京二考点第二报名点", "北京市示例区示例路7号", "010-01102002"),
    ("12", "天津考区", "天津市示例区示例路1号", "022-00000012"),
    ("1201", "天津一考点", "天津市示例区示例路2号", "022-00001201"),
    ("1201001", "天津一考点第一报名点", "天津市示例区示例路3号", "022-01201001"),
    ("1201002", "天津一考点第二报名点", "天津市示例区示例路4号", "022-01201002"),
    ("1202", "天津二考点", "天津市示例区示例路5号", "022-00001202"),
    ("1202001", "天津二考点第一报名点", "天津市示例区示例路6号", "022-01202001"),
    ("1202002", "天津二考点第二报名点", "天津市示例区示例路7号", "022-01202002"),
)
HOURS = "工作日 9:00-11:30，13:30-17:00"
REGION_WITH_ONSITE_LIST = "12"  # asks its registration points to go through the on-site list line by line
# What a region and a site ask for beside the catalogue. Nothing of it has to be uploaded by the demo's people.
OWN_LINES: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "11": (
        {
            "title": "近三个月的社会保险缴费证明",
            "conditions": ["medical_institution"],
            "upload": "optional",
            "copies": 1,
            "remark": "单位名称须与工作单位一致",
        },
        {"title": "毕业院校的录取名单", "conditions": ["below_bachelor"], "copies": 1, "remark": "加盖毕业院校公章"},
    ),
    "1101": ({"title": "单位在岗证明", "conditions": ["medical_institution"], "original": True},),
}
OWN_WORDS = (("11", "diploma", "按照考区的通知要求，毕业证书的内页和封面都要上传。"),)
FEES = {"physician": 26_000, "assistant": 20_000}  # fen
TERMS = {"point": 3, "site": 3, "region": 5}  # working days

Picture = tuple[str, str]  # category, variant of materials.specimens.draw


@dataclass(frozen=True)
class Kind:
    """What a person states on the form, where it differs from FORM, and the pictures that go with it."""

    category: str
    pictures: tuple[Picture, ...]
    form: Mapping[str, Any] = field(default_factory=dict)
    identity: tuple[Picture, ...] = (("identity", "front"), ("identity", "back"))
    document_type: str = "resident_id"
    region_code: str = "100101"  # the ID number's first six digits: assigned to nobody
    months: int = 12  # of trial or practice, at the first institution


DIPLOMA, DEGREE = ("diploma", "graduation"), ("degree", "degree")
FILING = ("education_proof", "filing")
PROBATION, LICENCE = ("probation", "certificate"), ("institution_licence", "copy")
ASSISTANT_LICENCE = tuple(("assistant_licence", variant) for variant in ("qualification", "practice", "certificate"))
COMMITMENT = ("fresh_commitment", "commitment")

INSTITUTION = {
    "name": "示例市示例医院",
    "address": "示例省示例市示例区示例路8号",
    "postcode": "999999",
    "registration_number": "PDY99000001",
    "legal_representative": "示例",
    "telephone": "0999-00000000",
}
SECOND_INSTITUTION = {
    "name": "示例市示例第二医院",
    "address": "示例省示例市示例区示例路9号",
    "postcode": "999999",
    "registration_number": "PDY99000002",
    "legal_representative": "示例",
    "telephone": "0999-00000001",
}
FORM: Mapping[str, Any] = {
    **{name: QUESTIONS[name].empty for name in STATED},
    "registration_changed": None,  # asked of who holds a licence
    "ethnicity": "汉族",
    "address": "示例省示例市示例区示例路1号",
    "postcode": "999999",
    "route": "degree",
    "education": "bachelor",
    "full_time": True,
    "school": "示例医学院",
    "major": "临床医学",
    "academic_degree": "医学学士",
    "employer_is_medical_institution": True,
    **{f"employer_{name}": value for name, value in INSTITUTION.items()},
    "post": "住院医师",
    **{f"trial_{name}": value for name, value in INSTITUTION.items()},
    "further_institutions": [],
}
NO_DEGREE = {"academic_degree": "", "education": "associate"}
HOLDS_LICENCE = {"holds_assistant_licence": True, "registration_changed": False}

KINDS: Mapping[str, Kind] = {
    "assistant": Kind("210", (DIPLOMA, FILING, PROBATION, LICENCE), NO_DEGREE),
    "physician": Kind("110", (DIPLOMA, DEGREE, FILING, PROBATION, LICENCE)),
    "dentist": Kind("120", (DIPLOMA, DEGREE, PROBATION, LICENCE), {"major": "口腔医学"}),
    # half a year here, half a year there: a certificate of each
    "two_trials": Kind(
        "110",
        (DIPLOMA, DEGREE, FILING, PROBATION, PROBATION, LICENCE),
        {"further_institutions": [SECOND_INSTITUTION]},
        months=5,
    ),
    "short_trial": Kind("210", (DIPLOMA, FILING, PROBATION, LICENCE), NO_DEGREE, months=5),
    "licence_holder": Kind("110", (DIPLOMA, LICENCE, *ASSISTANT_LICENCE), {**NO_DEGREE, **HOLDS_LICENCE}, months=36),
    "fresh_graduate": Kind("110", (DIPLOMA, DEGREE, FILING, LICENCE, COMMITMENT), {"fresh_graduate": True}),
    "postgraduate": Kind(
        "110",
        (
            DIPLOMA,
            DEGREE,
            *(("education_proof", variant) for variant in ("enrolment", "postgraduate", "supervisor")),
            LICENCE,
            COMMITMENT,
        ),
        {"education": "master", "fresh_graduate": True, "graduating_postgraduate": True},
    ),
    "paediatrics": Kind(
        "110",
        (DIPLOMA, DEGREE, PROBATION, LICENCE, ("supplementary_form", "form")),
        {"supplementary_test": "paediatrics", "post": "儿科医师"},
    ),
    "apprentice": Kind(
        "441",
        (("diploma", "apprentice"), PROBATION, LICENCE),
        {
            "route": "apprentice",
            **dict.fromkeys(("education", "school", "major", "academic_degree"), ""),
            "full_time": None,
            "overseas_education": None,
        },
    ),
    "military": Kind(
        "110",
        (DIPLOMA, DEGREE, PROBATION, LICENCE, ("military", "identity"), ("military", "approval")),
        {"serving_military": True},
    ),
    "taiwan": Kind(
        "110",
        (DIPLOMA, DEGREE, PROBATION, ("probation", "internship"), LICENCE),
        identity=(("identity", "front"), ("identity", "permit-back")),
        document_type="hmt_permit",
        region_code="839999",
    ),
    "foreign": Kind(
        "110",
        (DIPLOMA, DEGREE, PROBATION, ("probation", "internship-foreign"), LICENCE),
        {"ethnicity": "其他/外籍"},
        identity=(("identity", "passport"),),
        document_type="passport",
    ),
}

# how far a person comes -> the acts that lead there, each a method of Story, in story.py
SUBMITTED = ("complete", "upload", "submit")
PATHS: Mapping[str, tuple[str, ...]] = {
    Status.DRAFT: (),
    Status.REGISTERED: ("complete",),
    "uploaded": ("complete", "upload"),
    Status.POINT_REVIEW: SUBMITTED,
    Status.SITE_REVIEW: (*SUBMITTED, "pass_on"),
    Status.REGION_REVIEW: (*SUBMITTED, "pass_on", "pass_on"),
    Status.PAYMENT_DUE: (*SUBMITTED, "pass_on", "pass_on", "pass_on"),
    Status.PAID: (*SUBMITTED, "pass_on", "pass_on", "pass_on", "pay"),
    Status.RETURNED: (*SUBMITTED, "return_for_correction"),
    "returned_by_site": (*SUBMITTED, "pass_on", "return_for_correction"),
    "corrected": (*SUBMITTED, "return_for_correction", "correct", "submit"),
    "sent_back": (*SUBMITTED, "pass_on", "pass_on", "send_back"),
    Status.REJECTED: (*SUBMITTED, "reject"),
    "rejected_by_site": (*SUBMITTED, "pass_on", "reject"),
    Status.WITHDRAWN: ("complete", "withdraw"),
    Status.CANCELLED: (*SUBMITTED, "pass_on", "pass_on", "pass_on", "cancel"),
}
STATUS_OF: Mapping[str, str] = {
    "uploaded": Status.REGISTERED,
    "returned_by_site": Status.RETURNED,
    "corrected": Status.POINT_REVIEW,
    "sent_back": Status.SITE_REVIEW,
    "rejected_by_site": Status.REJECTED,
}


@dataclass(frozen=True)
class Person:
    """One candidate: `serial` makes everything that must differ from the others'."""

    serial: int
    name: str
    kind: str
    point: str
    path: str

    @property
    def mobile(self) -> str:
        return f"138{self.serial:08}"

    @property
    def birth_date(self) -> date:
        return date(1984, 1, 5) + timedelta(days=53 * self.serial)

    @property
    def document_number(self) -> str:
        kind = KINDS[self.kind]
        if kind.document_type == "passport":
            return f"X{self.serial:07}"
        digits = f"{kind.region_code}{self.birth_date:%Y%m%d}{self.serial:03}"
        return digits + check_character(digits)

    @property
    def status(self) -> str:
        return STATUS_OF.get(self.path, self.path)


NAMED = (
    Person(1, "张某某", "short_trial", "1101001", Status.REGISTERED),
    Person(2, "李某某", "physician", "1101001", "uploaded"),
    Person(3, "王某某", "two_trials", "1101001", Status.POINT_REVIEW),
    Person(4, "赵某某", "licence_holder", "1101001", Status.SITE_REVIEW),
    Person(5, "陈某某", "paediatrics", "1101001", Status.REGION_REVIEW),
    Person(6, "刘某某", "physician", "1101001", Status.RETURNED),
    Person(7, "杨某某", "fresh_graduate", "1101001", Status.PAYMENT_DUE),
    Person(8, "黄某某", "assistant", "1101001", Status.PAID),
    Person(9, "阿某·示例", "physician", "1101001", Status.DRAFT),
    Person(10, "周某某", "short_trial", "1101001", Status.REJECTED),
)

# of one site's two points, who gave the same number of their diploma: 赵某某 and one of 1101002
SHARE_A_DIPLOMA, DIPLOMA_OF_TWO = (4, 20), "999992018050000004"
# whose head has some of what it passes looked at twice, how many percent, and whom the two judge differently
LOOKS_TWICE, SHARE, DIFFERS = "1101", 10, 13
# at 1101001: who has a note, who has been asked, who has answered
NOTED, ASKED, ANSWERED = 3, 11, 12
# who has been waiting since the first days of the window, longer than any level has: 陈某某, at the region
OVERDUE = 5
# who has an appointment there today: who comes later, is at the desk, stayed away, is in the waiting room
TODAY = (11, 12, 15, 3)

# at the first and at the second point of each site
AT_FIRST = (
    ("assistant", Status.POINT_REVIEW),
    ("physician", "corrected"),
    ("fresh_graduate", Status.SITE_REVIEW),
    ("licence_holder", Status.REGION_REVIEW),
    ("paediatrics", Status.RETURNED),
    ("dentist", Status.PAYMENT_DUE),
    ("assistant", Status.PAID),
)
AT_SECOND = (
    ("taiwan", Status.POINT_REVIEW),
    ("apprentice", Status.POINT_REVIEW),
    ("military", Status.SITE_REVIEW),
    ("physician", Status.REGION_REVIEW),
    ("licence_holder", "returned_by_site"),
    ("postgraduate", "sent_back"),
    ("assistant", Status.REGISTERED),
)
# and one more of each site
BESIDE = {
    "1101": ("physician", "rejected_by_site"),
    "1102": ("dentist", Status.WITHDRAWN),
    "1201": ("foreign", Status.POINT_REVIEW),
    "1202": ("apprentice", Status.DRAFT),
}
# in the session before, which is closed and whose owed papers are past their date: they may apply anew
EARLIER = (
    ("fresh_graduate", Status.CANCELLED),
    ("fresh_graduate", Status.CANCELLED),
    ("assistant", Status.PAID),
    ("physician", Status.REJECTED),
    ("dentist", Status.WITHDRAWN),
)
# who has applied in both sessions: how far they came in the one before
RETURNING = {9: Status.PAID}

SURNAMES = (
    "吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范"
    "汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹"
)


def others() -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """List the unnamed people: those of this session, and those of the one before."""
    rows: list[tuple[str, str, str]] = []
    for site, beside in BESIDE.items():
        rows += [(kind, f"{site}001", path) for kind, path in AT_FIRST]
        rows += [(kind, f"{site}002", path) for kind, path in (*AT_SECOND, beside)]
    count = len(rows)
    rows += [(kind, "1101001", path) for kind, path in EARLIER]

    people = tuple(
        Person(11 + index, f"{SURNAMES[index]}某某", kind, point, path)
        for index, (kind, point, path) in enumerate(rows)
    )
    return people[:count], people[count:]
