"""What a workbook holds, read with the standard library: sheets by name, rows of texts and numbers."""

from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(content: bytes) -> dict[str, list[list[str | int | None]]]:
    """Return rows: a str is a text cell, an int a number, None an empty one; a formula would fail."""
    with ZipFile(BytesIO(content)) as book:
        names = [
            sheet.get("name") for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        ]
        parts = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(names) + 1)]
        return {name: _rows(ElementTree.fromstring(book.read(part))) for name, part in zip(names, parts, strict=True)}


def _rows(sheet):
    return [[_value(cell) for cell in row.iter(f"{MAIN}c")] for row in sheet.iter(f"{MAIN}row")]


def _value(cell):
    if cell.find(f"{MAIN}f") is not None:
        raise AssertionError("a formula")
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{MAIN}t"))
    number = cell.find(f"{MAIN}v")
    return int(number.text) if number is not None else None
