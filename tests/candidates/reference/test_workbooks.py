"""Workbooks as programs write them: read as Excel shows them; what is none is told so."""

from datetime import datetime
from zipfile import ZipFile

import pytest
import xlsxwriter

from candidates.reference import workbooks
from candidates.reference.outcomes import BadFile
from candidates.reference.workbooks import UNREADABLE, read_rows


@pytest.fixture
def written(tmp_path):
    def write(fill):
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(path) as book:
            fill(book, book.add_worksheet())
        return path

    return write


def change(path, part, before, after):
    """Write the workbook anew with one of its parts changed."""
    with ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    assert before in parts[part]
    with ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content.replace(before, after) if name == part else content)


def test_rows_come_with_their_numbers_and_gaps(written):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["甲", "乙", "丙"])
        sheet.write(3, 2, "c")
        sheet.write(3, 27, "AB")

    rows = list(read_rows(written(fill)))
    assert rows == [(1, ["甲", "乙", "丙"]), (4, ["", "", "c", *[""] * 24, "AB"])]


def test_numbers_formulas_and_texts_in_several_letters_are_texts(written):
    def fill(book, sheet):
        sheet.write_row(0, 0, [100001, 1.5, 123456789012345678])
        sheet.write_formula(0, 3, "=A1&B1", None, "结果")
        sheet.write_rich_string(0, 4, "一", book.add_format({"bold": True}), "二", "三")

    assert list(read_rows(written(fill))) == [(1, ["100001", "1.5", "1.23456789012346E+17", "结果", "一二三"])]


def test_days_and_moments_are_texts_as_a_csv_has_them(written):
    def fill(book, sheet):
        sheet.write_datetime(0, 0, datetime(2027, 3, 1), book.add_format({"num_format": "yyyy/m/d"}))
        sheet.write_datetime(0, 1, datetime(2027, 3, 1, 9, 30), book.add_format({"num_format": "m/d hh:mm"}))

    assert list(read_rows(written(fill))) == [(1, ["2027-03-01", "2027-03-01 09:30:00"])]


def test_a_ticked_cell_is_yes_or_no(written):
    assert list(read_rows(written(lambda book, sheet: sheet.write_row(0, 0, [True, False])))) == [(1, ["是", "否"])]


def test_what_lies_outside_the_size_that_a_program_wrote_down_is_read_too(written):
    path = written(lambda book, sheet: sheet.write_row(0, 0, ["甲", "乙"]))
    change(path, "xl/worksheets/sheet1.xml", b'ref="A1:B1"', b'ref="A1"')
    assert list(read_rows(path)) == [(1, ["甲", "乙"])]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_damaged_part_is_told_as_a_file_that_cannot_be_read(written, part):
    path = written(lambda book, sheet: sheet.write(0, 0, "x"))
    change(path, part, b"</", b"<")
    with pytest.raises(BadFile, match=UNREADABLE):
        list(read_rows(path))


def test_only_the_first_sheet_counts(written):
    def fill(book, sheet):
        sheet.write(0, 0, "first")
        book.add_worksheet().write(0, 0, "second")

    assert list(read_rows(written(fill))) == [(1, ["first"])]


def test_what_is_no_workbook_is_told_so(tmp_path):
    path = tmp_path / "book.xlsx"
    for content in (b"PK\x03\x04 nothing", b""):
        path.write_bytes(content)
        with pytest.raises(BadFile, match=UNREADABLE):
            list(read_rows(path))
    with ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(BadFile, match=UNREADABLE):
        list(read_rows(path))


def test_one_that_unpacks_to_too_much_is_refused(written, monkeypatch):
    path = written(lambda book, sheet: sheet.write(0, 0, "x"))
    monkeypatch.setattr(workbooks, "LARGEST_INSIDE", 1000)
    with pytest.raises(BadFile, match=UNREADABLE):
        list(read_rows(path))
