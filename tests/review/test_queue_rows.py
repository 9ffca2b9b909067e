"""A line of the queue as it is drawn."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

from review.forms.queue import COLUMNS
from review.views.queue_rows import CELLS, drawn

NUMBER = "2027110100100002"


def row_of(**facts):
    case = SimpleNamespace(
        number=NUMBER,
        name="<b>张",
        last_record_id=7,
        status="point_review",
        round=2,
        exam_category__name="临床&",
        point__name=None,
        assigned_to__username=None,
        return_deadline=datetime(2027, 3, 8, 16, tzinfo=UTC),
    )
    return {"case": case, "submitted": "", "waiting": "3 天", "hints": [("", "曾退回")], "held_by": "", **facts}


def cells(columns, **facts):
    """Return what stands in the line behind number and name."""
    line = drawn([row_of(**facts)], dict.fromkeys(columns), query="", may_choose=False)
    return re.findall(r"<td[^>]*>(.*?)</td>", line)[2:]


def test_every_column_that_can_be_chosen_has_its_cell():
    assert list(CELLS) == list(COLUMNS)


def test_number_and_name_lead_every_line():
    line = drawn([row_of()], {}, query="status=returned", may_choose=False)
    address = f"/review/applications/{NUMBER}/?list=status%3Dreturned"
    figure = f'<td class="figure"><a href="{address}">{NUMBER}</a></td>'
    assert line == f"<tr>{figure}<td>&lt;b&gt;张</td></tr>"


def test_the_first_nine_lines_are_ticked_by_a_digit():
    lines = drawn([row_of()] * 10, {}, query="", may_choose=True)
    assert re.findall(r'data-key="(\d+)"', lines) == list("123456789")
    assert lines.count(f'name="case" value="{NUMBER}:7"') == 10


def test_cells_tell_what_their_column_is_for():
    assert cells(["category", "unit", "round", "waiting", "deadline"]) == [
        *("临床&amp;", "", "第 2 次", "3 天", "2027 年 3 月 8 日 24:00"),
    ]


def test_marks_look_like_the_state_that_they_are_of():
    hints = [("owed", "待补"), ("", "备注")]
    marks = ['<span class="state state-owed">待补</span> ', '<span class="state">备注</span> ']
    assert cells(["hints"], hints=hints) == ["".join(marks)]


def test_a_list_without_cases_has_no_lines():
    assert drawn([], COLUMNS, query="", may_choose=True) == ""
