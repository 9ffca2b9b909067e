"""A long table, CSV or a workbook (.xlsx), as lines one after the other: not all of it is in memory at once.

CSV as csv_lines.py takes it. Of a workbook the first sheet counts, with its header in the first row that holds
something; a formula counts as what it came to when the file was saved.
"""

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

from candidates.reference.csv_lines import BadFile, Line
from candidates.reference.workbooks import MAGIC, read_rows

LARGEST = 200 * 1024 * 1024  # bytes
BLOCK = 1024 * 1024  # bytes
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # .xls
Row = tuple[int, list[str]]  # its number in the file, its cells


def lines_of(path: Path, columns: Iterable[str]) -> Iterator[Line]:
    """Give every line that holds something. Raises BadFile for a file that cannot be read or lacks a column."""
    rows = _reader_of(path)(path)
    at, header = next(rows, (1, []))
    header = [name.strip() for name in header]
    missing = [column for column in columns if column not in header]
    if missing:
        raise BadFile([f"第 {at} 行：表头缺少列 {'、'.join(missing)}。"])

    found = False
    for number, cells in rows:
        if any(cells):
            found = True
            named: dict[str | None, str] = dict(zip_longest(header, cells[: len(header)], fillvalue=""))
            if any(cells[len(header) :]):
                named[None] = ""
            yield Line(number, named)
    if not found:
        raise BadFile(["文件中没有数据行。"])


def _reader_of(path: Path) -> Callable[[Path], Iterator[Row]]:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            begins = file.read(4)
    except OSError as error:
        raise BadFile([f"无法读取文件 {path}：{error.strerror}。"]) from None
    if size > LARGEST:
        raise BadFile([f"文件 {path} 超过 {LARGEST // 1024 // 1024} MB。"])
    if begins == OLD_WORKBOOK:
        raise BadFile(["这是旧格式的 Excel 文件（.xls）：请另存为 .xlsx 或 CSV。"])
    return read_rows if begins == MAGIC else _csv_rows


def _csv_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding=_encoding_of(path), newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            for row in rows:
                yield rows.line_num, row
        except csv.Error as error:
            raise BadFile([f"第 {rows.line_num} 行：不是有效的 CSV，请检查引号（{error}）。"]) from None


def _encoding_of(path: Path) -> str:
    """Return the encoding that all of the file can be read in."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    decoder.decode(block)
            decoder.decode(b"", final=True)
            return encoding
        except UnicodeDecodeError:
            continue
    raise BadFile(["文件编码既不是 UTF-8 也不是 GB 18030。"])
