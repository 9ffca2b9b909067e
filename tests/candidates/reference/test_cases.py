"""Tables as offices really have them: each way to save one is read as the same rows, or refused in plain words."""

from datetime import datetime

import openpyxl
import pytest
from openpyxl.styles import numbers

from candidates.reference.long_tables import read
from candidates.reference.outcomes import BadFile

COLUMNS = {"code": "代码", "name": "名称", "postcode": "邮编"}
ROWS = [["code", "name", "postcode"], ["11", "北京", "010000"], ["12", "天津", "020000"]]
WHOLE = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]


def cells(path, sheet=""):
    return [line.cells for line in read(path, ("code", "name"), COLUMNS, sheet)]


def problems(path, **options):
    with pytest.raises(BadFile) as refused:
        read(path, ("code", "name"), COLUMNS, **options)
    return refused.value.problems


def text(separator=",", ending="\n", end=""):
    return "".join(separator.join(row) + end + ending for row in ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_is_read(tmp_path, encoding, separator):
    path = tmp_path / "table"
    path.write_bytes(text(separator).encode(encoding))
    assert cells(path) == WHOLE


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(tmp_path, ending):
    path = tmp_path / "table"
    path.write_bytes(text(ending=ending).encode())
    assert cells(path) == WHOLE


@pytest.mark.parametrize("before", ["", "\n\n", "sep=;\n", "\ufeffsep=;\r\n"])
def test_what_excel_reads_before_a_header_and_empty_lines_are_none(tmp_path, before):
    path = tmp_path / "table"
    path.write_bytes((before + text(";")).encode())
    lines = read(path, ("code", "name"), COLUMNS)
    assert [line.cells for line in lines] == WHOLE
    assert lines[0].number == 2 + before.count("\n")


def test_a_trailing_column_that_is_empty_is_none_and_one_that_is_not_is_a_problem(tmp_path):
    path = tmp_path / "table"
    path.write_bytes(text(end=",,").encode())
    assert cells(path) == WHOLE
    path.write_text("code,name,\n11,北京,注\n")
    assert [line.problems for line in read(path, ("code", "name"), COLUMNS)] == [
        ["第 2 行：没有列名的地方有内容，或单元格比表头的列多：请检查逗号、引号和表头。"]
    ]


def workbook(path, fill):
    book = openpyxl.Workbook()
    fill(book, book.active)
    book.save(path)
    return path


def test_numbers_of_a_workbook_are_as_they_are_shown(tmp_path):
    def fill(book, sheet):
        sheet.append(["代码", "名称", "邮编"])
        sheet.append([11, "北京", 10000])
        sheet["C2"].number_format = "000000"
        sheet.append([12.0, "天津", "020000"])

    assert cells(workbook(tmp_path / "table.xlsx", fill)) == WHOLE


def test_a_sheet_is_read_by_its_name_and_one_that_is_not_there_is_told(tmp_path):
    def fill(book, sheet):
        sheet.title = "说明"
        second = book.create_sheet("名单")
        for row in ROWS:
            second.append(row)

    path = workbook(tmp_path / "table.xlsx", fill)
    assert cells(path, "名单") == WHOLE
    assert problems(path, sheet="名 单") == ["这个 Excel 文件中没有工作表“名 单”，有 说明、名单。"]
    (tmp_path / "table.csv").write_text(text())
    assert problems(tmp_path / "table.csv", sheet="名单") == ["CSV 文件没有工作表：请去掉“名单”。"]


def test_a_moment_at_midnight_keeps_its_time_and_a_day_has_none(tmp_path):
    def fill(book, sheet):
        sheet.append(["opens_at", "name"])
        sheet.append([datetime(2027, 2, 1), datetime(2027, 2, 1)])
        sheet["A2"].number_format = numbers.FORMAT_DATE_DATETIME
        sheet["B2"].number_format = numbers.FORMAT_DATE_YYYYMMDD2

    [line] = read(workbook(tmp_path / "table.xlsx", fill), ("opens_at", "name"))
    assert line.cells == {"opens_at": "2027-02-01 00:00:00", "name": "2027-02-01"}


@pytest.mark.parametrize("value", ["#N/A", "#REF!"])
def test_what_a_formula_came_to_in_vain_is_a_problem(tmp_path, value):
    (tmp_path / "table").write_text(f"code,name\n11,{value}\n")
    [line] = read(tmp_path / "table", ("code", "name"), COLUMNS)
    assert line.problems == [f"第 2 行：name 的值“{value}”是 Excel 的出错值：请改正公式，或填写内容。"]


def test_the_first_sheet_that_excel_shows_is_read(tmp_path):
    def fill(book, sheet):
        sheet.append(["是", "否"])
        sheet.sheet_state = "hidden"  # as the list of a template's choices is
        shown = book.create_sheet("单位")
        for row in ROWS:
            shown.append(row)
        book.active = 1

    assert cells(workbook(tmp_path / "table.xlsx", fill)) == WHOLE


def test_rows_that_a_filter_hides_are_rows(tmp_path):
    def fill(book, sheet):
        for row in ROWS:
            sheet.append(row)
        sheet.auto_filter.ref = "A1:C3"
        sheet.row_dimensions[3].hidden = True

    assert cells(workbook(tmp_path / "table.xlsx", fill)) == WHOLE


def test_rows_of_blanks_are_none(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(text() + " ,\u3000,\n\u00a0\n")
    assert cells(path) == WHOLE

    def fill(book, sheet):
        for row in [*ROWS, [" ", "\u00a0"], ["\u3000"]]:
            sheet.append(row)

    assert cells(workbook(tmp_path / "table.xlsx", fill)) == WHOLE
