from datetime import datetime

import pytest

from candidates.models import Application, ExamSession
from candidates.models.session import SHANGHAI
from review.management.commands import owed
from review.reports import exports, full_exports
from review.reports.columns import COLUMNS, cells, texts

AT = datetime(2027, 3, 8, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize("chosen", [exports.COLUMNS, full_exports.FIRST, owed.COLUMNS])
def test_every_export_chooses_from_the_one_table(chosen):
    assert [heading for heading in chosen if heading not in COLUMNS] == []


def test_numbers_are_texts_and_counts_are_numbers():
    case = Application(number="2027110100100001", document_number="100101199003070028", round=2)
    assert cells(case, ("报名编号", "证件号码", "提交次数")) == ["2027110100100001", "100101199003070028", 2]
    assert texts(case, ("提交次数",)) == ["2"]


def test_what_there_is_not_is_an_empty_cell():
    assert cells(Application(), ("报名编号", "报考类别", "考区", "提交时间", "待补材料", "图片有提示")) == [""] * 6


def test_moments_are_told_in_shanghai_and_debts_by_their_names():
    case = Application(submitted_at=AT, owed=["probation"], has_warnings=True, session=ExamSession(year=2027))
    told = cells(case, ("提交时间", "待补材料", "图片有提示", "期限"))
    assert told == ["2027-03-08 09:30", "医师资格考试试用期考核证明", "是", "2027 年 8 月 31 日 24:00"]
