"""What is printed: the source's wording to the letter, one page, every value whole."""

import io
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from candidates.models import Application
from candidates.rules.sections import FIELDS
from materials.printing import documents
from tests.materials import applications
from tests.materials.applications import LONGEST, NOTICE, SHORTEST, YEAR, application
from tests.materials.printing.test_pdf import needs_rare_fonts, picture_of, text_of
from tests.profiles import profile

SLUGS = [document.slug for document in documents.DOCUMENTS]
FORMS = [document.slug for document in documents.blank_forms()]
VALUES = {"typical": {}, "longest": LONGEST, "shortest": SHORTEST}

# Attachments 4 to 8 of the source, row by row, cells parted by spaces; 2022 is the session's year, the slip
# 报名点核意见 is corrected, and the dates of Attachment 8's three approvals are added.
APPRAISAL = """
主要{kind}岗位（科室） 岗位（科室）名称 带教老师评价 {teacher}医师执业证书号码 带教老师签字
合格 不合格
{kind}机构考核意见 合格（ ）不合格（ ）单位法人代表/法定代表人签字：单位公章 年月日
报名点审核意见 报名点公章：经手人签字：年月日
"""
INSTITUTION = """
{kind}机构 名称
地址 邮编
登记号 法定代表人
{kind}起止时间 （ ）年（ ）月至（ ）年（ ）月
"""
WORDING = {
    "checklist": """
附件4 医师资格考试资格审核材料目录清单
提交材料目录
序号 材料名称 份数 备注
1 医师资格考试网上报名成功通知单 1
2 本人有效身份证明复印件 1
3 毕业证书原件及复印件 1
4 教育部学历证书电子注册备案表 1
5 执业助理医师资格证原件、复印件 1 助理考执业提交
6 执业助理医师执业证原件、复印件 1 助理考执业提交
7 医师资格考试试用期考核证明 1
8 执业助理医师报考执业医师执业期考核证明 1 助理考执业提交
9 所在医疗机构的《医疗机构执业许可证》正、副本复印件，加盖医疗机构印章（无印章无效） 1
10 应届医学专业毕业生医师资格考试报考承诺书 1 应届毕业生提交
11 近期白底免冠小二寸照片2张（粘贴在身份证复印件右上角空白处） 1
注：以上材料复印件均以A4纸准备，按材料序号顺序进行装订；当年毕业研究生导师所在医疗机构出具的证明必须有导师签字，
台港澳及外籍考生报考医师资格考试审核条件参照
《关于取得中国医学专业学历的外籍人员申请参加中华人民共和国医师资格考试有关问题的通知》
""",
    "probation-certificate": """
附件5 医师资格考试试用期考核证明
报名编号：
姓名 性别 出生年月
民族 所学专业 医学学历
取得学历年月 有效身份证件号码
报考类别
"""
    + (INSTITUTION + APPRAISAL).format(kind="试用", teacher="带教老师"),
    "practice-certificate": """
附件6 执业助理医师报考执业医师执业期考核证明
执业助理医师执业证书编号：（ ）
姓名 性别 民族
医学学历 所学专业 取得学历年月
报考类别 有效身份证件号码
"""
    + (INSTITUTION + APPRAISAL).format(kind="工作", teacher="带教执业")
    + """
注：
1.本表黑线上方由考生自己填写，黑线以下由工作机构填写，本表缺项、涂改无效。
2.带教老师对考生从临床岗位胜任力、基本技能、医患关系、医际关系及职业道德操守等方面作综合评价是否合格，并在相应栏目划“√”。
3.军队考生须提交团级以上卫生部门的审核证明。
4.本表栏目空间若不够填写，可另附页。
""",
    "fresh-graduate-commitment": """
附件7 应届医学专业毕业生医师资格考试报考承诺书
本人于 年 月 日毕业于 学校 专业。自 年 月起，在 单位试用，至 年 月试用期将满一年。
本人承诺将于2027年8月31日前，将后续试用累计满一年的《医师资格考试试用期考核证明》及时交考点办公室。
如违诺，本人愿承担由此引起的责任，并按规定接受取消当年医师资格考试资格的处罚。
考生签字： 有效身份证明号码： 手机号码： 年 月 日
""",
    "supplementary-test": """
附件8 2027年医师资格考试短线医学专业加试申请表
个人信息
姓名 身份证号
工作单位 工作岗位
加试内容 院前急救□ 儿科□
考生承诺
1. 本人自愿申请参加2027年医师资格考试短线医学专业加试。
2. 本人获得医师资格后，限定在加试内容所对应岗位工作。
3. 通过加试获得的医师资格不作为加试专业范围之外的注册、执业资格依据。
4. 以上个人申报信息真实、准确、有效。
5. 本人能够遵守以上承诺，如有违反，愿意承担由此而造成的一切后果。
考生签字： 日期：
单位审核： 单位盖章： 负责人签字： 年月日
考点审核： 考点盖章： 经手人签字： 年月日
考区审核： 考区盖章： 经手人签字： 年月日
""",
}
# the fields of an application that each document prints as they are typed
PRINTED = {
    "notice": sorted(
        {field for field in documents.AS_TYPED if isinstance(applications.TYPICAL[field], str)}
        - {"supplementary_test", "licence_number", "practice_number"}
    ),
    "checklist": [],
    "probation-certificate": [
        *("name", "ethnicity", "major", "document_number", "trial_name", "trial_address", "trial_postcode"),
        *("trial_registration_number", "trial_legal_representative"),
    ],
    "practice-certificate": [
        *("practice_number", "name", "ethnicity", "major", "document_number", "employer_name", "employer_address"),
        *("employer_postcode", "employer_registration_number", "employer_legal_representative"),
    ],
    "fresh-graduate-commitment": ["school", "major", "trial_name", "document_number", "mobile"],
    "supplementary-test": ["name", "document_number", "employer_name", "post"],
}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@cache  # most tests look at the same few
def printed(slug: str, values="typical", **changes) -> bytes:
    return of(slug, application(VALUES[values], **changes))


