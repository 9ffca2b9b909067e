"""Reference data from tables: units, exam categories, exam sessions; one bad line loads nothing."""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.applications import years
from candidates.applications.notices import CONTACT, tell_of_contact
from candidates.models import ExamCategory, ExamSession, Unit
from candidates.models.session import ENDS, WINDOWS, impossible_year
from candidates.reference.csv_lines import Line, refuse_twice
from candidates.reference.long_tables import read
from candidates.reference.outcomes import WRITE, How, Report
from candidates.reference.writing import Written, carry_out
from candidates.rules.levels import LABELS, TOP, code_above, level_of
from candidates.rules.profile import EXAM_LEVELS, ROUTES

# column -> its Chinese headings
UNIT_COLUMNS = {
    "code": "代码|单位代码",
    "name": "名称|单位名称",
    "address": "地址",
    "telephone": "电话|联系电话",
    "hours": "现场审核时间",
    "onsite_list_required": "须现场审核清单",
    "active": "启用",
}
CATEGORY_COLUMNS = {"code": "代码|类别代码", "level": "级别", "route": "报考途径", "name": "名称|类别名称"}
SESSION_COLUMNS = {
    "year": "考试年度|年度",
    **{
        f"{window}_{end}": f"{name}{word}时间|{name}{word}"
        for window, name in WINDOWS.items()
        for end, word in ENDS.items()
    },
    "correction_days": "退回补正期限(天)|退回补正期限",
    "state": "状态",
}
STATES = {"draft": "draft", "草稿": "draft", "open": "open", "开放": "open"}  # of a new session
SHIPPED_CATEGORIES = Path(__file__).parents[1] / "data" / "exam_categories.csv"
UNITS = Written(Unit, ("code",))
CATEGORIES = Written(ExamCategory, ("code",))
SESSIONS = Written(ExamSession, ("year",), name="year")


# --- units -----------------------------------------------------------------------------------------------------------


def load_units(path: Path, how: How = WRITE) -> Report:
    """Load columns code, name; as far as they are there address, telephone, hours, onsite_list_required, active.

    The code is the path: 2 digits a region, 4 a site, 7 a registration point. Who holds a printed notice of a point
    whose contact has changed is told. Raises BadFile, Unconfirmed.
    """
    lines = read(path, ("code", "name"), UNIT_COLUMNS, how.sheet)
    refuse_twice(lines, "code", "代码")
    named = {line.cells.get("code", "") for line in lines}
    known = named | set(Unit.objects.values_list("code", flat=True))
    rows = sorted(((line, _unit(line, known)) for line in lines), key=lambda row: len(row[1]["code"]))

    active = Unit.objects.filter(is_active=True)
    gone = active.exclude(code__in=named) if how.complete else ()
    with transaction.atomic():
        before = _contacts(known)
        report = carry_out(UNITS, rows, how, there=active.count(), ending=gone)
        now = _contacts(known)
        moved = [code for code, contact in before.items() if now[code] != contact]
        report.told = sum(tell_of_contact(point) for point in Unit.objects.filter(level="point", code__in=moved))
    return report


def _contacts(codes: Iterable[str]) -> dict[str, list[str]]:
    return {code: contact for code, *contact in Unit.objects.filter(code__in=codes).values_list("code", *CONTACT)}


def _unit(line: Line, known: set[str]) -> dict[str, Any]:
    code = line.text("code", "代码", 7, required=True)
    level = level_of(code)
    if not (level and code.isascii() and code.isdecimal()):
        line.problem(f"代码“{code}”应为 2 位（考区）、4 位（考点）或 7 位（报名点）数字。")

    above = code_above(code)
    if above and above not in known:
        line.problem(f"代码 {code} 的上级 {above} 不存在，请一并写入文件。")

    row: dict[str, Any] = {"code": code, "level": level, "name": line.text("name", "名称", 60, required=True)}
    row["parent"] = _unit_by_code(above)
    for column, label, longest in (("address", "地址", 80), ("telephone", "电话", 40), ("hours", "现场审核时间", 80)):
        if column in line.cells:
            row[column] = line.text(column, label, longest)

    if "onsite_list_required" in line.cells:
        row["onsite_list_required"] = line.flag("onsite_list_required", False)
        if row["onsite_list_required"] and level != TOP:
            line.problem(f"onsite_list_required 只能用于{LABELS[TOP]}。")
    if "active" in line.cells:
        row["is_active"] = line.flag("active", True)
    return row


