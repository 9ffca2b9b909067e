"""What each region asks for each level, from a table."""

import re
from pathlib import Path
from typing import Any

from candidates.models import ExamSession, Unit
from candidates.reference.csv_lines import Line
from candidates.reference.long_tables import read
from candidates.reference.outcomes import WRITE, How, Report
from candidates.reference.writing import Written, carry_out
from candidates.rules.profile import EXAM_LEVELS
from review.models import Fee
from review.payments.money import fen, yuan

# column -> its Chinese headings
COLUMNS = {
    "year": "考试年度|年度",
    "region": "考区代码|考区",
    "level": "级别",
    "amount": "金额(元)|金额",
}
KIND = Written(Fee, ("session", "region", "level"), name="level", shown={"amount": ("金额（元）", yuan)})


def load_fees(path: Path, how: How = WRITE) -> Report:
    """Load the columns year, region (2 digits), level (physician, assistant), amount in 元. Raises BadFile.

    Orders that exist keep the amount they were made with; what the table leaves out stays.
    """
    lines = read(path, ("year", "region", "level", "amount"), COLUMNS, how.sheet)
    sessions = {str(session.year): session for session in ExamSession.objects.all()}
    regions = {unit.code: unit for unit in Unit.objects.filter(level="region")}
    rows = [_fee(line, sessions, regions) for line in lines]

    first: dict[tuple[Any, ...], int] = {}
    for line, row in zip(lines, rows, strict=True):
        key = (row["session"], row["region"], row["level"])
        if key in first and not line.problems:
            line.problem(f"与第 {first[key]} 行是同一年度、考区和级别。")
        first.setdefault(key, line.number)
    return carry_out(KIND, list(zip(lines, rows, strict=True)), how)


def _fee(line: Line, sessions: dict[str, ExamSession], regions: dict[str, Unit]) -> dict[str, Any]:
    year, region, level = (line.cells.get(name, "") for name in ("year", "region", "level"))
    if year not in sessions:
        line.problem(f"没有年度“{year}”，请先用 open_session 建立。")
    if not re.fullmatch("[0-9]{2}", region) or region not in regions:
        line.problem(f"没有考区“{region}”，请填写 2 位考区代码。")
    if level not in EXAM_LEVELS:
        line.problem(f"级别“{level}”无法识别，可选 {'、'.join(EXAM_LEVELS)}。")

    amount, value = 0, line.cells.get("amount", "")
    try:
        amount = fen(value)
    except ValueError:
        line.problem(f"金额（amount）的值“{value}”不是金额，请以元为单位，写成 260.00。")
    return {"session": sessions.get(year), "region": regions.get(region), "level": level, "amount": amount}