def of(slug: str, shown) -> bytes:
    """Print it with the employer's part, as a candidate may ask for it."""
    page = documents.context(documents.get(slug), year=YEAR, application=shown, notice=NOTICE, employer=True)
    return documents.print_page(page)


def pages(content: bytes) -> list[str]:
    return text_of(content).split("\f")[:-1]


@pytest.mark.parametrize("slug", FORMS)
def test_a_blank_form_says_what_the_source_says_in_its_order_and_nothing_else(slug):
    content = documents.render_blank(slug, YEAR)
    assert len(pages(content)) == 1
    assert squeezed(text_of(content)) == squeezed(WORDING[slug])


@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("slug", SLUGS)
def test_every_value_is_printed_whole_and_one_page_stays_one_page(slug, values):
    content = printed(slug, values)
    found = squeezed(text_of(content))
    given = {field: squeezed(VALUES[values].get(field, applications.TYPICAL[field])) for field in PRINTED[slug]}
    assert {field for field, value in given.items() if value not in found} == set()
    assert len(pages(content)) == (2 if slug == "notice" else 1)


@pytest.mark.parametrize("slug", FORMS)
def test_a_prefilled_form_keeps_every_label_in_order(slug):
    found = squeezed(text_of(printed(slug, practice_number="")))
    labels = re.sub(r"[□☑（）]", " ", WORDING[slug]).split()
    at = 0
    for label in labels:
        at = found.index(squeezed(label), at) + len(squeezed(label))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_prefilled_form_carries_its_number_and_the_same_bytes_twice(slug):
    content = printed(slug)
    assert "报名编号2027110100100017" in squeezed(text_of(content)).replace("：", "")
    assert content == printed.__wrapped__(slug)


def test_the_notice_says_its_version_its_code_its_point_and_its_dates():
    text = squeezed(text_of(printed("notice")))
    assert text.startswith("2027年医师资格考试网上报名成功通知单")
    assert re.findall(r"第2版|验证码7K4M9PQ2XW|签发时间2027年1月18日14:00", text) == [
        *("第2版", "验证码7K4M9PQ2XW", "第2版", "签发时间2027年1月18日14:00")
    ]
    assert re.findall(r"北京市东城区示例路1号|010-00000000|1月15日09:00至3月8日24:00|4月10日至4月20日24:00", text) == [
        *("010-00000000", "北京市东城区示例路1号", "1月15日09:00至3月8日24:00", "4月10日至4月20日24:00")
    ]


