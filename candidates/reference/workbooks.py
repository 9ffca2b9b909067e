"""A sheet of a workbook (.xlsx), row by row, each cell as the text that Excel shows."""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from defusedxml.common import DefusedXmlException

from candidates.reference.outcomes import BadFile

MAGIC = b"PK\x03\x04"
LARGEST_INSIDE = 1024 * 1024 * 1024  # bytes, unpacked
SHOWN = 15  # digits: Excel keeps and shows no more of a number
ZEROS = re.compile(r"0+")  # of a number's format: as many digits are shown, with zeros before
TIME_OF_DAY = re.compile(r"[hH]")  # in the format of a moment
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


def read_rows(path: Path, sheet: str = "") -> Iterator[tuple[int, list[str]]]:
    """Give each row that holds something: its number as Excel shows it, and its cells as text. Raises BadFile.

    `sheet`: the name of the sheet; the first one that Excel shows where there is none. Rows that it hides are rows.
    """
    rows = _rows(path, sheet)
    while True:
        try:
            found = next(rows)
        except StopIteration:
            return
        except BadFile:
            raise
        except DAMAGED:
            raise BadFile([UNREADABLE]) from None
        yield found


def _rows(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # only who loads a table waits for it

    with ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_INSIDE:
            raise BadZipFile

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and drop-down lists that openpyxl leaves out
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        page = _sheet_of(book, sheet)
        page.reset_dimensions()  # some programs write them wrong, and what lies outside would be left out
        for number, row in enumerate(page.iter_rows(), start=1):
            cells = [_shown(cell) for cell in row]
            if any(cells):
                yield number, cells


def _sheet_of(book: Any, name: str) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name and name not in sheets:
        raise BadFile([f"这个 Excel 文件中没有工作表“{name}”，有 {'、'.join(sheets)}。"])
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return sheets[name] if name else (shown or book.worksheets)[0]


def _shown(cell: Any) -> str:
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "是" if value else "否"
        case int(value):
            shown = str(value)
            return shown.zfill(len(cell.number_format)) if ZEROS.fullmatch(cell.number_format) else shown
        case float(value):
            return f"{value:.{SHOWN}G}"
        case datetime() as value if value.time() == time() and not TIME_OF_DAY.search(cell.number_format):
            return value.date().isoformat()
        case datetime() as value:
            return value.isoformat(sep=" ", timespec="seconds")
        case date() | time() as value:
            return value.isoformat()
    return str(cell.value)
