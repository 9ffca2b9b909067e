"""What every test stands on: a real PostgreSQL for the whole run, a real picture folder for each test."""

import signal
from collections import Counter
from contextlib import ExitStack

import pytest
from django.conf import settings as django_settings
from django.db import connection

from nmec_portal import postgres

server = ExitStack()


def pytest_configure(config):
    """Start the tests' own server; with pytest-xdist in the controller, whose environment the workers inherit."""
    if django_settings.OWN_SERVER and not hasattr(config, "workerinput"):
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # an ordinary kill must stop the server too
        server.enter_context(postgres.running(django_settings.OWN_SERVER, throwaway=True))


def pytest_unconfigure(config):
    server.close()


def pytest_terminal_summary(terminalreporter):
    """Say in the last lines what this machine could not test, and why."""
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} skipped: {reason.removeprefix('Skipped: ')}", yellow=True)


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    """The folder of this test's pictures."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test with transactions of its own is cleaned up by TRUNCATE, which append-only tables refuse: let it here."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE '%%not_truncated%%'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