def test_the_notice_numbers_its_pages_and_names_itself_on_the_second():
    first, second = pages(printed("notice"))
    assert (first.count("第 1 页 / 共 2 页"), second.count("第 2 页 / 共 2 页")) == (1, 1)
    assert second.count("医师资格考试网上报名成功通知单 报名编号 2027110100100017") == 1


def test_the_notice_lists_what_this_candidate_brings_with_boxes():
    lines = documents.onsite.lines(application().profile, year=YEAR)
    second = squeezed(pages(printed("notice"))[1])
    assert second.count("□") == len(lines) == 7
    assert [line.document for line in lines if squeezed(line.document) not in second] == []


def test_the_checklist_marks_what_this_candidate_hands_in():
    marks = re.findall(r"本人(不?)需提交(✓?)", squeezed(text_of(printed("checklist"))))
    assert "".join("".join(mark) for mark in marks) == "✓✓✓✓不不✓不✓不✓"


def test_the_checklist_remarks_what_the_notice_remarks_on_the_same_line():
    fresh = {"fresh_graduate": True, "graduated_on": date(2027, 6, 30)}
    found = [squeezed(text_of(printed(slug, **fresh))) for slug in ("notice", "checklist")]
    assert [text.count("应届医学专业毕业生2027年8月31日前交考点办公室") for text in found] == [1, 1]
    lines = [line for line in documents.onsite.lines(application(**fresh).profile, year=YEAR) if line.remark]
    assert [line.remark for line in lines if squeezed(line.remark) not in found[1]] == []
    assert found[1].count("加盖医疗机构印章") == 1


def test_the_checklist_names_the_certificate_that_takes_the_place_of_the_diploma():
    text = squeezed(text_of(printed("checklist", route="expertise", education="")))
    assert re.findall(r"原件及复印件1本人需提交(.{16})", text) == ["✓《传统医学医术确有专长证书》4"]


def test_the_checklist_adds_what_is_on_none_of_its_rows():
    text = squeezed(text_of(printed("checklist", serving_military=True)))
    rows = "军队相关身份证明 原件及复印件1份 团级以上政治部门同意报考的证明 原件"
    assert text.partition("本人另需提交")[2] == squeezed(f"材料名称 提交 备注 {rows}")


@pytest.mark.parametrize(("test", "boxes"), [("none", "□□"), ("prehospital", "☑□"), ("paediatrics", "□☑"), ("", "□□")])
def test_the_chosen_box_is_ticked(test, boxes):
    text = text_of(printed("supplementary-test", supplementary_test=test))
    assert "".join(re.findall(r"[□☑]", text)) == boxes


def test_the_trial_period_stands_inside_the_brackets():
    assert "试用起止时间（2025）年（8）月至（2026）年（8）月" in squeezed(text_of(printed("probation-certificate")))


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug != "checklist"])
def test_markup_in_a_value_prints_as_text(slug):
    value = "<b>{{7*7}}</b>&amp;<link rel=attachment href=file:///etc/passwd>"
    changes = {field: value for field in PRINTED[slug] if field.endswith("name")}
    found = squeezed(text_of(printed(slug, **changes)))
    assert found.count(squeezed(value)) == len(changes) > 0


@pytest.mark.parametrize(
    ("changes", "slugs"),
    [
        ({}, "notice checklist probation-certificate"),
        ({"holds_assistant_licence": True, "level": "physician"}, "notice checklist practice-certificate"),
        ({"fresh_graduate": True}, "notice checklist probation-certificate fresh-graduate-commitment"),
        ({"supplementary_test": "paediatrics"}, "notice checklist probation-certificate supplementary-test"),
    ],
)
def test_who_is_offered_what(changes, slugs):
    assert [document.slug for document in documents.offered(profile(**changes))] == slugs.split()
    assert [slug for slug in SLUGS if documents.get(slug, profile(**changes))] == slugs.split()


def test_there_is_no_blank_notice_and_no_unknown_document():
    for slug in ("notice", "packet", "../base"):
        with pytest.raises(KeyError):
            documents.render_blank(slug, YEAR)
    assert documents.get("packet") is None


def tags(element, found=None) -> list[pikepdf.Dictionary]:
    """Every element of the tree of tags, in reading order."""
    found = [] if found is None else found
    for kid in element.get("/K", []) if isinstance(element.get("/K"), pikepdf.Array) else []:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found.append(kid)
            tags(kid, found)
    return found


