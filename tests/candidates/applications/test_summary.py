"""The form in words, for pages that show it and change nothing."""

from datetime import date

import pytest

from candidates.applications import summary
from candidates.models import Application, ExamCategory
from candidates.rules.sections import SECTIONS
from tests.factories import make_application


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "张某某", "张某某"),
        ("sex", "female", "女"),
        ("education", "", ""),
        ("serving_military", True, "是"),
        ("serving_military", False, "否"),
        ("serving_military", None, ""),
        ("graduated_on", date(2018, 7, 1), "2018-07-01"),
        ("graduated_on", None, ""),
        ("period_from", date(2019, 1, 1), "2019-01"),
        ("valid_until", date(2030, 5, 6), "2030-05-06"),
        ("valid_until", None, "长期有效"),
        ("exam_category", ExamCategory(pk=1, code="110", name="临床执业医师"), "110 临床执业医师"),
        ("exam_category", None, ""),
        ("supplementary_test", "none", "不加试"),
        ("further_institutions", [], ""),
        ("further_institutions", [{"name": "示例诊所", "period_from": "2020-03-01"}], "2. 示例诊所，2020-03 至 "),
    ],
)
def test_a_value_is_said_in_words(field, value, words):
    assert summary.words(Application(**{field: value}), field) == words


def test_every_section_has_a_line_for_each_of_its_fields_in_order():
    told = summary.of(Application(name="张某某"))
    assert [section.code for section, _ in told] == list(SECTIONS)
    assert [[line.field for line in lines] for _, lines in told] == [list(one.fields) for one in SECTIONS.values()]
    assert told[0][1][0] == summary.Line("name", "姓名", "张某某")


# --- before completing ---


def checked(application, wrong=()):
    """section, title → its lines in words."""
    return {
        (section.code, group.title): {line.label: line.words for line in group.lines}
        for section, groups in summary.to_check(application, wrong)
        for group in groups
    }


@pytest.mark.django_db
def test_what_is_read_before_completing_is_what_differs_or_matters():
    draft = make_application("draft")
    told = checked(draft)
    assert sum(map(len, told.values())) < 40
    assert told["work", "试用机构"] == {"试用机构": "与工作单位相同"}
    assert ("licence", "") not in told  # nothing of it is asked of assistants
    assert told["education", ""]["选“否”的"] == "非大陆学历、应届医学专业毕业生"
    assert told["basic", "联系方式"]["没有填写（选填）"] == "电子邮箱"


@pytest.mark.django_db
def test_another_trial_institution_and_what_is_wrong_have_their_lines():
    told = checked(make_application("draft", trial_name="另一家医院"), {"fresh_graduate"})
    assert told["work", "试用机构"]["试用机构名称"] == "另一家医院"
    assert told["education", ""]["应届医学专业毕业生"] == "否"


@pytest.mark.django_db
def test_every_answer_that_can_matter_is_told_somewhere():
    draft = make_application("draft", holds_assistant_licence=True, licence_number="1101")
    assert checked(draft)["licence", ""]["医师资格证书编号"] == "1101"
    assert ("work", "试用机构") in checked(draft)
