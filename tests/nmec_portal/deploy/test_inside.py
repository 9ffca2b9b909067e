"""What the script `portal` runs inside the containers, on a real database: counts, the drill, the way back."""

import io
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.nmec_portal.local.serving import database_like

DEPLOY = Path(settings.BASE_DIR) / "nmec_portal" / "deploy"
counts = runpy.run_path(str(DEPLOY / "counts.py"))
way_back = runpy.run_path(str(DEPLOY / "way_back.py"))
scratch = runpy.run_path(str(DEPLOY / "scratch.py"))


def test_what_came_while_it_was_backed_up_is_no_difference():
    around = "before a 1\nbefore b 5\nafter a 3\nafter b 4\n"
    assert counts["differences"](around, {"a": 2, "b": 5, "new": 9}) == []


def test_what_is_missing_or_too_much_is_told_with_its_table():
    around = "before a 1\nafter a 3\nbefore b 1\nafter b 1\n"
    assert counts["differences"](around, {"a": 4}) == [
        "a: 4, counted were 1 to 3",
        "b: no such table, counted were 1 to 1",
    ]


def test_what_the_version_before_does_not_know_is_lacking():
    plan = "[X]  candidates.0001_initial\n[ ]  candidates.0002_next ... (1 squashed)\n"
    applied = {("candidates", "0001_initial"), ("candidates", "0002_next"), ("review", "0009_new")}
    assert way_back["lacking"](plan, applied) == [("review", "0009_new")]
    with pytest.raises(ValueError, match="named no migrations"):
        way_back["lacking"]("", applied)


@pytest.mark.django_db
def test_a_version_lacks_nothing_of_its_own_tables():
    said = io.StringIO()
    call_command("showmigrations", "--plan", stdout=said)
    assert way_back["lacking"](said.getvalue(), way_back["named"](MigrationLoader(connection))) == []


def test_nothing_but_a_scratch_database_is_dropped():
    with pytest.raises(SystemExit, match="is no scratch database"):
        scratch["main"](["drop", "nmec"])
    address = "postgresql://u:p%40@/nmec?host=/run/x"
    assert scratch["beside"](address, "nmec_drill_1") == "postgresql://u:p%40@/nmec_drill_1?host=/run/x"


@pytest.mark.django_db
def test_the_drill_finds_a_backup_whole_and_tells_where_a_row_is_missing(tmp_path, django_db_blocker):
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHON": sys.executable,
        "NMEC_DATA_DIR": str(settings.DATA_DIR),
        "NMEC_MEDIA_ROOT": str(tmp_path / "pictures"),
        **{name: settings.KEYS[name] for name in ("NMEC_SECRET_KEY", "NMEC_FIELD_KEYS", "NMEC_INDEX_KEY")},
    }
    connection.close()
    with database_like(connection.settings_dict["NAME"]) as url:
        environment["DATABASE_URL"] = url

        def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
            return subprocess.run(words, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)

        made = run(
            sys.executable,
            "-c",
            "import django; from nmec_portal import settings; "
            "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'nmec_portal.settings'; django.setup(); "
            "from tests import factories; factories.make_application('site_review')",
        )
        assert made.returncode == 0, made.stderr
        before = run(sys.executable, DEPLOY / "counts.py", "before").stdout
        assert run(sys.executable, "manage.py", "backup", tmp_path / "monday").returncode == 0
        (tmp_path / "monday.counts").write_text(before)
        whole = run("sh", DEPLOY / "drill.sh", tmp_path / "monday")
        (tmp_path / "monday.counts").write_text(before.replace("candidates_application 1", "candidates_application 2"))
        short = run("sh", DEPLOY / "drill.sh", tmp_path / "monday")

    assert (whole.returncode, whole.stdout.splitlines()[-1][-9:]) == (0, "0 differ."), whole.stdout + whole.stderr
    assert short.returncode == 1
    assert "candidates_application: 1, counted were 2 to 2" in short.stdout.splitlines()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["monday", "monday.counts", "pictures"]
