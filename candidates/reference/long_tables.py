"""A long table, CSV or a workbook (.xlsx), as lines one after the other: not all of it is in memory at once.

CSV as csv_lines.py takes it. Of a workbook the first sheet counts, with its header in the first row that holds
something; a formula counts as what it came to when the file was saved.
"""

import codecs
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from candidates.reference.csv_lines import (
    ENCODINGS,
    UNKNOWN_ENCODING,
    UTF_16,
    BadFile,
    Line,
    Row,
    csv_rows,
    lines_from,
)
from candidates.reference.workbooks import MAGIC, read_rows

LARGEST = 200 * 1024 * 1024  # bytes
BLOCK = 1024 * 1024  # bytes
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # .xls


def read(path: Path, columns: Iterable[str], optional: Iterable[str] = ()) -> list[Line]:
    """Return all lines at once, as lines_of() gives them: of a table that is checked as a whole."""
    return list(lines_of(path, columns, optional))


def lines_of(path: Path, columns: Iterable[str], optional: Iterable[str] | None = None) -> Iterator[Line]:
    """Give every line that holds something. Raises BadFile for a file that cannot be read, or whose columns are wrong.

    `optional`: the columns that may be there besides; None where any may.
    """
    return lines_from(rows_of(path), columns, optional)


def rows_of(path: Path) -> Iterator[Row]:
    """Give every row of a CSV, or of a workbook's first sheet. Raises BadFile."""
    yield from _reader_of(path)(path)


def is_workbook(path: Path) -> bool:
    """Return whether it is a workbook (.xlsx), or an old one (.xls), which rows_of() refuses."""
    try:
        with path.open("rb") as file:
            return file.read(4) in (MAGIC, OLD_WORKBOOK)
    except OSError:
        return False  # whoever reads it will say so


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
