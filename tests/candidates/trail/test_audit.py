"""What operators do at a terminal is written down, once when it begins and once when it ends."""

import os
import pwd
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, transaction

from candidates.models import OperatorAct, Unit
from candidates.trail import audit
from tests import factories

pytestmark = pytest.mark.django_db
ME = pwd.getpwuid(os.getuid()).pw_name


def units_file(folder: Path, text: str = "code,name\n11,北京考区\n") -> Path:
    (folder / "units.csv").write_text(text)
    return folder / "units.csv"


def phases():
    return [(act.command, act.phase, act.outcome) for act in OperatorAct.objects.order_by("id")]


def test_a_run_is_written_down_with_its_user_its_file_and_its_counts(tmp_path, monkeypatch):
    monkeypatch.delenv("SUDO_USER", raising=False)
    call_command("load_units", units_file(tmp_path))
    assert phases() == [
        ("load_units", "begun", {}),
        ("load_units", "done", {"made": 1, "changed": 0, "same": 0}),
    ]
    first, last = OperatorAct.objects.order_by("id")
    assert (first.run, first.who) == (last.run, ME)
    assert list(first.arguments) == ["file"]
    assert first.arguments["file"].startswith("sha256:")


def test_a_dry_run_leaves_nothing(tmp_path):
    call_command("load_units", units_file(tmp_path), "--dry-run")
    assert phases() == []
    assert Unit.objects.count() == 0


def test_a_refused_run_is_written_down_as_failed(tmp_path):
    with pytest.raises(CommandError):
        call_command("load_units", units_file(tmp_path, "code,name\n1,x\n"))
    assert phases() == [("load_units", "begun", {}), ("load_units", "failed", {"error": "CommandError"})]


def test_who_became_root_is_named(monkeypatch):
    monkeypatch.setenv("SUDO_USER", "li")
    assert audit.operating_system_user() == f"li ({ME})"


def test_a_long_list_is_cut_and_counted():
    assert audit.plain([date(2027, 1, 2)] * 3) == ["2027-01-02"] * 3
    assert audit.plain(["x"] * 250)[99:] == ["x", "… 250"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("110101199001011234", "110101********1234"),
        ("110101 19900101 123x", "110101********123x"),
        ("+86 138-0000-0001", "861*******001"),
        ("欧阳某某", "欧**"),
        ("2027110100100001", "2027110100100001"),
        ("point-1101001", "point-1101001"),
        ("1101001", "1101001"),
    ],
)
def test_a_persons_number_or_name_that_was_typed_is_not_kept(typed, kept):
    assert audit.begin("reset_password", {"names": [typed]}).arguments == {"names": [kept]}


def test_what_was_written_down_stays():
    act = audit.begin("stats", {})
    for attempt in (OperatorAct.objects.all().delete, lambda: OperatorAct.objects.update(who="x")):
        with pytest.raises(InternalError), transaction.atomic():
            attempt()
    assert OperatorAct.objects.get() == act


def test_operators_read_it_in_the_back_office(client):
    audit.end(audit.begin("load_units", {"year": 2027}), "done", {"made": 3})
    client.force_login(factories.make_operator())
    page = client.get("/admin/candidates/operatoract/").content.decode()
    assert page.count("load_units") >= 2
    assert "made" in page
    assert client.get("/admin/candidates/operatoract/add/").status_code == 403


def test_a_user_without_a_name_is_known_by_number(monkeypatch):
    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setattr(audit.os, "getuid", lambda: 2**31 - 3)
    assert audit.operating_system_user() == f"uid {2**31 - 3}"


def test_a_reason_is_kept_as_written_but_for_a_persons_numbers():
    assert audit.stated("上级来函要求，联系 13800000001") == "上级来函要求，联系 13*******01"
