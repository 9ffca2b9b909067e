"""A long table, CSV or a workbook (.xlsx), as lines one after the other: not all of it is in memory at once.

CSV as csv_lines.py takes it. Of a workbook the named sheet counts, else the first; its header is in the first row that
holds something; a formula counts as what it came to when the file was saved.
"""

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path

from candidates.reference.csv_lines import (
    ENCODINGS,
    UNKNOWN_ENCODING,
    UTF_16,
    Line,
    Row,
    csv_rows,
    lines_from,
)
from candidates.reference.outcomes import BadFile
from candidates.reference.workbooks import MAGIC, read_rows
from candidates.rules.refusals import of_file

LARGEST = 200 * 1024 * 1024  # bytes
BLOCK = 1024 * 1024  # bytes
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # .xls, and an .xlsx with a password


def read(path: Path, columns: Iterable[str], optional: Iterable[str] = (), sheet: str = "") -> list[Line]:
    """Return all lines at once, as lines_of() gives them: of a table that is checked as a whole."""
    return list(lines_of(path, columns, optional, sheet))


def lines_of(
    path: Path, columns: Iterable[str], optional: Iterable[str] | None = None, sheet: str = ""
) -> Iterator[Line]:
    """Give every line that holds something. Raises BadFile for a file that cannot be read, or whose columns are wrong.

    `optional`: see lines_from(). `sheet`: of a workbook, its name.
    """
    return lines_from(rows_of(path, sheet), columns, optional)


def rows_of(path: Path, sheet: str = "") -> Iterator[Row]:
    """Give every row of a CSV, or of a workbook's sheet. Raises BadFile."""
    if not _is_new_workbook(path):
        if sheet:
            raise BadFile([f"CSV 文件没有工作表：请去掉“{sheet}”。"])
        yield from _csv_rows(path)
    else:
        yield from read_rows(path, sheet)


def is_workbook(path: Path) -> bool:
    """Return whether it is a workbook (.xlsx), or an old one (.xls) or one with a password, which rows_of() refuses."""
    try:
        with path.open("rb") as file:
            return file.read(4) in (MAGIC, OLD_WORKBOOK)
    except OSError:
        return False  # whoever reads it will say so


def _is_new_workbook(path: Path) -> bool:
    """Return whether it is an .xlsx. Raises BadFile for a file that cannot be read at all."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            begins = file.read(4)
    except OSError as error:
        raise BadFile([f"无法读取文件 {path}：{of_file(error)}。"]) from None
    if size > LARGEST:
        raise BadFile([f"文件 {path} 超过 {LARGEST // 1024 // 1024} MB。"])
    if begins == OLD_WORKBOOK:
        raise BadFile(["这是旧格式（.xls）或设了打开密码的 Excel 文件：请去掉密码，另存为 .xlsx 或 CSV。"])
    return begins == MAGIC


def _csv_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding=_encoding_of(path), newline="") as file:
        yield from csv_rows(file)


def _encoding_of(path: Path) -> str:
    """Return the encoding that all of the file can be read in."""
    with path.open("rb") as file:
        encodings = ("utf-16",) if file.read(2) in UTF_16 else ENCODINGS
    for encoding in encodings:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    decoder.decode(block)
            decoder.decode(b"", final=True)
            return encoding
        except UnicodeDecodeError:
            continue
    raise BadFile([UNKNOWN_ENCODING])
