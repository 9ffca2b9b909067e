"""Lists and pictures taken out of the portal: text cells, masked numbers, whole files or none."""

import csv
import hashlib
from datetime import date
from io import StringIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from candidates.management.output import text_cell
from candidates.models import OperatorAct
from candidates.rules.id_number import masked, masked_mobile
from tests import factories, xlsx

pytestmark = pytest.mark.django_db


def run(*words) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def test_an_export_has_every_field_as_text_and_masks_the_numbers(tmp_path):
    application = factories.make_application("registered", school="=1+1医学院")
    path = tmp_path / "all.xlsx"
    assert run("export_applications", path) == f"{application.session}：已导出 1 份报名到 {path}。\n"
    headings, row = xlsx.read(path.read_bytes())["报名"]
    numbers = {masked(application.document_number), masked_mobile(application.mobile)}
    assert (headings[0], row[0]) == ("报名编号", application.number)
    assert {"=1+1医学院", *numbers} <= set(row)
    assert {application.document_number, application.mobile} & set(row) == set()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("encoding", "codec"), [("utf-8", "utf-8-sig"), ("gb18030", "gb18030")])
def test_a_csv_reads_in_its_encoding_and_full_gives_the_numbers(tmp_path, encoding, codec):
    application = factories.make_application("registered", address="𠮷街 1 号")
    path = tmp_path / "all.csv"
    run("export_applications", path, "--encoding", encoding, "--full", "--reason", "上级要求")
    headings, row = csv.reader(path.read_bytes().decode(codec).splitlines())
    cells = dict(zip(headings, row, strict=True))
    assert (cells["报名编号"], cells["通讯地址"]) == (f"\t{application.number}", "𠮷街 1 号")
    assert cells["证件号码"].strip() == application.document_number
    assert OperatorAct.objects.get(phase="done").arguments == {"full": True, "reason": "上级要求"}


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "\t=1+1"),
        ("-", "\t-"),
        ("＝1+1", "\t＝1+1"),
        ("＠SUM", "\t＠SUM"),
        ("\r=1", "\t\r=1"),
        ("110101199003070012", "\t110101199003070012"),
        ("13800000001", "13800000001"),
    ],
)
def test_a_cell_that_a_spreadsheet_would_change_begins_with_a_tab(text, cell):
    assert text_cell(text) == cell


def test_a_file_is_not_overwritten_unless_told(tmp_path):
    factories.make_application("registered")
    path = tmp_path / "all.csv"
    path.write_text("mine")
    with pytest.raises(CommandError, match="已经存在"):
        run("export_applications", path)
    assert path.read_text() == "mine"
    run("export_applications", path, "--replace", "--status", "paid")
    assert len(path.read_text("utf-8-sig").splitlines()) == 1
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".part")] == []


def test_a_dry_run_counts_and_leaves_neither_a_file_nor_an_audit(tmp_path):
    year = factories.make_application("point_review").session
    path = tmp_path / "out"
    told = run("export_applications", path.with_suffix(".csv"), "--dry-run")
    assert told == f"检查通过（未写入）：{year}，1 份报名。\n"
    assert run("export_materials", path, "--dry-run").startswith(f"检查通过（未写入）：{year}，4 张图片，")
    assert run("owed", "--csv", path, "--dry-run") == f"检查通过（未写入）：{year}，0 人。\n"
    with pytest.raises(CommandError, match="没有文件夹"):
        run("export_materials", path / "out.zip", "--dry-run")
    assert list(tmp_path.glob("out*")) == []
    assert OperatorAct.objects.count() == 0


def test_pictures_come_by_point_and_application_as_they_are_stored(tmp_path):
    application = factories.make_application("point_review")
    path = tmp_path / "materials.zip"
    number = application.number
    assert run("export_materials", path, "--unit", "1101") == f"{application.session}：已导出 4 张图片到 {path}。\n"
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {name.rpartition("/")[0] for name in archive.namelist()} == {f"1101001/{number}"}
        found = sorted(hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist())
    assert found == sorted(application.images.values_list("sha256", flat=True))


def test_a_lost_picture_is_named_and_the_others_are_there(tmp_path):
    application = factories.make_application("point_review")
    default_storage.delete(application.images.get(category="diploma").file)
    with pytest.raises(CommandError) as refused:
        run("export_materials", tmp_path / "materials.zip")
    assert str(refused.value).splitlines()[0].startswith(f"存储中没有：1101001/{application.number}/")
    with ZipFile(tmp_path / "materials.zip") as archive:
        assert len(archive.namelist()) == 3
    assert OperatorAct.objects.get(phase="failed").outcome == {"exported": 3, "lost": 1}


def test_what_is_owed_is_listed_by_unit(tmp_path):
    july = date(factories.make_session().year - 1, 7, 1)
    owing = factories.make_application("point_review", fresh_graduate=True, graduated_on=july)
    factories.make_application("registered")
    line, count = run("owed").splitlines()
    assert owing.number in line
    assert owing.mobile not in line
    assert "张**" in line
    assert count == f"{owing.session}，共 1 人。"
    run("owed", "--csv", tmp_path / "owed.csv", "--full", "--reason", "电话通知")
    heading, row = csv.reader((tmp_path / "owed.csv").read_text("utf-8-sig").splitlines())
    assert (heading[3:6], row[3:6]) == (
        ["报名编号", "姓名", "手机号码"],
        [f"\t{owing.number}", owing.name, owing.mobile],
    )


def test_a_table_is_written_as_a_workbook_or_as_csv_only(tmp_path):
    factories.make_session()
    with pytest.raises(CommandError, match=r"all.txt 应以 .xlsx 或 .csv 结尾。"):
        run("export_applications", tmp_path / "all.txt")
    assert list(tmp_path.iterdir()) == []


def test_a_unit_that_is_none_is_told(tmp_path):
    factories.make_session()
    with pytest.raises(CommandError, match="没有代码为 99 的考区、考点或报名点。"):
        run("export_applications", tmp_path / "all.csv", "--unit", "99")
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_nothing_is_left(tmp_path, monkeypatch):
    factories.make_application("registered")

    def refused(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("candidates.management.output.os.open", refused)
    with pytest.raises(CommandError, match=r"无法写文件 .*all\.csv：没有权限。"):
        run("export_applications", tmp_path / "all.csv")


def test_a_disk_that_is_full_leaves_no_half_file(tmp_path, monkeypatch):
    factories.make_application("registered")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("candidates.management.output.os.fsync", full)
    with pytest.raises(CommandError, match=r"all\.csv 没有写完：磁盘已满。"):
        run("export_applications", tmp_path / "all.csv")
    assert list(tmp_path.iterdir()) == []
