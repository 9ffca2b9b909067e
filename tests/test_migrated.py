"""The copy that most runs test on is what the migrations of today make."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import migrated


@pytest.mark.django_db
def test_no_migration_is_missing_in_the_database_under_test():
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_a_changed_migration_and_what_one_imports_lead_to_another_dump(tmp_path, monkeypatch):
    files = {
        "review/migrations/0001_initial.py": "import candidates.encryption\n",
        "candidates/encryption.py": "NONCE = 12",
        "requirements.txt": "django==5.2",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(migrated, "ROOT", tmp_path)
    found = {migrated.dump()}
    for name, text in files.items():
        (tmp_path / name).write_text(f"{text}\n# changed")
        found.add(migrated.dump())
    assert len(found) == 1 + len(files)
