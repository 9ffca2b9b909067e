import hashlib
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from review.operations import backups
from tests.factories import make_candidate


def test_a_folder_without_its_manifest_is_no_backup(tmp_path):
    with pytest.raises(backups.BackupError, match="没有可读的 manifest"):
        backups.verify(tmp_path)


def test_a_manifest_of_another_form_is_not_believed(tmp_path):
    said = dict.fromkeys(backups.SAID, "") | {"format": backups.FORMAT + 1}
    (tmp_path / backups.MANIFEST).write_text(json.dumps(said))
    with pytest.raises(backups.BackupError, match="不是这里认识的格式"):
        backups.verify(tmp_path)


def test_a_backup_is_made_in_a_folder_of_its_own(tmp_path):
    (tmp_path / "mine").write_text("")
    with pytest.raises(backups.BackupError, match="不是空的"):
        backups.foreseen(tmp_path)


@pytest.mark.django_db
def test_a_database_with_an_account_is_not_empty():
    assert backups.is_empty() is True
    make_candidate()
    assert backups.is_empty() is False


def test_no_password_stands_in_a_command_line_and_every_fact_in_the_environment():
    assert {"PATH", "LC_ALL", "PGDATABASE"} <= backups.environment().keys()
    assert "" not in backups.environment().values()


def test_a_file_whose_key_leads_out_of_the_backup_is_refused(tmp_path):
    with pytest.raises(backups.BackupError, match="不在备份文件夹内"):
        backups._inside(tmp_path / "backup", "../elsewhere")


def test_a_failing_pg_dump_is_told_in_its_own_words(tmp_path):
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho no such snapshot >&2\nexit 1\n")
    (tmp_path / "pg_dump").chmod(0o700)
    with pytest.raises(backups.BackupError, match="pg_dump 失败：no such snapshot"):
        backups._dump(tmp_path, tmp_path, "00000003-0000001B-1")


@pytest.mark.django_db
def test_a_database_without_tables_is_empty():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE candidates_account RENAME TO somebody_elses")
    assert backups.is_empty() is True


def test_a_file_that_differs_in_the_storage_is_replaced_and_one_that_is_the_same_left(tmp_path, media_root):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a").write_bytes(b"kept")
    sha256 = hashlib.sha256(b"kept").hexdigest()
    default_storage.save("a", ContentFile(b"other"))
    assert backups._put(tmp_path, sha256, "a") == 1
    assert (media_root / "a").read_bytes() == b"kept"
    assert backups._put(tmp_path, sha256, "a") == 0
