import pytest

from candidates.reference import long_tables
from candidates.reference.long_tables import lines_of
from candidates.reference.outcomes import BadFile


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "data"
        path.write_bytes(content)
        return path

    return write


def told(path):
    with pytest.raises(BadFile) as refused:
        list(lines_of(path, ("code", "name")))
    return refused.value.problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_come_in_the_encodings_that_spreadsheets_write(file, encoding):
    [line] = lines_of(file("code,name\n1,北京\n".encode(encoding)), ("code", "name"))
    assert (line.number, line.cells, line.problems) == (2, {"code": "1", "name": "北京"}, [])


def test_empty_lines_are_none_and_short_ones_end_empty(file):
    lines = list(lines_of(file(b"code,name\n\n,\n1\n"), ("code", "name")))
    assert [(line.number, line.cells) for line in lines] == [(4, {"code": "1", "name": ""})]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "第 1 行：表头缺少列 code、name。"),
        (b"code\n11\n", "第 1 行：表头缺少列 name。"),
        (b"code,name\n", "文件中没有数据行。"),
        (b'code,name\n1,"x\n', "第 2 行：不是有效的 CSV，请检查引号（unexpected end of data）。"),
        (b"\xff\x81\xff" * 10, "文件编码不是 UTF-8、GB 18030 或 UTF-16。"),
        (b"\xd0\xcf\x11\xe0 old", "这是旧格式（.xls）或设了打开密码的 Excel 文件：请去掉密码，另存为 .xlsx 或 CSV。"),
    ],
)
def test_a_file_that_is_no_table_is_told_so(file, content, sentence):
    assert told(file(content)) == [sentence]


def test_a_cell_more_than_the_header_has_is_a_problem(file):
    [line] = lines_of(file(b"code,name\n1,2,3\n"), ("code", "name"))
    assert line.problems == ["第 2 行：没有列名的地方有内容，或单元格比表头的列多：请检查逗号、引号和表头。"]


def test_a_missing_file_and_one_too_large_are_told_so(file, tmp_path, monkeypatch):
    assert told(tmp_path / "none.csv")[0].startswith("无法读取文件")
    monkeypatch.setattr(long_tables, "LARGEST", 2**20)
    assert told(file(b"x" * (2**20 + 1)))[0].endswith("超过 1 MB。")
