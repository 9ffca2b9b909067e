"""A CSV file as lines that collect what is wrong with them: every bad line is named, one bad line loads nothing.

Files are UTF-8 (with or without a byte order mark), GB 18030 or UTF-16 (Excel's "Unicode text"), their cells separated
by commas, semicolons or tabs, with a header line (headings.py); order of columns is free. long_tables.py reads
workbooks too.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, TextIO
from unicodedata import category

from candidates.models.session import SHANGHAI
from candidates.reference.headings import columns_of
from candidates.reference.outcomes import BadFile
from candidates.rules.refusals import of_file
from candidates.rules.text import clean, kind_of, visible

LARGEST_FILE = 20 * 1024 * 1024  # bytes
YES, NO = ("1", "true", "是"), ("0", "false", "否", "")
# 1.23E+17, or fifteen digits and zeros behind them: what Excel leaves of a long number
ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]+|[0-9]{15}0+")
MOMENT = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?")
SEPARATORS = ",;\t"
SEPARATOR_TOLD = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)  # what Excel itself reads in a first line
# what Excel shows of a formula that came to nothing
EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"})
ENCODINGS = ("utf-8-sig", "gb18030")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UNKNOWN_ENCODING = "文件编码不是 UTF-8、GB 18030 或 UTF-16。"
# columns whose cells hold a code or a flag; of the others the name tells the kind (text.py)
CODES = ("unit", "year", "region", "level", "route", "position", "active", "required", "onsite_list_required")
Row = tuple[int, list[str]]  # its number in the file, its cells


class Line:
    """One line of the file; `problem` collects what is wrong with it."""

    def __init__(self, number: int, cells: Mapping[str | None, Any]):
        """`cells`: by their columns; those of none, where there are any, under None."""
        self.number = number
        self.cells = {name: clean(value or "", _kind_of(name)) for name, value in cells.items() if name}
        self.problems: list[str] = []
        if None in cells:
            self.problem("没有列名的地方有内容，或单元格比表头的列多：请检查逗号、引号和表头。")
        shown = (visible(value or "").strip() for name, value in cells.items() if name)
        if any(category(character) == "Cc" for value in shown for character in value):
            self.problem("内容中有换行或其他控制字符，请检查引号。")
        for name, value in self.cells.items():
            if value in EXCEL_ERRORS:
                self.problem(f"{name} 的值“{value}”是 Excel 的出错值：请改正公式，或填写内容。")

    def problem(self, sentence: str) -> None:
        self.problems.append(f"第 {self.number} 行：{sentence}")

    def text(self, column: str, label: str, longest: int, *, required: bool = False) -> str:
        value = self.cells.get(column, "")
        if required and not value:
            self.problem(f"缺少{label}（{column}）。")
        if len(value) > longest:
            self.problem(f"{label}（{column}）有 {len(value)} 个字符，最多 {longest} 个。")
        return value

    def identifier(self, column: str, label: str, longest: int, *, required: bool = False) -> str:
        """Return a number that names something; what a spreadsheet has rounded names nothing any more, a problem."""
        value = self.text(column, label, longest, required=required)
        if ROUNDED.fullmatch(value):
            self.problem(
                f"{label}（{column}）的值“{value}”已被 Excel 改写，后面的数字丢失了："
                "请用原始文件，或在 Excel 中先把这一列设为“文本”再粘贴。"
            )
        return value

    def flag(self, column: str, default: bool) -> bool:
        value = self.cells.get(column, "").lower()
        if column not in self.cells or (value == "" and default):
            return default
        if value not in YES + NO:
            self.problem(f"{column} 的值“{value}”无法识别，请填写 1 或 0。")
        return value in YES

    def moment(self, column: str, label: str) -> datetime | None:
        """Return the cell's moment in Asia/Shanghai; 24:00 is the end of that day."""
        value = self.cells.get(column, "")
        try:
            return moment_of(value)
        except (ValueError, OverflowError):
            self.problem(f"{label}（{column}）的值“{value}”不是时间，请写成 2027-01-10 09:00:00。")
            return None


