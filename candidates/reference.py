"""Reference data from CSV: units, exam categories, exam sessions. Checked whole first; one bad line loads nothing.

Files are UTF-8 (with or without a byte order mark) or GB 18030, with a header line; order of columns is free.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unicodedata import category

from django.db import models, transaction

from candidates.models import ExamCategory, ExamSession, Unit
from candidates.models.session import SHANGHAI, WINDOWS
from candidates.models.unit import CODE_LENGTHS, LEVELS
from candidates.profile import LEVELS as EXAM_LEVELS
from candidates.profile import ROUTES

SHIPPED_CATEGORIES = Path(__file__).parent / "data" / "exam_categories.csv"
LARGEST_FILE = 20 * 1024 * 1024  # bytes
YES, NO = ("1", "true", "是"), ("0", "false", "否", "")
MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?")


class BadFile(ValueError):
    """A file that cannot be loaded; `problems` has one sentence for each bad line, in order."""

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Loaded:
    """How many rows of the file were new, how many changed something, how many changed nothing."""

    made: int
    changed: int
    same: int


class _Line:
    """One line of the file; `problem` collects what is wrong with it."""

    def __init__(self, number: int, cells: Mapping[str | None, Any]):
        self.number = number
        self.cells = {name: (value or "").strip() for name, value in cells.items() if name}
        self.problems: list[str] = []
        if None in cells:
            self.problem("单元格比表头的列多，请检查逗号和引号。")
        if any(category(character) == "Cc" for value in self.cells.values() for character in value):
            self.problem("内容中有换行或其他控制字符，请检查引号。")

    def problem(self, sentence: str) -> None:
        self.problems.append(f"第 {self.number} 行：{sentence}")

    def text(self, column: str, label: str, longest: int, *, required: bool = False) -> str:
        value = self.cells.get(column, "")
        if required and not value:
            self.problem(f"缺少{label}（{column}）。")
        if len(value) > longest:
            self.problem(f"{label}（{column}）有 {len(value)} 个字符，最多 {longest} 个。")
        return value

    def flag(self, column: str, default: bool) -> bool:
        value = self.cells.get(column, "").lower()
        if column not in self.cells or (value == "" and default):
            return default
        if value not in YES + NO:
            self.problem(f"{column} 的值“{value}”无法识别，请填写 1 或 0。")
        return value in YES

    def moment(self, column: str, label: str) -> datetime | None:
        """Asia/Shanghai; 24:00 is the end of that day."""
        value = self.cells.get(column, "")
        found = MOMENT.fullmatch(value)
        try:
            if not found:
                raise ValueError
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            if (hour, minute, second) == (24, 0, 0):
                return datetime(year, month, day, tzinfo=SHANGHAI) + timedelta(days=1)
            return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
        except ValueError:
            self.problem(f"{label}（{column}）的值“{value}”不是时间，请写成 2027-01-10 09:00:00。")
            return None


def _read(path: Path, columns: Iterable[str]) -> list[_Line]:
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else None
    except OSError as error:
        raise BadFile([f"无法读取文件 {path}：{error.strerror}。"]) from None
    if content is None:
        raise BadFile([f"文件 {path} 超过 {LARGEST_FILE // 1024 // 1024} MB。"])
    rows = csv.DictReader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        missing = [column for column in columns if column not in (rows.fieldnames or [])]
        if missing:
            raise BadFile([f"第 1 行：表头缺少列 {'、'.join(missing)}。"])
        lines = [_Line(rows.line_num, row) for row in rows if any(row.values())]
    except csv.Error as error:
        raise BadFile([f"第 {rows.reader.line_num} 行：不是有效的 CSV，请检查引号（{error}）。"]) from None
    if not lines:
        raise BadFile(["文件中没有数据行。"])
    return lines


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile(["文件编码既不是 UTF-8 也不是 GB 18030。"])


def _refuse_bad(lines: Iterable[_Line]) -> None:
    problems = [sentence for line in lines for sentence in line.problems]
    if problems:
        raise BadFile(problems)


def _refuse_twice(lines: Iterable[_Line], key: str, label: str) -> None:
    first: dict[str, int] = {}
    for line in lines:
        value = line.cells.get(key, "")
        if value in first:
            line.problem(f"{label} {value} 与第 {first[value]} 行重复。")
        first.setdefault(value, line.number)


def _write(model: type[models.Model], key: str, rows: Iterable[Mapping[str, Any]], *, dry_run: bool) -> Loaded:
    """Makes and changes rows by their key, whole or not at all; `dry_run` counts only."""
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
    return Loaded(**counts)


# --- units -----------------------------------------------------------------------------------------------------------


def load_units(path: Path, *, dry_run: bool = False) -> Loaded:
    """Columns code, name; and as far as they are there address, telephone, hours, onsite_list_required, active.

    The code is the path: 2 digits a region, 4 a site, 7 a registration point. Raises BadFile.
    """
    lines = _read(path, ("code", "name"))
    _refuse_twice(lines, "code", "代码")
    known = {line.cells.get("code", "") for line in lines} | set(Unit.objects.values_list("code", flat=True))
    rows = [_unit(line, known) for line in lines]
    _refuse_bad(lines)
    return _write(Unit, "code", sorted(rows, key=lambda row: len(row["code"])), dry_run=dry_run)


def _unit(line: _Line, known: set[str]) -> dict[str, Any]:
    code = line.text("code", "代码", 7, required=True)
    level = next((level for level, length in CODE_LENGTHS.items() if length == len(code)), "")
    if not (level and code.isascii() and code.isdecimal()):
        line.problem(f"代码“{code}”应为 2 位（考区）、4 位（考点）或 7 位（报名点）数字。")
    above = {"site": code[:2], "point": code[:4]}.get(level)
    if above and above not in known:
        line.problem(f"代码 {code} 的上级 {above} 不存在，请一并写入文件。")
    row: dict[str, Any] = {"code": code, "level": level, "name": line.text("name", "名称", 60, required=True)}
    row["parent"] = _unit_by_code(above)
    for column, label, longest in (("address", "地址", 80), ("telephone", "电话", 40), ("hours", "现场审核时间", 80)):
        if column in line.cells:
            row[column] = line.text(column, label, longest)
    if "onsite_list_required" in line.cells:
        row["onsite_list_required"] = line.flag("onsite_list_required", False)
        if row["onsite_list_required"] and level != "region":
            line.problem(f"onsite_list_required 只能用于{LEVELS['region']}。")
    if "active" in line.cells:
        row["is_active"] = line.flag("active", True)
    return row


def _unit_by_code(code: str | None) -> Callable[[], Unit | None]:
    """Looked up when the row is written: a parent may come from the same file."""
    return lambda: Unit.objects.get(code=code) if code else None


# --- exam categories -------------------------------------------------------------------------------------------------


def load_categories(path: Path = SHIPPED_CATEGORIES, *, dry_run: bool = False) -> Loaded:
    """Columns code, level, route (several with |), name. Categories that the file does not have become inactive.

    Raises BadFile.
    """
    lines = _read(path, ("code", "level", "route", "name"))
    _refuse_twice(lines, "code", "代码")
    rows = [_category(line) for line in lines]
    _refuse_bad(lines)
    codes = {row["code"] for row in rows}
    gone = [
        {"code": category.code, "is_active": False}
        for category in ExamCategory.objects.filter(is_active=True).exclude(code__in=codes)
    ]
    return _write(ExamCategory, "code", [*rows, *gone], dry_run=dry_run)


def _category(line: _Line) -> dict[str, Any]:
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


def load_sessions(path: Path, *, dry_run: bool = False) -> Loaded:
    """Columns year, <window>_opens and <window>_closes for each window, and correction_days where it is not 7.

    Times are Asia/Shanghai, exact to the second; a window is open from its opening until just before its closing.
    Raises BadFile.
    """
    columns = [f"{window}_{end}" for window in WINDOWS for end in ("opens", "closes")]
    lines = _read(path, ("year", *columns))
    _refuse_twice(lines, "year", "年度")
    rows = [_session(line) for line in lines]
    _refuse_bad(lines)
    return _write(ExamSession, "year", rows, dry_run=dry_run)


def _session(line: _Line) -> dict[str, Any]:
    year = line.cells.get("year", "")
    if not re.fullmatch(r"2[0-9]{3}", year):
        line.problem(f"年度“{year}”应为四位年份。")
    row: dict[str, Any] = {"year": int(year) if year.isdecimal() else 0}
    for window, name in WINDOWS.items():
        opens = line.moment(f"{window}_opens", f"{name}开始时间")
        closes = line.moment(f"{window}_closes", f"{name}截止时间")
        if opens and closes and closes <= opens:
            line.problem(f"{name}的截止时间不晚于开始时间。")
        row |= {f"{window}_opens": opens, f"{window}_closes": closes}
    days = line.cells.get("correction_days", "")
    if days:
        if not days.isascii() or not days.isdecimal() or not 1 <= int(days) <= 90:
            line.problem(f"退回补正期限（correction_days）“{days}”应为 1 至 90 的整数（天）。")
        else:
            row["correction_days"] = int(days)
    return row
