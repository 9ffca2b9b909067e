"""Reference data from CSV: units, exam categories, exam sessions. Checked whole first; one bad line loads nothing."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from candidates.applications.notices import CONTACT, tell_of_contact
from candidates.models import ExamCategory, ExamSession, Unit
from candidates.models.session import WINDOWS, impossible_year
from candidates.reference.csv_lines import Line, refuse_bad, refuse_twice
from candidates.reference.long_tables import read
from candidates.rules.levels import LABELS, TOP, code_above, level_of
from candidates.rules.profile import EXAM_LEVELS, ROUTES

UNIT_COLUMNS = ("address", "telephone", "hours", "onsite_list_required", "active")  # that may be there
SHIPPED_CATEGORIES = Path(__file__).parents[1] / "data" / "exam_categories.csv"


@dataclass(frozen=True)
class Loaded:
    """How many rows of the file were new, how many changed something, how many changed nothing.

    `told`: how many candidates were told of what has changed.
    """

    made: int
    changed: int
    same: int
    told: int = 0


def write(model: type[models.Model], key: str, rows: Iterable[Mapping[str, Any]], *, dry_run: bool) -> Loaded:
    """Make and change rows by their key, all or none; `dry_run` counts only."""
    counts = {"made": 0, "changed": 0, "same": 0}
    with transaction.atomic():
        for row in rows:
            values = {name: value() if callable(value) else value for name, value in row.items()}
            found = model._default_manager.select_for_update().filter(**{key: values[key]}).first()
            kind = "made" if found is None else "same"
            if found is not None and any(getattr(found, name) != value for name, value in values.items()):
                kind = "changed"
            counts[kind] += 1
            if kind != "same":
                model._default_manager.update_or_create(**{key: values[key]}, defaults=values)
        transaction.set_rollback(dry_run)
    return Loaded(counts["made"], counts["changed"], counts["same"])


# --- units -----------------------------------------------------------------------------------------------------------


def load_units(path: Path, *, dry_run: bool = False) -> Loaded:
    """Load columns code, name; as far as they are there address, telephone, hours, onsite_list_required, active.

    The code is the path: 2 digits a region, 4 a site, 7 a registration point. Who holds a printed notice of a point
    whose contact has changed is told. Raises BadFile.
    """
    lines = read(path, ("code", "name"), UNIT_COLUMNS)
    refuse_twice(lines, "code", "代码")
    known = {line.cells.get("code", "") for line in lines} | set(Unit.objects.values_list("code", flat=True))
    rows = [_unit(line, known) for line in lines]
    refuse_bad(lines)

    with transaction.atomic():
        before = _contacts(known)
        loaded = write(Unit, "code", sorted(rows, key=lambda row: len(row["code"])), dry_run=dry_run)
        now = _contacts(known)
        moved = [code for code, contact in before.items() if now[code] != contact]
        told = sum(tell_of_contact(point) for point in Unit.objects.filter(level="point", code__in=moved))
    return replace(loaded, told=told)


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
    return lambda: Unit.objects.get(code=code) if code else None


# --- exam categories -------------------------------------------------------------------------------------------------


def load_categories(path: Path = SHIPPED_CATEGORIES, *, dry_run: bool = False) -> Loaded:
    """Load columns code, level, route (several with |), name; categories that the file lacks become inactive.

    Raises BadFile.
    """
    lines = read(path, ("code", "level", "route", "name"))
    refuse_twice(lines, "code", "代码")
    rows = [_category(line) for line in lines]
    refuse_bad(lines)

    codes = {row["code"] for row in rows}
    gone = [
        {"code": category.code, "is_active": False}
        for category in ExamCategory.objects.filter(is_active=True).exclude(code__in=codes)
    ]
    return write(ExamCategory, "code", [*rows, *gone], dry_run=dry_run)


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


def load_sessions(path: Path, *, dry_run: bool = False, now: datetime | None = None) -> Loaded:
    """Load columns year, <window>_opens and <window>_closes for each window, correction_days where it is not 7.

    Times are Asia/Shanghai, exact to the second; a window is open from its opening until just before its closing. A new
    session's year is last year's to two years ahead; the windows are in order. Raises BadFile.
    """
    columns = [f"{window}_{end}" for window in WINDOWS for end in ("opens", "closes")]
    lines = read(path, ("year", *columns), ("correction_days",))
    refuse_twice(lines, "year", "年度")
    known, now = set(ExamSession.objects.values_list("year", flat=True)), now or timezone.now()
    rows = [_session(line, known, now) for line in lines]
    refuse_bad(lines)
    return write(ExamSession, "year", rows, dry_run=dry_run)


def _session(line: Line, known: set[int], now: datetime) -> dict[str, Any]:
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

    days = line.cells.get("correction_days", "")
    if days:
        if not days.isascii() or not days.isdecimal() or not 1 <= int(days) <= 90:
            line.problem(f"退回补正期限（correction_days）“{days}”应为 1 至 90 的整数（天）。")
        else:
            row["correction_days"] = int(days)
    return row
