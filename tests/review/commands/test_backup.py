"""A backup is what the portal was at one moment, put back whole or not at all."""

from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from candidates.models import Account, Application, OperatorAct
from materials.models import MaterialImage
from review.management import programs
from review.management.commands import restore
from review.models import Approval
from review.operations import approvals, backups
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def run(*words) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def refusal(*words) -> str:
    with pytest.raises(CommandError) as refused:
        run(*words)
    return str(refused.value)


def full(storage, key, content):
    raise OSError("no space left")


def test_what_was_backed_up_comes_back_with_its_files(tmp_path, monkeypatch):
    application = factories.make_application("registered")
    factories.upload_required(application)
    number, folder = application.number, tmp_path / "backup"
    image = application.images.first()
    content = default_storage.open(image.file).read()
    assert run("backup", folder).endswith("：数据库，8 个文件，0 MB。\n")
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))} == {0}
    default_storage.delete(image.file)
    factories.make_candidate()
    assert refusal("restore", folder) == (
        "目标数据库已经有账号，没有恢复。确实要用备份替换全部内容的，请加 --replace。"
    )
    with monkeypatch.context() as patched:
        patched.setattr(type(default_storage._wrapped), "save", full)
        assert refusal("restore", folder, "--replace") == (
            "文件没有放完，数据库仍是原来的内容；可以再次运行。no space left。"
        )
    assert Account.objects.count() == 2
    assert run("restore", folder, "--replace").endswith("8 个文件，放回 1 个。\n")
    assert Application.objects.get().number == number
    assert Account.objects.count() == 1
    assert default_storage.open(image.file).read() == content
    assert list(OperatorAct.objects.values_list("command", "phase").order_by("id")) == [
        ("backup", "begun"),
        ("restore", "begun"),
        ("restore", "done"),
    ]
    run("verify_records")


def test_a_dry_run_counts_the_files_and_makes_nothing(tmp_path):
    factories.upload_required(factories.make_application("registered"))
    told = run("backup", tmp_path / "backup", "--dry-run")
    assert told.endswith("pg_dump），8 个文件。\n")
    assert not (tmp_path / "backup").exists()
    (tmp_path / "file").touch()
    assert refusal("backup", tmp_path, "--dry-run") == f"文件夹 {tmp_path} 不是空的，请换一个。"
    assert OperatorAct.objects.count() == 0


def test_a_backup_that_does_not_verify_is_refused(tmp_path):
    factories.upload_required(factories.make_application("registered"))
    folder = tmp_path / "backup"
    run("backup", folder)
    assert run("restore", folder, "--dry-run").startswith("核对通过（未恢复）：")
    first, second, *_ = sorted(path for path in (folder / "files").rglob("*") if path.is_file())
    first.write_bytes(b"x")
    second.unlink()
    told = refusal("restore", folder, "--replace").splitlines()
    assert sorted(line.rpartition("：")[2] for line in told[:2]) == ["与清单不符", "文件不存在"]
    assert told[2] == f"备份 {folder} 有 2 处不符，不能使用。"
    (folder / "database.dump").write_bytes(b"x")
    assert refusal("restore", folder, "--replace").startswith("database.dump：与清单不符")
    (folder / "manifest.json").write_text("{}")
    assert refusal("restore", folder).endswith("的 manifest.json 不是这里认识的格式。")
    (folder / "manifest.json").unlink()
    assert refusal("restore", folder).endswith("不是完整的备份：没有可读的 manifest.json。")
    assert MaterialImage.objects.count() == 4


def test_other_keys_or_a_folder_in_use_are_refused(tmp_path, settings):
    factories.make_operator()
    folder = tmp_path / "backup"
    run("backup", folder)
    assert refusal("backup", folder) == f"文件夹 {folder} 不是空的，请换一个。"
    settings.FIELD_KEYS = [bytes(32)]
    assert refusal("restore", folder, "--replace").startswith("NMEC_FIELD_KEYS 或 NMEC_INDEX_KEY 与备份时不同")