def untagged(page: pikepdf.Page) -> int:
    """How many texts and images of a page stand outside marked content: neither tagged nor an artifact."""
    depth, outside = 0, 0
    for operands, operator in pikepdf.parse_content_stream(page):
        depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
        outside += depth == 0 and str(operator) in ("Tj", "TJ", "Do") and len(operands) > 0
    return outside


@pytest.mark.parametrize("slug", SLUGS)
def test_a_screen_reader_finds_headings_tables_and_what_the_codes_are(slug):
    with pikepdf.open(io.BytesIO(printed(slug))) as content:
        found = tags(content.Root.StructTreeRoot)
        kinds = Counter(str(tag.S) for tag in found)
        assert (kinds["/H1"], content.docinfo["/Title"]) == (1, documents.get(slug).title(YEAR))
        assert (content.Root.Lang, content.Root.MarkInfo.Marked) == ("zh-CN", True)
        assert content.Root.ViewerPreferences.DisplayDocTitle is True
        assert [page.get("/Tabs") for page in content.pages if "/Annots" in page] == []  # nothing to tab to
        assert [untagged(page) for page in content.pages] == [0] * len(content.pages)
        assert sorted(str(tag.Alt) for tag in found if tag.S == "/Figure") == (
            ["报名编号条形码", "通知单核验二维码"] if slug == "notice" else ["报名编号二维码"]
        )
        rows = [[str(cell.S) for cell in tags(tag)] for tag in found if tag.S == "/TR"]
        assert [row for row in rows if not {"/TH", "/TD"} & set(row)] == []
        assert {str(tag.A.get("/Scope")) for tag in found if tag.S == "/TH"} <= {"/Row", "/Column"}
        assert {str(kid.S) for tag in found if tag.S == "/LI" for kid in tag.K} <= {"/Lbl", "/LBody"}
        assert bool(kinds["/TH"]) == (slug != "fresh-graduate-commitment")


@pytest.mark.parametrize("slug", ["probation-certificate", "practice-certificate", "supplementary-test"])
def test_the_longest_values_stay_between_the_borders(slug):
    """No ink right or left of the table, whose outer borders run unbroken from top to bottom."""
    with picture_of(printed(slug, "longest"), 100) as page:
        dark = page.point(lambda value: 255 * (value < 160))
    left, top, right, bottom = dark.crop((0, int(dark.height * 0.16), dark.width, int(dark.height * 0.84))).getbbox()
    top, bottom = top + int(dark.height * 0.16), bottom + int(dark.height * 0.16)
    table = dark.crop((left, top, right, bottom))
    assert abs(left - 20 / 210 * dark.width) < 3 and abs(right - 190 / 210 * dark.width) < 3
    for column in (0, table.width - 1):  # broken where a character lay across them would still be dark: see above
        assert table.crop((column, 0, column + 1, table.height)).histogram()[255] > 0.95 * table.height


COST = """
import time
from pathlib import Path
import django
django.setup()
from materials.printing import documents
from tests.materials.applications import NOTICE, YEAR, application
marks = ["e" + chr(0x301) * 20_000, "e" + "".join(map(chr, range(0x300, 0x350))), "𠮷𪚥𫍽㛃𬀩𬱖" * 8]
for value in marks:
    started = time.process_time()
    page = application(name=value[:50], school=value, address=value[:80])
    documents.render(documents.get("notice"), year=YEAR, application=page, notice=NOTICE)
    # not ru_maxrss, which a child inherits from the process that started it
    most = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024  # MB
    print(time.process_time() - started < 10 or "slow", most < 350 or most)
"""


@needs_rare_fonts
def test_no_value_costs_more_than_10_seconds_and_350_mb():
    """Longer than any form takes, in a process of its own, which holds all that is loaded once, rare fonts too."""
    done = subprocess.run([sys.executable, "-c", COST], capture_output=True, text=True, check=True, timeout=90)
    assert done.stdout.splitlines() == ["True True"] * 3