def _kind_of(column: str) -> str:
    return "identifier" if column in CODES else kind_of(column)


def moment_of(text: str) -> datetime:
    """Read 2027-01-10 09:00 or 2027/1/10 09:00:00 as Asia/Shanghai's; 24:00 ends that day. Raises ValueError."""
    found = MOMENT.fullmatch(clean(text, "moment"))
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    if (hour, minute, second) == (24, 0, 0):
        return datetime(year, month, day, tzinfo=SHANGHAI) + timedelta(days=1)
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


def text_of(path: Path) -> str:
    """Return the file's text. Raises BadFile where it cannot be read or decoded."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else None
    except OSError as error:
        raise BadFile([f"无法读取文件 {path}：{of_file(error)}。"]) from None
    if content is None:
        raise BadFile([f"文件 {path} 超过 {LARGEST_FILE // 1024 // 1024} MB。"])
    for encoding in ("utf-16",) if content.startswith(UTF_16) else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile([UNKNOWN_ENCODING])


def parse(text: str, columns: Iterable[str], *, before: int = 0) -> list[Line]:
    """Return every line that holds something; `before` lines of the file came before this text. Raises BadFile.

    Columns that are not known are left alone: providers' lists have many.
    """
    rows = csv_rows(io.StringIO(text, newline=""), before=before)
    return list(lines_from(rows, columns, first=before + 1))


def csv_rows(file: TextIO, *, before: int = 0) -> Iterator[Row]:
    """Give each row of a CSV, which is positioned at its header. Raises BadFile."""
    told, first = None, file.readline()
    while first and (not first.strip() or SEPARATOR_TOLD.fullmatch(first)):
        told = SEPARATOR_TOLD.fullmatch(first) or told
        before, first = before + 1, file.readline()
    lines = chain([first], file)  # some of its kind cannot be positioned anew
    rows = csv.reader(lines, delimiter=told[1] if told else separator_of(first), strict=True)
    try:
        for row in rows:
            yield before + rows.line_num, row
    except csv.Error as error:
        number = before + rows.line_num
        raise BadFile([f"第 {number} 行：不是有效的 CSV，请检查引号（{error}）。"]) from None


def separator_of(header: str) -> str:
    """Return what stands between the names of a header: a comma, unless there are more of another."""
    return max(SEPARATORS, key=header.count)


def lines_from(
    rows: Iterator[Row], columns: Iterable[str], optional: Iterable[str] | None = None, *, first: int = 1
) -> Iterator[Line]:
    """Give each row that holds something as a line. Raises BadFile where a column is missing, or is not known.

    `optional`: the columns that may be there besides, as a mapping all of them with their Chinese headings; None where
    any may.
    """
    at, header = next((row for row in rows if any(map(str.strip, row[1]))), (first, []))
    names = columns_of(header, columns, optional, at)
    found = False
    for number, cells in rows:
        if any(map(str.strip, cells)):  # Excel keeps blanks where something has been deleted
            found = True
            yield Line(number, _named(names, cells))
    if not found:
        raise BadFile(["文件中没有数据行。"])


def _named(names: list[str], cells: list[str]) -> dict[str | None, str]:
    """Return the cells by their columns; one that holds something and has none is under None."""
    named: dict[str | None, str] = {}
    for name, cell in zip_longest(names, cells, fillvalue=""):
        if name:
            named[name] = cell
        elif cell.strip():
            named[None] = cell
    return named


def refuse_twice(lines: Iterable[Line], key: str, label: str) -> None:
    """Note a problem at each line whose `key` stood in an earlier one."""
    first: dict[str, int] = {}
    for line in lines:
        value = line.cells.get(key, "")
        if value in first:
            line.problem(f"{label} {value} 与第 {first[value]} 行重复。")
        first.setdefault(value, line.number)
