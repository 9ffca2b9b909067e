from datetime import date

import pytest
from hypothesis import given

from materials.rules.onsite import (
    ATTACHMENT_4,
    ATTACHMENT_4_NOTE,
    NOTICE_FOREIGN,
    NOTICE_HONGKONG_MACAO_TAIWAN,
    NOTICE_OVERSEAS,
    attachment_4_items,
    lines,
)
from tests.materials.stated import quoted, rows
from tests.profiles import ANY_PROFILE, YEAR, profile

NOTICE = (1, "《医师资格考试网上报名成功通知单》", "1份", "")
IDENTITY = (2, "本人有效身份证明", "原件及复印件1份", "")
DIPLOMA = (3, "毕业证书", "原件及复印件1份", "")
DIPLOMA_HELD = (
    3,
    "毕业证书",
    "原件及复印件1份",
    "提交已取得的毕业证书；新取得的毕业证书、学位证书在取得后补交，最迟2026年8月31日",
)
APPRENTICE = (3, "《传统医学师承出师证书》", "原件及复印件1份", "")
EXPERTISE = (3, "《传统医学医术确有专长证书》", "原件及复印件1份", "")
RECORD = (4, "教育部学历证书电子注册备案表", "1份", "")
LICENCE = (5, "助理医师资格证", "原件及复印件1份", "")
PRACTICE = (6, "助理医师执业证", "原件及复印件1份", "")
PROBATION = (7, "《医师资格考试试用期考核证明》", "原件", "")
PROBATION_LATER = (7, "《医师资格考试试用期考核证明》", "原件", "应届医学专业毕业生2026年8月31日前交考点办公室")
PRACTICE_PROOF = (8, "《执业助理医师报考执业医师执业期考核证明》", "原件", "")
PRACTICE_PROOF_MILITARY = (8, "《执业助理医师报考执业医师执业期考核证明》", "原件", "附团级以上卫生部门的审核证明")
SEALED = "加盖医疗机构印章（无印章无效）"
TRIAL_INSTITUTION = (9, "试用期所在医疗机构的《医疗机构执业许可证》正、副本", "复印件1份", SEALED)
INSTITUTION = (9, "所在医疗机构的《医疗机构执业许可证》正、副本", "复印件1份", SEALED)
COMMITMENT = (10, "《应届医学专业毕业生医师资格考试报考承诺书》", "原件", "")
PHOTOGRAPHS = (11, "近期（6个月内）白底免冠小二寸照片", "2张", "粘贴在身份证复印件右上角空白处")
POSTGRADUATE = (
    (None, "本人入学登记表", "原件及复印件1份", ""),
    (None, "院校研究生院“临床研究生资格”证明", "原件", ""),
    (None, "导师所在医疗机构出具的证明", "原件", "导师签字确认"),
)
UNDER = "按照原国家卫健委{}相关规定提供"
TRIAL_ABROAD = (
    None,
    "《台湾、香港、澳门居民参加国家医师资格考试实习申请审核表》",
    "原件",
    UNDER.format(NOTICE_HONGKONG_MACAO_TAIWAN),
)
TRIAL_OVERSEAS = (*TRIAL_ABROAD[:3], UNDER.format(NOTICE_OVERSEAS))
TRIAL_FOREIGN = (
    *(None, "《外籍人员参加中国医师资格考试实习申请审核表》", "原件"),
    UNDER.format(NOTICE_FOREIGN),
)
RECOGNITION = (None, "教育部留学认证中心《国外学历学位认证书》", "原件", "")
RECOGNITION_MAINLAND = (*RECOGNITION[:3], UNDER.format(NOTICE_OVERSEAS))
MILITARY = (
    (None, "军队相关身份证明", "原件及复印件1份", ""),
    (None, "团级以上政治部门同意报考的证明", "原件", ""),
)
SUPPLEMENTARY = (None, "2026年医师资格考试短线医学专业加试申请表", "原件", "")

ORDINARY = (NOTICE, IDENTITY, DIPLOMA, RECORD, PROBATION, TRIAL_INSTITUTION, PHOTOGRAPHS)
WITHOUT_RECORD = (NOTICE, IDENTITY, DIPLOMA, PROBATION, TRIAL_INSTITUTION, PHOTOGRAPHS)
LICENSED = (NOTICE, IDENTITY, DIPLOMA, RECORD, LICENCE, PRACTICE, PRACTICE_PROOF, INSTITUTION, PHOTOGRAPHS)
PHYSICIAN = {"level": "physician", "education": "bachelor"}
LICENCE_HOLDER = {"level": "physician", "holds_assistant_licence": True}
FRESH = {"fresh_graduate": True, "graduated_on": date(2025, 7, 1)}
GRADUATING = {
    "level": "physician",
    "education": "master",
    "graduated_on": date(2026, 6, 30),
    "graduating_postgraduate": True,
}


