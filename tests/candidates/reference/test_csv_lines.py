"""A CSV file as lines: which files can be read, and what is told of a bad line."""

from datetime import datetime

import pytest

from candidates.models.session import SHANGHAI
from candidates.reference.csv_lines import moment_of, parse, refuse_twice, text_of
from candidates.reference.long_tables import read
from candidates.reference.outcomes import BadFile


def lines_of(*rows, columns=("code",)):
    return parse("\n".join(["code,name,active", *rows]), columns)


def problems_of(line):
    return [sentence.partition("：")[2] for sentence in line.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_each_encoding_that_offices_use(tmp_path, encoding):
    file = tmp_path / "units.csv"
    file.write_text("code,name\n11,北京考区\n", encoding=encoding)
    assert [line.cells for line in read(file, ("code", "name"))] == [{"code": "11", "name": "北京考区"}]


def test_another_encoding_is_refused(tmp_path):
    file = tmp_path / "units.csv"
    file.write_bytes(b"code,name\n11," + b"\xff\xff\xff")
    with pytest.raises(BadFile, match="文件编码不是 UTF-8、GB 18030 或 UTF-16"):
        text_of(file)


def test_a_file_that_is_not_there_says_which(tmp_path):
    with pytest.raises(BadFile) as refused:
        text_of(tmp_path / "none.csv")
    assert refused.value.problems == [f"无法读取文件 {tmp_path}/none.csv：没有这个文件或文件夹。"]


def test_a_missing_column_is_named():
    with pytest.raises(BadFile) as refused:
        parse("code\n11\n", ("code", "name", "level"))
    assert refused.value.problems == ["第 1 行：表头缺少列 name、level。"]


def test_a_file_without_data_is_refused():
    with pytest.raises(BadFile, match="文件中没有数据行"):
        lines_of(",,", "")


def test_empty_lines_are_left_out_and_the_others_keep_their_numbers():
    assert [(line.number, line.cells["code"]) for line in lines_of("11,a,1", ",,", "12,b,1")] == [(2, "11"), (4, "12")]


def test_a_quote_that_is_not_closed_says_where():
    with pytest.raises(BadFile, match="第 2 行：不是有效的 CSV"):
        lines_of('11,"a')


def test_a_cell_too_many_and_a_line_break_are_problems_of_the_line():
    [long, broken] = lines_of("11,a,1,more", '12,"a\nb",1')
    assert problems_of(long) == ["没有列名的地方有内容，或单元格比表头的列多：请检查逗号、引号和表头。"]
    assert problems_of(broken) == ["内容中有换行或其他控制字符，请检查引号。"]


def test_text_may_be_as_long_as_it_is_said():
    [line] = lines_of("11,四个汉字,1")
    assert (line.text("name", "名称", 4), line.problems) == ("四个汉字", [])


def test_text_is_measured_and_may_be_required():
    [line] = lines_of(",四个汉字,1", columns=())
    assert (line.text("code", "代码", 3, required=True), line.text("name", "名称", 3)) == ("", "四个汉字")
    assert problems_of(line) == ["缺少代码（code）。", "名称（name）有 4 个字符，最多 3 个。"]


@pytest.mark.parametrize(("typed", "rounded"), [("1.23E+17", True), ("123456789012345000", True), ("12345", False)])
def test_a_number_that_a_spreadsheet_has_rounded_is_found(typed, rounded):
    [line] = lines_of(f"{typed},a,1")
    assert line.identifier("code", "代码", 20) == typed
    assert bool(line.problems) is rounded


@pytest.mark.parametrize(
    ("typed", "flag", "told"),
    [
        ("1", True, []),
        ("是", True, []),
        ("TRUE", True, []),
        ("0", False, []),
        ("否", False, []),
        ("", True, []),
        ("maybe", False, ["active 的值“maybe”无法识别，请填写 1 或 0。"]),
    ],
)
def test_a_flag_is_yes_or_no_or_its_default(typed, flag, told):
    [line] = lines_of(f"11,a,{typed}")
    assert (line.flag("active", True), problems_of(line)) == (flag, told)


def test_a_flag_whose_column_is_missing_is_its_default():
    [line] = lines_of("11,a,1")
    assert (line.flag("required", True), line.flag("required", False)) == (True, False)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2027-01-10 09:00", datetime(2027, 1, 10, 9, tzinfo=SHANGHAI)),
        ("2027-1-10T09:00:30", datetime(2027, 1, 10, 9, 0, 30, tzinfo=SHANGHAI)),
        ("2027-01-31 24:00", datetime(2027, 2, 1, tzinfo=SHANGHAI)),
        ("2027/1/10 9:00", datetime(2027, 1, 10, 9, tzinfo=SHANGHAI)),
        ("２０２７－０１－１０　０９：００", datetime(2027, 1, 10, 9, tzinfo=SHANGHAI)),
    ],
)
def test_a_moment_is_that_of_shanghai_and_midnight_ends_a_day(typed, at):
    assert moment_of(typed) == at


@pytest.mark.parametrize("typed", ["2027-01-10", "2027-02-30 09:00", "2027-01-10 24:01", "10.1.2027 09:00", ""])
def test_what_is_no_moment_is_a_problem_of_its_line(typed):
    [line] = parse(f"code,opens\n11,{typed}\n", ("opens",))
    assert line.moment("opens", "开始时间") is None
    assert problems_of(line) == [f"开始时间（opens）的值“{typed}”不是时间，请写成 2027-01-10 09:00:00。"]


def test_a_key_that_stood_before_is_named_with_its_line():
    lines = lines_of("11,a,1", "12,b,1", "11,c,1")
    refuse_twice(lines, "code", "代码")
    assert [line.problems for line in lines] == [[], [], ["第 4 行：代码 11 与第 2 行重复。"]]
