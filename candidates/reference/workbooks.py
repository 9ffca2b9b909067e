"""The first sheet of a workbook (.xlsx, ECMA-376), row by row, with the standard library."""
# ruff: noqa: S314  expat itself bounds what entities grow to (2.4.1 and later), and nothing is fetched from elsewhere

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from candidates.reference.csv_lines import BadFile

MAGIC = b"PK\x03\x04"
LARGEST_INSIDE = 1024 * 1024 * 1024  # bytes, unpacked
MOST_COLUMNS = 16_384  # Excel's own
UNREADABLE = "无法读取这个 Excel 文件：请在 Excel 中另存为 .xlsx 或 CSV。"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give each row that holds something: its number as Excel shows it, and its cells as text. Raises BadFile."""
    try:
        with ZipFile(path) as book:
            if sum(one.file_size for one in book.infolist()) > LARGEST_INSIDE:
                raise BadFile([UNREADABLE])
            shared = _shared(book)
            with book.open(_first_sheet(book)) as sheet:
                yield from _rows(sheet, shared)
    except (
        BadZipFile,
        ZlibError,
        ElementTree.ParseError,
        KeyError,
        IndexError,
        ValueError,
        NotImplementedError,
    ) as bad:
        if isinstance(bad, BadFile):
            raise
        raise BadFile([UNREADABLE]) from None


def _first_sheet(book: ZipFile) -> str:
    sheet = next(ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"), None)
    relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    target = targets[sheet.get(_RELATION) if sheet is not None else None]
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _shared(book: ZipFile) -> list[str]:
    """Return the texts that cells point to by their place."""
    name = "xl/sharedStrings.xml"
    if name not in book.namelist():
        return []
    with book.open(name) as part:
        texts = []
        for _, item in ElementTree.iterparse(part):
            if item.tag == f"{_MAIN}si":
                texts.append(_text(item))
                item.clear()
        return texts


def _text(item: ElementTree.Element) -> str:
    """Return a text of one or several runs, without the readings that may stand above it."""
    found = [item.findtext(f"{_MAIN}t") or "", *(run.findtext(f"{_MAIN}t") or "" for run in item.findall(f"{_MAIN}r"))]
    return "".join(found)


def _rows(sheet, shared: list[str]) -> Iterator[tuple[int, list[str]]]:
    parents: list[ElementTree.Element] = []
    number = 0
    for event, element in ElementTree.iterparse(sheet, events=("start", "end")):
        if event == "start" and element.tag == f"{_MAIN}sheetData":
            parents.append(element)
        if event == "end" and element.tag == f"{_MAIN}row":
            number = int(element.get("r") or number + 1)
            cells = _cells(element, shared)
            if any(cells):
                yield number, cells
            parents[-1].clear()  # what has been read is let go


def _cells(row: ElementTree.Element, shared: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_MAIN}c"):
        place = _column(cell.get("r") or "", len(cells))
        if place >= MOST_COLUMNS:
            raise BadFile([UNREADABLE])
        cells += [""] * (place - len(cells))
        cells.append(_value(cell, shared))
    return cells


def _column(reference: str, following: int) -> int:
    """Return the place from 0 of the column that a reference as AB12 names; the following one where it names none."""
    letters = re.match(r"[A-Z]{1,3}", reference)
    if not letters:
        return following
    place = 0
    for letter in letters[0]:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _value(cell: ElementTree.Element, shared: list[str]) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        return _text(inline) if inline is not None else ""
    value = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s" and value:
        return shared[int(value)]
    return value.removesuffix(".0") if kind in (None, "n") else value