def brought(**changes):
    return tuple((line.item, line.document, line.amount, line.remark) for line in lines(profile(**changes), year=YEAR))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ORDINARY),
        ({"education": "secondary"}, WITHOUT_RECORD),
        ({"graduated_on": date(2001, 7, 1)}, WITHOUT_RECORD),
        (
            FRESH,
            (NOTICE, IDENTITY, DIPLOMA, RECORD, PROBATION_LATER, TRIAL_INSTITUTION, COMMITMENT, PHOTOGRAPHS),
        ),
        (
            {"route": "apprentice", "education": None, "graduated_on": None},
            (NOTICE, IDENTITY, APPRENTICE, PROBATION, TRIAL_INSTITUTION, PHOTOGRAPHS),
        ),
        (
            {"route": "expertise"},
            (NOTICE, IDENTITY, EXPERTISE, PROBATION, TRIAL_INSTITUTION, PHOTOGRAPHS),
        ),
        (LICENCE_HOLDER, LICENSED),
        (
            {**LICENCE_HOLDER, "education": "bachelor", "serving_military": True},
            (*LICENSED[:6], PRACTICE_PROOF_MILITARY, *LICENSED[7:], *MILITARY),
        ),
        (PHYSICIAN, ORDINARY),
        (
            {**PHYSICIAN, **FRESH},
            (NOTICE, IDENTITY, DIPLOMA, RECORD, PROBATION_LATER, TRIAL_INSTITUTION, COMMITMENT, PHOTOGRAPHS),
        ),
        (
            GRADUATING,
            (NOTICE, IDENTITY, DIPLOMA_HELD, RECORD, PROBATION, TRIAL_INSTITUTION, PHOTOGRAPHS, *POSTGRADUATE),
        ),
        (
            {**GRADUATING, "holds_assistant_licence": True},
            (*LICENSED[:2], DIPLOMA_HELD, *LICENSED[3:], *POSTGRADUATE),
        ),
        (
            {**LICENCE_HOLDER, "route": "apprentice"},
            (NOTICE, IDENTITY, APPRENTICE, LICENCE, PRACTICE, PRACTICE_PROOF, INSTITUTION, PHOTOGRAPHS),
        ),
        (
            {**LICENCE_HOLDER, "route": "expertise", "serving_military": True},
            (
                *(NOTICE, IDENTITY, EXPERTISE, LICENCE, PRACTICE, PRACTICE_PROOF_MILITARY, INSTITUTION, PHOTOGRAPHS),
                *MILITARY,
            ),
        ),
        ({"residency": "hongkong"}, (*ORDINARY, TRIAL_ABROAD)),
        ({"residency": "macao"}, (*ORDINARY, TRIAL_ABROAD)),
        ({"residency": "taiwan", "overseas_education": True}, (*WITHOUT_RECORD, TRIAL_OVERSEAS, RECOGNITION)),
        ({"residency": "foreign"}, (*ORDINARY, TRIAL_FOREIGN)),
        ({**LICENCE_HOLDER, "residency": "foreign"}, LICENSED),
        ({"overseas_education": True}, (*WITHOUT_RECORD, RECOGNITION_MAINLAND)),
        ({"serving_military": True}, (*ORDINARY, *MILITARY)),
        ({"supplementary_test": "paediatrics"}, (*ORDINARY, SUPPLEMENTARY)),
    ],
)
def test_a_row_of_the_specification(changes, expected):
    assert brought(**changes) == expected


def test_original_and_copies_are_told_apart():
    by_item = {line.item: (line.original, line.copies) for line in lines(profile(), year=YEAR)}
    assert by_item == {
        1: (False, 1),
        2: (True, 1),
        3: (True, 1),
        4: (False, 1),
        7: (True, 0),
        9: (False, 1),
        11: (False, 2),
    }


@pytest.mark.parametrize(
    ("changes", "items"),
    [
        ({}, {1, 2, 3, 4, 7, 9, 11}),
        (FRESH, {1, 2, 3, 4, 7, 9, 10, 11}),
        (LICENCE_HOLDER, {1, 2, 3, 4, 5, 6, 8, 9, 11}),
        ({"route": "apprentice"}, {1, 2, 3, 7, 9, 11}),
    ],
)
def test_which_rows_of_attachment_4_apply(changes, items):
    assert attachment_4_items(profile(**changes), year=YEAR) == items


@pytest.mark.parametrize(
    ("changes", "proof", "amount", "remark"),
    [
        ({}, PROBATION, "原件3份", "每个机构1份，共3份"),
        (FRESH, PROBATION_LATER, "原件3份", f"每个机构1份，共3份；{PROBATION_LATER[3]}"),
        (LICENCE_HOLDER, PRACTICE_PROOF, "原件3份", "每个机构1份，共3份"),
    ],
)
def test_every_institution_gives_a_certificate_and_nothing_else_is_counted_by_them(changes, proof, amount, remark):
    once = lines(profile(**changes), year=YEAR)
    several = lines(profile(**changes), year=YEAR, institutions=3)
    (differs,) = [after for before, after in zip(once, several, strict=True) if before != after]
    assert (differs.item, differs.document, differs.amount, differs.remark) == (*proof[:2], amount, remark)


def test_attachment_4_is_the_guides_to_the_letter():
    stated = [(int(row["number"]), row["name"], row["copies"], row["remark"]) for row in rows("attachment_4")]
    assert list(ATTACHMENT_4) == stated
    assert quoted("附件4") == ATTACHMENT_4_NOTE


def test_the_notices_for_candidates_from_abroad_are_quoted_from_the_guide():
    titles = (NOTICE_HONGKONG_MACAO_TAIWAN, NOTICE_OVERSEAS, NOTICE_FOREIGN)
    assert quoted("附件3") == "按照原国家卫健委{}、{}及{}相关规定提供".format(*titles)


@given(ANY_PROFILE)
def test_the_list_begins_with_attachment_4_in_its_order_and_repeats_nothing(any_profile):
    brought = lines(any_profile, year=YEAR)
    items = [line.item for line in brought if line.item is not None]
    assert [line.item for line in brought[: len(items)]] == sorted(set(items))
    assert {1, 2, 3, 9, 11} <= set(items)
    assert len({line.document for line in brought}) == len(brought)
    assert [line for line in brought if "{" in line.document + line.remark] == []
