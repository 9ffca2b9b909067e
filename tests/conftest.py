"""What every test stands on: a real PostgreSQL for the whole run, a real picture folder for each test."""

import gc
import os
import signal
from collections import Counter
from contextlib import ExitStack
from itertools import count

import pgtrigger
import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.template import RequestContext
from django.test import TransactionTestCase
from django.test import utils as test_utils
from django.test.signals import template_rendered
from hypothesis import HealthCheck
from hypothesis import settings as examples

from nmec_portal.local import postgres
from tests import migrated
from tests.waiting import wait_until

KEPT = ("django_content_type", "auth_permission")  # made by migrate, not by a test
server = ExitStack()
numbers = count()
# the same examples in every run, however busy the machine is
examples.register_profile("ours", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("ours")
os.fsync = lambda handle: None  # nobody pulls the plug during a test: as with the tests' own PostgreSQL


def pytest_configure(config):
    """Start the tests' own server; with pytest-xdist in the controller, whose environment the workers inherit."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a script's background, and so by our children
    if django_settings.OWN_SERVER and not hasattr(config, "workerinput"):
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # an ordinary kill must stop the server too
        server.enter_context(postgres.running(django_settings.OWN_SERVER, throwaway=True))


def pytest_unconfigure(config):
    server.close()


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Say in the last lines what order this was, what this machine could not test, and what named no test at all."""
    if seed := getattr(config.option, "randomly_seed", None):
        terminalreporter.write_line(f"the same order again: --randomly-seed={seed}")
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:  # pytest-xdist's workers looked for it, and nobody heard them
        terminalreporter.write_line(f"no test found: {' '.join(config.args)}", red=True)
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, times in reasons.items():
        terminalreporter.write_line(f"{times} skipped: {reason.removeprefix('Skipped: ')}", yellow=True)


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path_factory):
    """Return the folder of this test's pictures, which the first of them makes: most tests have none."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / f"media-{next(numbers)}"
    return settings.MEDIA_ROOT


def pytest_collection_finish(session):
    """Keep what is loaded by now out of the garbage collector's sight, and let it look seldom: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Copy the tests' database from one that these migrations have made before."""
    if template := migrated.template():
        django_settings.DATABASES["default"]["TEST"] |= {"TEMPLATE": template, "MIGRATE": False}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Wait until the database is free: PostgreSQL drops none that a browser's last request is still leaving."""
    if django_settings.DATABASES["default"]["TEST"]["MIGRATE"]:
        migrated.keep(django_settings.DATABASES["default"]["NAME"])
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        wait_until(lambda: not others_connected(cursor), "somebody stays connected to the tests' database")


def others_connected(cursor):
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return cursor.fetchone()[0]


def emptied(test):
    """Clean up after a test with transactions of its own: delete the rows of the few tables that have any.

    Django's way, TRUNCATE of every table and the content types and permissions made anew, takes ten times as long, and
    append-only tables refuse it.
    """
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        tables = [f'"{table}"' for table in connection.introspection.django_table_names() if table not in KEPT]
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables))
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")


TransactionTestCase._fixture_teardown = emptied


def rendered(template, context):
    """Tell the test client of whole pages only: it copies the context of every part of a page it is told of."""
    if context.template is template and isinstance(context, RequestContext):
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


test_utils.instrumented_test_render = rendered
