"""manage.py: what is wrong with the settings or the database is told in one sentence, not as a trace."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.nmec_portal.local.serving import empty_database

NOBODY = "postgresql://nmec@127.0.0.1:1/nmec"  # no server listens there


def run(*words, **environment):
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "nmec_portal.settings", "DATABASE_URL": NOBODY, **environment},
        capture_output=True,
        encoding="utf-8",
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"NMEC_STORAGE": "tape"}, "设置有误，没有运行：NMEC_STORAGE='tape' is none of file, s3.\n"),
        (
            # read again without it, the settings would be right, and the command none that is known
            {"NMEC_METRICS_TOKEN_FILE": "/no/such/file", "NMEC_METRICS_TOKEN": ""},
            "设置有误，没有运行：NMEC_METRICS_TOKEN_FILE='/no/such/file' cannot be read: No such file or directory.\n",
        ),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(environment, sentence):
    assert run("stats", **environment) == (1, sentence)


def test_a_database_that_does_not_answer_is_told(tmp_path):
    code, told = run("stats", NMEC_DATA_DIR=str(tmp_path))
    assert (code, told.count("\n")) == (1, 1)
    assert told.startswith("数据库没有应答，或中断了：connection to server at")


def test_who_asks_for_the_trace_gets_it(tmp_path):
    code, told = run("stats", "--traceback", NMEC_DATA_DIR=str(tmp_path))
    assert (code, told.startswith("Traceback")) == (1, True)


def test_tables_that_are_not_there_lead_to_migrate(tmp_path):
    with empty_database() as url:
        code, told = run("stats", DATABASE_URL=url, NMEC_DATA_DIR=str(tmp_path))
    assert (code, told) == (
        1,
        '数据库的表与程序不符，请先运行 migrate：relation "candidates_examsession" does not exist\n',
    )
