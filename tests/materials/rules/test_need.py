from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from materials.rules.catalogue import CATEGORIES
from materials.rules.need import RECOMMENDED_RECORD, Notice, needs, owed
from tests.materials.stated import rows
from tests.profiles import ANY_PROFILE, YEAR, profile

CODES = [category.code for category in CATEGORIES]
ANY_NOTICES = st.lists(st.builds(Notice, st.sampled_from(CODES), st.booleans(), st.sampled_from(["", "须加盖公章"])))

BACHELOR = {"level": "physician", "education": "bachelor"}
LICENSED = {"level": "physician", "holds_assistant_licence": True}
GRADUATING = {
    "level": "physician",
    "education": "master",
    "graduated_on": date(YEAR, 6, 30),
    "graduating_postgraduate": True,
}
FRESH = {"graduated_on": date(YEAR - 1, 7, 1), "fresh_graduate": True}

# what differs from the base profile, by the words of the row (data/needs.csv)
CHANGES = {
    "(none)": {},
    "physician, bachelor": BACHELOR,
    "physician, bachelor, not full_time": {**BACHELOR, "full_time": False},
    "physician, associate, holds_assistant_licence": LICENSED,
    "physician, apprentice, no education, holds_assistant_licence": {
        **LICENSED,
        "route": "apprentice",
        "education": None,
        "graduated_on": None,
    },
    "physician, master, graduated in June of the session's year, fresh_graduate, graduating_postgraduate": {
        **GRADUATING,
        "fresh_graduate": True,
    },
    "taiwan, physician, bachelor, graduated last year, fresh_graduate": {**BACHELOR, **FRESH, "residency": "taiwan"},
    "serving_military, not a medical institution": {"serving_military": True, "employer_is_medical_institution": False},
    "taiwan, overseas_education, physician, bachelor, paediatrics": {
        **BACHELOR,
        "residency": "taiwan",
        "overseas_education": True,
        "supplementary_test": "paediatrics",
    },
}


def codes(status, lines):
    return {line.category.code for line in lines if line.status == status}


def line_of(code, notices=(), document_type="", **changes):
    lines = needs(profile(**changes), year=YEAR, notices=notices, document_type=document_type)
    return next((line for line in lines if line.category.code == code), None)


def documents_of(code, **changes):
    return line_of(code, **changes).documents


@pytest.mark.parametrize("row", rows("needs"), ids=lambda row: row["profile"])
def test_a_row_of_the_specification(row):
    lines = needs(profile(**CHANGES[row["profile"]]), year=YEAR)
    assert codes("required", lines) == set(row["required"].split(", "))
    assert codes("optional", lines) == set(row["optional"].split(", "))


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({"education": "bachelor"}, "degree", "required"),
        ({"education": "doctor", "full_time": False}, "degree", "optional"),
        ({"education": "bachelor", "route": "apprentice"}, "degree", None),
        ({"education": "secondary"}, "degree", None),
        (GRADUATING, "education_proof", "required"),
        (FRESH, "probation", "optional"),
        ({**FRESH, "residency": "foreign"}, "probation", "required"),
        ({**LICENSED, "residency": "foreign"}, "probation", None),
        ({}, "assistant_licence", None),
        ({}, "fresh_commitment", None),
        ({}, "supplementary_form", None),
        ({"supplementary_test": "prehospital"}, "supplementary_form", "required"),
        ({}, "military", None),
        ({"employer_is_medical_institution": False}, "institution_licence", "optional"),
    ],
)
def test_when_a_category_is_required_optional_or_hidden(changes, code, status):
    line = line_of(code, **changes)
    assert (line and line.status) == status


DIPLOMA_ABROAD = "教育部留学认证中心《国外学历学位认证书》"
PROBATION = "《医师资格考试试用期考核证明》"
LICENCE_PAPERS = ("执业助理《医师资格证书》", "《医师执业证书》", "《执业助理医师报考执业医师执业期考核证明》")


