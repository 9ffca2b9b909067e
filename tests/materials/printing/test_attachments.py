"""Attachments 4 to 8 are the source's own, cell by cell: blank, and with every blank filled in."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from materials.printing import documents
from tests.materials import attachments
from tests.materials.applications import YEAR, application

SOURCE = Path(settings.BASE_DIR).parent / "shared" / "seed" / "000_8432f36c18922ea7.txt"
FORMS = {document.attachment: document for document in documents.blank_forms()}
KEPT = attachments.kept(YEAR)
FURTHER = {"serving_military": True}  # a paper on none of Attachment 4's rows


@pytest.mark.skipif(not SOURCE.is_file(), reason="the source's text lies beside the project, not in it")
def test_the_forms_that_are_kept_are_the_sources_own():
    kept = {int(number): (one["text"], one["rows"]) for number, one in json.loads(attachments.DATA.read_text()).items()}
    assert attachments.of_source(SOURCE.read_text()) == kept


@pytest.mark.parametrize("number", FORMS)
def test_a_blank_form_has_the_sources_cells_in_their_order_and_no_other(number):
    page = documents.html_of(documents.context(FORMS[number], year=YEAR))
    text, rows = attachments.of_page(page)
    assert (text, rows) == (f"附件{number}{KEPT[number][0]}", KEPT[number][1])


@pytest.mark.parametrize("number", [5, 6, 8])
def test_a_filled_form_has_the_same_cells_and_writes_into_the_empty_ones_alone(number):
    page = documents.context(FORMS[number], year=YEAR, application=application(), employer=True)
    rows = attachments.of_page(documents.html_of(page))[1]
    assert [len(row) for row in rows] == [len(row) for row in KEPT[number][1]]
    labels = [cell for row in KEPT[number][1] for cell in row]
    filled = [cell for row in rows for cell in row]
    changed = [label for label, cell in zip(labels, filled, strict=True) if label not in ("", cell)]
    assert changed == [label for label in labels if "（）年（）月至" in label]


def test_attachment_4_writes_into_its_last_column_alone():
    page = documents.context(FORMS[4], year=YEAR, application=application(**FURTHER))
    text, rows = attachments.of_page(documents.html_of(page))
    assert [row[:3] for row in rows] == [row[:3] for row in KEPT[4][1]]
    remarks = [(row[3], kept[3]) for row, kept in zip(rows[1:-1], KEPT[4][1][1:-1], strict=True)]
    assert [ours for ours, theirs in remarks if not ours.startswith(theirs)] == []
    assert text == f"附件4报名编号2027110100100017{KEPT[4][0]}本人另需提交"


def test_attachment_7_fills_its_blanks_in_and_changes_no_other_word():
    page = documents.context(FORMS[7], year=YEAR, application=application())
    text = attachments.of_page(documents.html_of(page))[0]
    blank = "本人于年月日毕业于学校专业。自年月起，在单位试用，至年月试用期"
    filled = (
        "本人于2019年7月1日毕业于示例医科大学学校临床医学专业。"
        "自2025年8月起，在示例市第三人民医院单位试用，至2026年8月试用期"
    )
    expected = KEPT[7][0].replace(blank, filled)
    expected = expected.replace("证明号码：手机号码：", "证明号码：100101199603050023手机号码：13800000001")
    assert text == f"附件7报名编号2027110100100017{expected}"
