import json

import pytest

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