@pytest.mark.parametrize(
    ("code", "changes", "documents"),
    [
        ("identity", {}, ("报名时所选的身份证件（居民身份证须有人像面和国徽面）",)),
        ("identity", {"residency": "macao"}, ("报名时所选的身份证件（港澳台居民居住证或港、澳、台居民身份证）",)),
        ("identity", {"residency": "foreign"}, ("报名时所选的证件（护照有照片的一页，或外国人永久居留身份证两面）",)),
        ("identity", {"document_type": "resident_id"}, ("居民身份证人像面", "居民身份证国徽面")),
        ("identity", {"document_type": "temporary_id"}, ("临时居民身份证人像面", "临时居民身份证国徽面")),
        ("identity", {"document_type": "officer"}, ("军官证",)),
        ("diploma", {}, ("毕业证书",)),
        ("diploma", {"overseas_education": True}, ("毕业证书", DIPLOMA_ABROAD)),
        ("diploma", {"route": "apprentice", "education": None}, ("《传统医学师承出师证书》",)),
        ("diploma", {"route": "apprentice"}, ("《传统医学师承出师证书》", "毕业证书")),
        ("diploma", {"route": "expertise"}, ("《传统医学医术确有专长证书》", "毕业证书")),
        ("diploma", GRADUATING, ("本科毕业证书（已取得的学历）",)),
        ("degree", {"education": "bachelor"}, ("学位证书",)),
        ("degree", GRADUATING, ("学士学位证书（已取得的学位）",)),
        (
            "education_proof",
            {},
            ("教育部学历证书电子注册备案表、办学批文、招生花名册、跨省招生计划等其他学历佐证材料",),
        ),
        (
            "education_proof",
            GRADUATING,
            ("本人入学登记表", "院校研究生院“临床研究生资格”证明", "导师所在医疗机构出具的证明（导师签字确认）"),
        ),
        ("probation", {}, (PROBATION,)),
        ("probation", {"residency": "foreign"}, (PROBATION, "《外籍人员参加中国医师资格考试实习申请审核表》")),
        *(
            (
                "probation",
                {"residency": residency},
                (PROBATION, "《台湾、香港、澳门居民参加国家医师资格考试实习申请审核表》"),
            )
            for residency in ("hongkong", "macao", "taiwan")
        ),
        ("institution_licence", {}, ("《医疗机构执业许可证》副本复印件（加盖医疗机构公章）",)),
        ("assistant_licence", LICENSED, LICENCE_PAPERS),
        ("assistant_licence", {**LICENSED, "registration_changed": True}, (*LICENCE_PAPERS, "首次执业注册证明")),
        ("assistant_licence", {**LICENSED, "serving_military": True}, (*LICENCE_PAPERS, "团级以上卫生部门的审核证明")),
        ("fresh_commitment", FRESH, ("《应届医学专业毕业生医师资格考试报考承诺书》",)),
        (
            "supplementary_form",
            {"supplementary_test": "paediatrics"},
            ("《2026年度医师资格考试短线医学专业加试申请表》原件（加盖试用机构公章）",),
        ),
        (
            "supplementary_form",
            {**LICENSED, "supplementary_test": "paediatrics"},
            ("《2026年度医师资格考试短线医学专业加试申请表》原件（加盖工作单位公章）",),
        ),
        ("military", {"serving_military": True}, ("军队相关身份证明", "团级以上政治部门审核同意报考的证明")),
        ("other", {}, ("考点规定的其他材料",)),
    ],
)
def test_what_a_category_must_show(code, changes, documents):
    assert documents_of(code, **changes) == documents


@pytest.mark.parametrize(
    ("code", "changes", "reasons"),
    [
        ("identity", {}, ("因为所有考生都须提交",)),
        ("fresh_commitment", FRESH, ("因为您是应届医学专业毕业生",)),
        ("military", {"serving_military": True}, ("因为您是军队现役人员",)),
        ("diploma", {"route": "expertise"}, ("确有专长考生在这一栏上传《确有专长证书》",)),
        ("institution_licence", {}, ("因为您的工作单位是医疗机构",)),
        ("assistant_licence", LICENSED, ("因为您以执业助理医师身份报考执业医师",)),
        ("supplementary_form", {"supplementary_test": "prehospital"}, ("因为您申请参加院前急救加试",)),
        ("probation", {"residency": "foreign"}, ("因为您须经试用期考核后报考", "因为您是外籍考生")),
    ],
)
def test_a_line_says_why_it_is_there(code, changes, reasons):
    assert line_of(code, **changes).reasons == reasons


def test_the_year_in_a_title_is_the_sessions():
    lines = needs(profile(supplementary_test="paediatrics"), year=2031)
    titles = {line.category.code: line.title for line in lines}
    assert titles["supplementary_form"] == "2031年度医师资格考试短线医学专业加试申请表"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"graduated_on": date(2002, 1, 1)}, RECOMMENDED_RECORD),
        ({"graduated_on": date(2001, 12, 31)}, ""),
        ({"education": "secondary"}, ""),
        ({"overseas_education": True}, ""),
        (GRADUATING, ""),
    ],
)
def test_the_online_record_is_recommended_where_it_exists(changes, sentence):
    assert line_of("education_proof", **changes).recommended == sentence


def test_a_notice_makes_an_optional_category_required_and_adds_its_words():
    notices = [Notice("other", False, "体检表"), Notice("other", True, "体检表须在三个月内")]
    line = line_of("other", notices)
    assert (line.status, line.words) == ("required", ("体检表", "体检表须在三个月内"))
    assert line.reasons == ("考点另有规定的，按考点的要求提交", "因为考区或考点的通知要求提交")


def test_a_notice_shows_no_hidden_category_and_makes_no_owed_paper_required():
    notices = [Notice("military", True, "现役证明"), Notice("probation", True, "须加盖公章")]
    assert line_of("military", notices, **FRESH) is None
    line = line_of("probation", notices, **FRESH)
    assert (line.status, line.words) == ("optional", ("须加盖公章",))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        (FRESH, ("probation",)),
        ({**FRESH, "residency": "taiwan"}, ("probation",)),
        (GRADUATING, ("diploma", "degree")),
        ({**GRADUATING, "fresh_graduate": True}, ("diploma", "degree", "probation")),
    ],
)
def test_what_is_owed(changes, expected):
    assert owed(profile(**changes)) == expected
    lines = needs(profile(**changes), year=YEAR)
    assert tuple(line.category.code for line in lines if line.owed) == expected


