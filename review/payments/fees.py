"""What each region asks for each level, from CSV."""

import re
from pathlib import Path
from typing import Any

from django.db import transaction

from candidates.models import ExamSession, Unit
from candidates.reference.csv_lines import Line, refuse_bad
from candidates.reference.loading import Loaded
from candidates.reference.long_tables import read
from candidates.rules.profile import EXAM_LEVELS
from review.models import Fee
from review.payments.money import fen


def load_fees(path: Path, *, dry_run: bool = False) -> Loaded:
    """Load a CSV with the columns year, region (2 digits), level (physician, assistant), amount in 元. Raise BadFile.

    Orders that exist keep the amount they were made with.
    """
    lines = read(path, ("year", "region", "level", "amount"))
    sessions = {str(session.year): session for session in ExamSession.objects.all()}
    regions = {unit.code: unit for unit in Unit.objects.filter(level="region")}
    rows = [_fee(line, sessions, regions) for line in lines]

    first: dict[tuple[Any, ...], int] = {}
    for line, row in zip(lines, rows, strict=True):
        key = (row["session"], row["region"], row["level"])
        if key in first and not line.problems:
            line.problem(f"与第 {first[key]} 行是同一年度、考区和级别。")
        first.setdefault(key, line.number)
    refuse_bad(lines)
    return _write(rows, dry_run)


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


@transaction.atomic
def _write(rows: list[dict[str, Any]], dry_run: bool) -> Loaded:
    counts = {"made": 0, "changed": 0, "same": 0}
    for row in rows:
        key = {name: row[name] for name in ("session", "region", "level")}
        old = Fee.objects.select_for_update().filter(**key).first()
        kind = "made" if old is None else "same" if old.amount == row["amount"] else "changed"
        counts[kind] += 1
        Fee.objects.update_or_create(**key, defaults={"amount": row["amount"]})
    transaction.set_rollback(dry_run)
    return Loaded(**counts)
