"""The first sheet of a workbook (.xlsx), row by row, each cell as the text that Excel shows."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from defusedxml.common import DefusedXmlException

from candidates.reference.csv_lines import BadFile

MAGIC = b"PK\x03\x04"
LARGEST_INSIDE = 1024 * 1024 * 1024  # bytes, unpacked
SHOWN = 15  # digits: Excel keeps and shows no more of a number
UNREADABLE = "无法读取这个 Excel 文件：请在 Excel 中另存为 .xlsx 或 CSV。"
# what zipfile, the XML reader and openpyxl raise over files that are damaged or no workbook
DAMAGED = (
    AttributeError,
    BadZipFile,
    DefusedXmlException,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    SyntaxError,  # of XML
    TypeError,
    ValueError,
    ZlibError,
)


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give each row that holds something: its number as Excel shows it, and its cells as text. Raises BadFile."""
    rows = _rows(path)
    while True:
        try:
            found = next(rows)
        except StopIteration:
            return
        except DAMAGED:
            raise BadFile([UNREADABLE]) from None
        yield found


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # only who loads a table waits for it

    with ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_INSIDE:
            raise BadZipFile

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and drop-down lists that openpyxl leaves out
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write them wrong, and what lies outside would be left out
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_shown(value) for value in row]
            if any(cells):
                yield number, cells


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float():
            return f"{value:.{SHOWN}G}"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return value.isoformat()
    return str(value)