def test_an_owed_line_says_until_when_and_expects_no_picture_yet():
    line = line_of("probation", **FRESH)
    assert line.due == "试用期满一年的《医师资格考试试用期考核证明》，请在取得后补交，最迟 2026 年 8 月 31 日 24:00。"
    assert (line.expected, line_of("probation", residency="taiwan", **FRESH).expected) == (0, 1)


@pytest.mark.parametrize(
    ("code", "changes", "one", "three"),
    [
        ("probation", {}, 1, 3),
        ("probation", {"residency": "taiwan"}, 2, 4),
        ("probation", FRESH, 0, 0),
        ("assistant_licence", {"level": "physician", "holds_assistant_licence": True}, 3, 5),
        ("institution_licence", {}, 1, 1),
    ],
)
def test_each_institution_gives_a_certificate_of_its_own(code, changes, one, three):
    def expected(institutions):
        lines = needs(profile(**changes), year=YEAR, institutions=institutions)
        return next(line.expected for line in lines if line.category.code == code)

    assert (expected(1), expected(3)) == (one, three)


def test_several_certificates_are_said_in_the_list_of_documents():
    lines = {line.category.code: line.documents for line in needs(profile(), year=YEAR, institutions=2)}
    assert lines["probation"] == ("《医师资格考试试用期考核证明》（2 份：每个机构 1 份）",)
    assert documents_of("probation") == ("《医师资格考试试用期考核证明》",)


@given(ANY_PROFILE, ANY_NOTICES)
def test_a_list_is_total_and_in_the_catalogues_order(any_profile, notices):
    lines = needs(any_profile, year=YEAR, notices=notices)
    places = [CODES.index(line.category.code) for line in lines]
    assert all(before < after for before, after in pairwise(places))
    assert all(line.documents and line.reasons and line.status in ("required", "optional") for line in lines)
    assert all(len(line.documents) == len(line.remarks) for line in lines)
    assert {"identity", "diploma"} <= codes("required", lines)
    assert lines[-1].category.code == "other"


@given(ANY_PROFILE, ANY_NOTICES)
def test_notices_only_ever_turn_what_is_optional_and_not_owed_into_required(any_profile, notices):
    before = needs(any_profile, year=YEAR)
    after = needs(any_profile, year=YEAR, notices=notices)
    asked = {notice.category for notice in notices if notice.required} & codes("optional", before)
    assert [line.category for line in after] == [line.category for line in before]
    assert codes("required", after) == codes("required", before) | asked - set(owed(any_profile))


@given(ANY_PROFILE, ANY_NOTICES)
def test_the_same_questions_have_the_same_answer(any_profile, notices):
    assert needs(any_profile, year=YEAR, notices=notices) == needs(any_profile, year=YEAR, notices=list(notices))


@given(ANY_PROFILE)
def test_nothing_is_left_unfilled_in_the_texts(any_profile):
    lines = needs(any_profile, year=YEAR)
    texts = [text for line in lines for text in (line.title, line.due, *line.documents, *line.remarks, *line.reasons)]
    assert [text for text in texts if "{" in text] == []


LEGIBLE = "姓名、号码、有效期限清晰可辨，报名当日在有效期内"


@pytest.mark.parametrize(
    ("residency", "document_type", "told"),
    [
        ("mainland", "resident_id", {"居民身份证人像面": LEGIBLE, "居民身份证国徽面": LEGIBLE}),
        (
            "mainland",
            "temporary_id",
            {"临时居民身份证人像面": f"{LEGIBLE}；请尽快换证", "临时居民身份证国徽面": f"{LEGIBLE}；请尽快换证"},
        ),
        ("foreign", "passport", {"护照": f"有照片的一页；{LEGIBLE}"}),
        (
            "foreign",
            "permanent_resident",
            {"外国人永久居留身份证正面": LEGIBLE, "外国人永久居留身份证背面": LEGIBLE},
        ),
    ],
)
def test_the_identity_line_says_what_concerns_the_chosen_document(residency, document_type, told):
    line = line_of("identity", residency=residency, document_type=document_type)
    assert dict(zip(line.documents, line.remarks, strict=True)) == told


def test_only_a_fresh_graduate_is_told_to_wait_for_the_probation_certificate():
    remarks = {name: line_of("probation", **changes).remarks[0] for name, changes in (("fresh", FRESH), ("other", {}))}
    assert {name: "取得后再上传" in remark for name, remark in remarks.items()} == {"fresh": True, "other": False}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, True),
        ({"education": "secondary"}, False),
        ({"graduated_on": date(2001, 7, 1)}, False),
        ({"overseas_education": True}, False),
    ],
)
def test_what_is_legible_on_the_online_record_is_said_to_whom_has_one(changes, told):
    remark = line_of("education_proof", **changes).remarks[0]
    assert ("备案表" in remark, remark.startswith("上述材料有哪几种就上传哪几种")) == (told, True)
