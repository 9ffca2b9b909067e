"""make audit: a weakness is told, and so is that nothing could be told; only a whole answer is a good one."""

import json
import zipfile
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
        ([FINE, SKIPPED], 2, "not checked: no data about weaknesses of gunicorn."),
        ([SKIPPED, SKIPPED], 2, "not checked: the package index that answers here has no data about weaknesses."),
        ([], 2, "not checked: the package index that answers here has no data about weaknesses."),
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
        "not checked: pip-audit could not look them up (ConnectionError: no route).",
    )


# --- an offline copy ---

ADVISORY = {
    "id": "PYSEC-2027-1",
    "modified": "2027-01-02T00:00:00Z",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Some.Package"},
            "versions": ["1.0", "1.1"],
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]}],
        }
    ],
}


def packed(tmp_path, *advisories):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as copy:
        for one in advisories:
            copy.writestr(f"{one['id']}.json", json.dumps(one))
    return path


@pytest.mark.parametrize(
    ("pinned", "changes", "weak"),
    [
        ("1.1", {}, ["PYSEC-2027-1"]),
        ("1.2", {}, []),
        ("1.1", {"withdrawn": "2027-01-03T00:00:00Z"}, []),
        ("9", {"affected": [{"package": {"ecosystem": "PyPI", "name": "some_package"}}]}, ["PYSEC-2027-1"]),
        ("1.1", {"affected": [{**ADVISORY["affected"][0], "package": {"ecosystem": "npm", "name": "x"}}]}, []),
    ],
)
def test_a_copy_tells_what_is_weak(tmp_path, pinned, changes, weak):
    copy = list(weaknesses.advisories(packed(tmp_path, {**ADVISORY, **changes})))
    [told] = weaknesses.looked_up({"some-package": pinned}, copy)
    assert [one["id"] for one in told["vulns"]] == weak


def test_pinned_requirements_are_read_with_their_hashes(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("# made\nSome.Package[extra]==1.1 \\\n    --hash=sha256:00\nother==2 ; python_version<'4'\n")
    assert weaknesses.pinned_in(path) == {"some-package": "1.1", "other": "2"}


def test_the_environments_own_pip_is_looked_up_too(tmp_path, monkeypatch, capsys):
    affected = [{"package": {"ecosystem": "PyPI", "name": "pip"}, "versions": [weaknesses.own()["pip"]]}]
    monkeypatch.setenv("NMEC_ADVISORIES", str(packed(tmp_path, {**ADVISORY, "affected": affected})))
    assert weaknesses.main() == 1
    assert "this environment: known weaknesses:\n  pip " in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"no archive"])
def test_a_copy_that_cannot_be_read_is_told_as_not_checked(tmp_path, monkeypatch, capsys, content):
    path = tmp_path / "all.zip"
    path.write_bytes(content) if content else None
    monkeypatch.setenv("NMEC_ADVISORIES", str(path))
    assert weaknesses.main() == 2
    assert capsys.readouterr().out.startswith("not checked: NMEC_ADVISORIES=")


def test_without_uv_and_without_a_copy_nothing_is_checked_and_that_is_said(monkeypatch, capsys):
    monkeypatch.delenv("NMEC_ADVISORIES", raising=False)
    monkeypatch.setattr(weaknesses.shutil, "which", lambda name: None)
    assert weaknesses.main() == 2
    assert capsys.readouterr().out.startswith("not checked: make audit needs uv")
