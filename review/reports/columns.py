"""What a list of applications can say of each: one table of columns, from which every export chooses its own."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.utils import timezone

from candidates.applications.workflow import moment
from candidates.models import Application, ExamCategory, Unit
from materials.rules.catalogue import BY_CODE

Cell = str | int


def _name(row: Unit | ExamCategory | None) -> str:
    return row.name if row else ""


def _at(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


# heading -> what stands there; numbers of people and documents are texts
COLUMNS: Mapping[str, Callable[[Application], Cell]] = {
    "报名编号": lambda case: case.number or "",
    "姓名": lambda case: case.name,
    "证件类型": lambda case: case.get_document_type_display(),
    "证件号码": lambda case: case.document_number,
    "手机号码": lambda case: case.mobile,
    "报考类别": lambda case: _name(case.exam_category),
    "考区": lambda case: _name(case.region),
    "考点": lambda case: _name(case.site),
    "报名点": lambda case: _name(case.point),
    "状态": lambda case: case.get_status_display(),
    "提交次数": lambda case: case.round,
    "首次提交时间": lambda case: _at(case.first_submitted_at),
    "提交时间": lambda case: _at(case.submitted_at),
    "进入当前状态": lambda case: _at(case.status_since),
    "退回次数": lambda case: case.times_returned,
    "待补材料": lambda case: "、".join(BY_CODE[code].label for code in case.owed),
    "图片有提示": lambda case: "是" if case.has_warnings else "",
    "期限": lambda case: moment(case.session.owed_until),  # of what is owed
}


def cells(case: Application, headings: Iterable[str]) -> list[Cell]:
    return [COLUMNS[heading](case) for heading in headings]


def texts(case: Application, headings: Iterable[str]) -> list[str]:
    """Return the same, every cell a text."""
    return [str(cell) for cell in cells(case, headings)]