def _unit_by_code(code: str) -> Callable[[], Unit | None]:
    """Return a look-up for when the row is written: a parent may come from the same file."""
    return lambda: Unit.objects.filter(code=code).first() if code else None


# --- exam categories -------------------------------------------------------------------------------------------------


def load_categories(path: Path = SHIPPED_CATEGORIES, how: How = WRITE) -> Report:
    """Load columns code, level, route (several with |), name. Raises BadFile, Unconfirmed."""
    lines = read(path, ("code", "level", "route", "name"), CATEGORY_COLUMNS, how.sheet)
    refuse_twice(lines, "code", "代码")
    rows = [(line, _category(line)) for line in lines]
    active = ExamCategory.objects.filter(is_active=True)
    gone = active.exclude(code__in=[row["code"] for _, row in rows]) if how.complete else ()
    return carry_out(CATEGORIES, rows, how, there=active.count(), ending=gone)


def _category(line: Line) -> dict[str, Any]:
    code = line.text("code", "代码", 3, required=True)
    if not re.fullmatch(r"[0-9]{3}", code):
        line.problem(f"代码“{code}”应为 3 位数字。")

    level, routes = line.cells.get("level", ""), line.cells.get("route", "")
    if level not in EXAM_LEVELS:
        line.problem(f"级别“{level}”无法识别，可选 {'、'.join(EXAM_LEVELS)}。")
    if not routes or not set(routes.split("|")) <= set(ROUTES):
        line.problem(f"报考途径“{routes}”无法识别，可选 {'、'.join(ROUTES)}，多个以 | 分隔。")

    name = line.text("name", "名称", 40, required=True)
    return {"code": code, "level": level, "routes": routes, "name": name, "is_active": True}


# --- sessions --------------------------------------------------------------------------------------------------------


def load_sessions(path: Path, how: How = WRITE, *, now: datetime | None = None) -> Report:
    """Load columns year, <window>_opens and <window>_closes for each window, correction_days where it is not 7, and
    state where a new session is a draft at first.

    Times are Asia/Shanghai, exact to the second; a window is open from its opening until just before its closing. A new
    session's year is last year's to two years ahead; the windows are in order. Raises BadFile, Unconfirmed.
    """
    needed = [f"{window}_{end}" for window in WINDOWS for end in ENDS]
    lines = read(path, ("year", *needed), SESSION_COLUMNS, how.sheet)
    refuse_twice(lines, "year", "年度")
    known, now = {one.year: one for one in ExamSession.objects.all()}, now or timezone.now()
    rows = [(line, _session(line, known, now)) for line in lines]
    asked = [sentence for line, row in rows if not line.problems for sentence in _asks(row, known, now)]
    return carry_out(SESSIONS, rows, how, asks=asked)


def _asks(row: dict[str, Any], known: Mapping[int, ExamSession], now: datetime) -> list[str]:
    before = known.get(row["year"])
    kept = {} if before is None else {"state": before.state}
    return years.asks(before, ExamSession(**{**kept, **row}), now)


def _session(line: Line, known: Container[int], now: datetime) -> dict[str, Any]:
    year = line.cells.get("year", "")
    if not re.fullmatch(r"2[0-9]{3}", year):
        line.problem(f"年度“{year}”应为四位年份。")
    elif int(year) not in known:
        for sentence in impossible_year(int(year), now).values():
            line.problem(sentence)

    row: dict[str, Any] = {"year": int(year) if year.isdecimal() else 0}
    for window, name in WINDOWS.items():
        opens = line.moment(f"{window}_opens", f"{name}开始时间")
        closes = line.moment(f"{window}_closes", f"{name}截止时间")
        if opens and closes and closes <= opens:
            line.problem(f"{name}的截止时间不晚于开始时间。")
        row |= {f"{window}_opens": opens, f"{window}_closes": closes}

    for sentence in ExamSession(**row).out_of_order().values():
        line.problem(sentence)

    if (state := line.cells.get("state", "")) and row["year"] not in known:
        row["state"] = STATES.get(state.lower(), "")
        if not row["state"]:
            line.problem(f"状态（state）的值“{state}”无法识别，请填写 draft（草稿）、open（开放）或留空。")

    days = line.cells.get("correction_days", "")
    if days:
        if not days.isascii() or not days.isdecimal() or not 1 <= int(days) <= 90:
            line.problem(f"退回补正期限（correction_days）“{days}”应为 1 至 90 的整数（天）。")
        else:
            row["correction_days"] = int(days)
    return row