def test_a_lost_file_is_named_and_the_rest_is_backed_up(tmp_path):
    application = factories.make_application("registered")
    factories.upload_required(application)
    lost = application.images.first().file
    default_storage.delete(lost)
    assert refusal("backup", tmp_path / "backup").splitlines() == [
        f"存储中没有：{lost}",
        f"已备份到 {tmp_path / 'backup'}：数据库，7 个文件，0 MB；缺少 1 个文件，请运行 verify_storage。",
    ]
    assert OperatorAct.objects.get(phase="failed").outcome["missing"] == 1


def test_a_picture_removed_while_the_database_is_dumped_is_in_the_backup(tmp_path, media_root):
    application = factories.make_application("registered")
    factories.upload_required(application)
    image, real = application.images.first(), programs.find()
    script = f'#!/bin/sh\nrm "{media_root / image.file}"\nexec "{real}/pg_dump" "$@"\n'
    (tmp_path / "pg_dump").write_text(script)
    (tmp_path / "pg_dump").chmod(0o700)
    made = backups.make(tmp_path / "backup", tmp_path)
    assert made.files == 8
    assert made.missing == []
    assert not default_storage.exists(image.file)
    assert backups.restore(tmp_path / "backup", real) == 1
    assert default_storage.exists(image.file)


def test_a_dump_that_cannot_be_read_leaves_the_database_as_it_is(tmp_path):
    account = factories.make_operator()
    run("backup", tmp_path / "backup")
    dump = tmp_path / "backup" / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-20_000])
    with pytest.raises(backups.BackupError, match="数据库没有恢复，仍是原来的内容"):
        backups.restore(tmp_path / "backup", programs.find())
    assert Account.objects.get() == account


def test_a_storage_that_fails_spoils_a_backup_and_says_so(tmp_path, monkeypatch):
    factories.upload_required(factories.make_application("registered"))

    def broken(storage, key):
        raise OSError("disk is gone")

    monkeypatch.setattr(type(default_storage._wrapped), "open", broken)
    assert refusal("backup", tmp_path / "backup") == "没有备份完，文件夹不能使用：disk is gone。"
    assert OperatorAct.objects.get(phase="failed").outcome == {"error": "CommandError"}
    assert refusal("restore", tmp_path / "backup").endswith("不是完整的备份：没有可读的 manifest.json。")


def test_a_planned_restore_waits_for_another_operator_and_an_emergency_does_not(settings, tmp_path, monkeypatch):
    settings.TWO_OPERATORS = True
    one, two = factories.make_operator(), factories.make_operator("operator-2")
    manifest = {"made_at": "2027-03-08T09:00:00", "files": 8, "database": {"sha256": "a" * 64}}
    monkeypatch.setattr(restore.backups, "verify", lambda folder: manifest)
    monkeypatch.setattr(restore.backups, "require_keys", lambda manifest: None)
    monkeypatch.setattr(restore.backups, "restore", lambda folder, programs: 8)
    monkeypatch.setattr(restore.programs, "find", lambda: None)
    words = (tmp_path, "--replace", "--as", "operator", "--reason", "换服务器")
    assert "需要另一位操作员确认" in refusal("restore", *words)
    approvals.confirm(Approval.objects.get().pk, account=two)
    call_command("restore", *map(str, words), stdout=StringIO())
    last = OperatorAct.objects.first()
    assert (last.command, last.outcome["asked_by"], last.outcome["confirmed_by"]) == ("restore", str(one), str(two))
    call_command("restore", str(tmp_path), "--replace", "--emergency", "硬盘坏了", stdout=StringIO())
    assert OperatorAct.objects.first().outcome["emergency"] == "硬盘坏了"


def test_a_restored_database_that_is_older_than_its_table_of_acts_is_told(monkeypatch):
    def without_a_table(command, arguments):
        raise DatabaseError("no such table")

    monkeypatch.setattr("candidates.trail.audit.begin", without_a_table)
    restoring = restore.Command(stderr=(err := StringIO()))
    restoring.write_down({"made_at": "2027-03-08T09:00:00", "files": 8}, 1)
    assert err.getvalue() == "操作记录没有写入：请运行 migrate。\n"