@pytest.mark.parametrize(
    ("slug", "status", "conflicts", "is_open"),
    [
        ("notice", "registered", [], True),
        ("notice", "registered", ["毕业日期晚于今天。"], False),
        ("notice", "withdrawn", [], False),
        ("checklist", "withdrawn", ["毕业日期晚于今天。"], True),
    ],
)
def test_what_has_versions_ends_with_its_application_and_waits_while_the_form_conflicts(
    slug, status, conflicts, is_open
):
    assert documents.get(slug).is_open(Application(status=status), conflicts) is is_open


def test_each_document_prints_the_institution_that_it_is_about():
    blocks = {document.slug: document.institution for document in documents.DOCUMENTS}
    assert [slug for slug, block in blocks.items() if block == "employer"] == ["practice-certificate"]


FURTHER = {
    **{"name": "示例市第二医院", "address": "示例路9号", "postcode": "100009", "registration_number": "PDY2"},
    **{"legal_representative": "赵某", "telephone": "", "period_from": "2026-09-01", "period_to": "2027-01-01"},
}


def of_two(slug: str, **changes) -> bytes:
    return of(slug, application(further_institutions=[FURTHER], **changes))


@pytest.mark.parametrize(
    ("slug", "first"), [("probation-certificate", "示例市第三人民医院"), ("practice-certificate", "示例市第一人民医院")]
)
def test_each_institution_has_a_copy_of_its_own_and_says_which_of_how_many(slug, first):
    copies = [squeezed(page) for page in pages(of_two(slug))]
    assert ["第1份，共2份" in copies[0], "第2份，共2份" in copies[1], len(copies)] == [True, True, 2]
    assert [first in page for page in copies] == [True, False]
    assert ["示例市第二医院" in page for page in copies] == [False, True]
    assert "（2026）年（9）月至（2027）年（1）月" in copies[1]
    assert [page.count("报名编号2027110100100017") for page in copies] == [1, 1]


def test_a_single_institutions_certificate_counts_no_copies():
    assert "共1份" not in squeezed(text_of(printed("probation-certificate")))
    assert len(pages(printed("probation-certificate"))) == 1


def test_the_commitment_names_every_institution_and_the_whole_time():
    found = squeezed(text_of(of_two("fresh-graduate-commitment")))
    assert "自2025年8月起，在示例市第三人民医院、示例市第二医院单位试用，至2027年1月试用期将满一年" in found


def test_the_notice_has_a_line_for_each_further_institution_and_stays_two_pages():
    shown = application(further_institutions=[{**FURTHER, "name": "长" * 60}] * 5)
    content = documents.render(documents.get("notice"), year=YEAR, application=shown, notice=NOTICE)
    found = squeezed(pages(content)[0])
    assert [f"第{number}个机构" in found for number in range(1, 8)] == [False, *[True] * 5, False]
    assert len(pages(content)) == 2


def test_notice_and_attachment_4_say_that_every_institution_gives_a_certificate():
    told = [squeezed(text_of(of_two(slug))).count("每个机构1份，共2份") for slug in ("notice", "checklist")]
    assert told == [1, 1]
    assert "原件2份" in squeezed(text_of(of_two("notice")))
    assert "每个机构1份" not in squeezed(text_of(printed("checklist")))


@pytest.mark.parametrize(("shown", "number"), [(of_two, 2), (printed, 1)])
def test_attachment_4_counts_as_many_certificates_as_there_are_institutions(shown, number):
    assert f"医师资格考试试用期考核证明{number}" in squeezed(text_of(shown("checklist")))


NOT_ON_THE_NOTICE = {
    *("valid_until", "holds_assistant_licence"),  # the first changes without a new notice, the second shows in the rest
    *("region", "site", "point"),  # printed as units, with address and telephone
}


def test_every_field_of_the_form_is_printed_on_the_notice_or_left_out_on_purpose():
    parts = Path(settings.BASE_DIR) / "templates" / "documents" / "parts"
    text = "".join((parts / name).read_text() for name in ("notice_data.html", "notice_work.html"))
    printed = set(re.findall(r"\{[{%] (?:fit |for one in )?answers\.(\w+?)(?:_label)?[ |}]", text))
    assert set(FIELDS) - printed == NOT_ON_THE_NOTICE


def test_who_has_no_mobile_stands_on_the_commitment_with_the_email():
    text = squeezed(text_of(printed("fresh-graduate-commitment", mobile="", email="ana@example.com")))
    assert ("电子邮箱：ana@example.com" in text, "手机号码" in text) == (True, False)
