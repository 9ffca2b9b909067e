"""Tables as xlsx, written row by row into a temporary file: memory stays the same however long they are."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import mkstemp
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import xlsxwriter

Cell = str | int | None
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]], folder: Path | None = None
) -> IO[bytes]:
    """Write a workbook into an open, nameless file; each sheet has a name, column headings, and rows.

    A str is a text cell whatever it begins with (a number stays as it is written, a formula is none), and of Excel's
    text format, so that it stays so when somebody types into it; an int is a number. xlsxwriter keeps its parts in
    `folder`.
    """
    import xlsxwriter

    descriptor, name = mkstemp(dir=folder)
    os.unlink(name)  # the file goes when it is closed
    file = os.fdopen(descriptor, "w+b")

    book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": str(folder) if folder else None})
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    for name, columns, rows in sheets:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(columns) - 1), 16)
        for column, heading in enumerate(columns):
            sheet.write_string(0, column, heading, bold)
        for line, row in enumerate(rows, 1):
            _write_row(sheet, line, row, text)

    book.close()
    file.seek(0)
    return file


def _write_row(
    sheet: "xlsxwriter.worksheet.Worksheet", line: int, row: Sequence[Cell], text: "xlsxwriter.format.Format"
) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int):
            sheet.write_number(line, column, cell)
        elif cell:
            sheet.write_string(line, column, cell, text)
