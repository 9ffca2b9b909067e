"""Every command of the project: in the operators' guide, explained in Chinese, and written down where it writes."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from candidates.management.audited import AuditedCommand
from candidates.management.spoken import PortalCommand

OURS = {
    name: app for name, app in get_commands().items() if app in ("candidates", "materials", "review", "nmec_portal")
}
GUIDE = Path(__file__).resolve().parent.parent / "docs" / "operators.md"
DEVELOPERS = {"build_fonts", "load_demo"}
READING = {"list_backups", "reconcile", "stats", "verify_documents", "verify_records"}
SERVING = {"archiver", "worker"}  # works until it is stopped
DRY_UNLESS_TOLD = {"purge_session", "verify_storage"}  # --yes-purge, --fix
# written into what was restored; every message and every job keeps its own outcome
ITS_OWN_WAY = {"archiver", "recover", "restore", "send_messages", "worker"}


# about no session: accounts, units and other data of every year, the outbox, storage, the whole database
OF_NO_SESSION = {
    *("add_operator", "disable_reviewer", "import_reviewers", "reset_password", "reset_second_factor"),
    *("load_units", "load_categories", "load_institutions", "load_reasons"),
    *("send_messages", "send_test", "worker"),
    *("archiver", "base_backup", "drill", "list_backups", "recover", "reseal"),
    *("backup", "restore", "verify_documents", "verify_records", "verify_storage"),
}
# whose every row names its year: a table's lines, a provider's list by order numbers; or whose first word is the year
NAMES_ITS_YEAR = {"open_session", "load_fees", "import_payments", "reconcile", "set_window", "purge_session"}


def command_of(name):
    return load_command_class(OURS[name], name)


def test_every_command_is_named_in_the_operators_guide():
    named = set(re.findall(r"`(?:manage\.py )?([a-z_]+)", GUIDE.read_text()))
    assert set(OURS) - DEVELOPERS - named == set()


def test_every_command_that_writes_or_exports_can_be_tried_first():
    options = {name: command_of(name).create_parser("manage.py", name)._option_string_actions for name in OURS}
    without = {name for name in OURS if "--dry-run" not in options[name]}
    assert without == DEVELOPERS | READING | DRY_UNLESS_TOLD | SERVING


def test_every_command_that_is_about_a_session_takes_its_year():
    options = {name: command_of(name).create_parser("manage.py", name)._option_string_actions for name in OURS}
    without = {name for name in OURS if "--session" not in options[name]}
    assert without == DEVELOPERS | OF_NO_SESSION | NAMES_ITS_YEAR


def test_every_command_that_writes_is_written_down():
    others = {name for name in OURS if not isinstance(command_of(name), AuditedCommand)}
    assert others == DEVELOPERS | READING | ITS_OWN_WAY


def test_every_command_that_changes_something_says_who_acts():
    named = {
        name for name in OURS if "--as" in command_of(name).create_parser("manage.py", name)._option_string_actions
    }
    assert named == set(OURS) - DEVELOPERS - READING - {"archiver", "recover", "send_messages", "worker"}


def test_every_command_says_in_chinese_what_it_does_not_understand():
    assert {name for name in OURS if not isinstance(command_of(name), PortalCommand)} == DEVELOPERS


@pytest.mark.parametrize("name", sorted(set(OURS) - DEVELOPERS))
def test_help_is_chinese_and_says_every_option(name):
    command = command_of(name)
    parser = command.create_parser("manage.py", name)
    assert re.search(r"[\u4e00-\u9fff]{4}", command.help)
    django_own = {"help", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color"}
    silent = {one.dest for one in parser._actions if not one.help and not one.metavar}
    assert silent - django_own - {"skip_checks"} == set()
