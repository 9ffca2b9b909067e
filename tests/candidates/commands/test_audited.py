"""Who acts at a terminal: the operator that `--as` names, with the operating system's user beside it."""

import sys

import pytest
from django.core.management import CommandError, call_command

from candidates.models import OperatorAct, Unit
from candidates.trail import audit, history
from tests.factories import make_application, make_operator, make_reviewer, make_units

pytestmark = pytest.mark.django_db
UNITS = "code,name\n31,上海考区\n"


@pytest.fixture
def units(tmp_path):
    path = tmp_path / "units.csv"
    path.write_text(UNITS)
    return str(path)


@pytest.fixture
def production(settings, monkeypatch):
    """A person at a terminal of production."""
    settings.PRODUCTION = True
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())


def test_the_operator_stands_in_the_record_with_the_user_of_the_system(units):
    operator = make_operator(username="zhang")
    call_command("load_units", units, "--as", "zhang")
    rows = OperatorAct.objects.order_by("id").values_list("phase", "who", "account")
    who = f"zhang（{audit.operating_system_user()}）"
    assert list(rows) == [("begun", who, operator.pk), ("done", who, operator.pk)]
    assert history.of(Unit.objects.get(code="31"))[0].who == who


def test_it_stands_in_the_records_of_an_application_too():
    case, operator = make_application("registered"), make_operator(username="zhang")
    make_units()
    call_command("move_application", case.number, "--to", "1101002", "--reason", "选错", "--as", "zhang")
    record = case.records.latest("id")
    assert (record.account, record.note.actor_name) == (operator, f"zhang（{audit.operating_system_user()}）")


@pytest.mark.parametrize("name", ["nobody", "point-1101001", "off"])
def test_nobody_acts_as_somebody_who_is_no_operator(units, name):
    make_reviewer(make_units()["1101001"])
    make_operator(username="off", is_active=False)
    with pytest.raises(CommandError, match="没有用户名为"):
        call_command("load_units", units, "--as", name)
    assert OperatorAct.objects.count() == 0


def test_a_person_at_a_terminal_of_production_says_who_it_is(units, production):
    call_command("load_units", units)  # before the first operator nobody has a name
    make_operator()
    with pytest.raises(CommandError, match="--as"):
        call_command("load_units", units)
    call_command("load_units", units, "--dry-run")


def test_a_timer_has_no_name(units, settings, monkeypatch):
    settings.PRODUCTION = True
    monkeypatch.setattr(sys, "stdin", type("Pipe", (), {"isatty": lambda self: False})())
    make_operator()
    call_command("load_units", units)
    assert OperatorAct.objects.first().account is None
