"""make audit: a weakness is told, and so is that nothing could be told; only a whole answer is a good one."""

import json
from subprocess import CompletedProcess

import pytest

from nmec_portal.local import weaknesses

FINE = {"name": "segno", "version": "1.6.6", "vulns": []}
WEAK = {"name": "pillow", "version": "12.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["12.1"]}]}
SKIPPED = {"name": "gunicorn", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("dependencies", "status", "words"),
    [
        ([FINE, FINE], 0, "none of 2 requirements has a known weakness."),
        ([FINE, WEAK, SKIPPED], 1, "known weaknesses:\n  pillow 12.0: PYSEC-1, mended in 12.1"),
        ([FINE, SKIPPED], 2, "not told: no data about weaknesses of gunicorn."),
        ([SKIPPED, SKIPPED], 2, "not told: the package index that answers here has no data about weaknesses."),
        ([], 2, "not told: the package index that answers here has no data about weaknesses."),
    ],
)
def test_what_pip_audit_answers_is_judged(monkeypatch, dependencies, status, words):
    answer = CompletedProcess([], 1, json.dumps({"dependencies": dependencies, "fixes": []}), "")
    monkeypatch.setattr(weaknesses.subprocess, "run", lambda *arguments, **options: answer)
    found, sentence = weaknesses.ask("requirements.txt")
    assert found == status
    assert sentence.startswith(words)


def test_pip_audit_that_fails_is_no_good_answer(monkeypatch):
    answer = CompletedProcess([], 1, "", "Traceback\nConnectionError: no route")
    monkeypatch.setattr(weaknesses.subprocess, "run", lambda *arguments, **options: answer)
    assert weaknesses.ask("requirements.txt") == (
        2,
        "not told: pip-audit could not look them up (ConnectionError: no route).",
    )
