"""The demo's data for the files of tests that read it: loaded once in a run, then copied row by row."""

import fcntl
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import override_settings

MADE_BY_MIGRATE = ("django_content_type", "auth_permission")


@contextmanager
def loaded(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """Yield what load_demo printed and the folder of its pictures; its rows are there while the block runs.

    Of pytest-xdist's processes the first loads, and the others copy: half a minute against a second.
    """
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "demo"
    folder.mkdir(exist_ok=True)
    media, printed = folder / "media", folder / "printed"

    with transaction.atomic():
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if printed.exists():
                _copy_in(folder)
            else:
                out = io.StringIO()
                with override_settings(DEMO=True, MEDIA_ROOT=media):
                    call_command("load_demo", stdout=out)
                _copy_out(folder)
                printed.write_text(out.getvalue())
        yield printed.read_text(), media
        transaction.set_rollback(True)


def _tables() -> list[str]:
    return [table for table in connection.introspection.django_table_names() if table not in MADE_BY_MIGRATE]


def _copy_out(folder: Path) -> None:
    with connection.cursor() as cursor:
        for table in _tables():
            with (folder / table).open("wb") as file:
                cursor.copy_expert(f'COPY "{table}" TO STDOUT', file)


def _copy_in(folder: Path) -> None:
    """Copy the rows as they were: no trigger writes their history again, and the next keys follow theirs."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _tables():
            with (folder / table).open("rb") as file:
                cursor.copy_expert(f'COPY "{table}" FROM STDIN', file)
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")
