"""An archive for tests: a pair of age keys, and a PostgreSQL of its own with full WAL, which the tests' is not."""

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from nmec_portal.local import postgres
from review.archive import place, running, wal
from review.management import programs
from tests.conftest import emptied
from tests.nmec_portal.local.serving import server_like_ours

needs_age = pytest.mark.skipif(not shutil.which("age"), reason="age is missing")


def pytest_collection_modifyitems(items):
    """Have the tests' database made for what copies it, also where no other test of the run asks for one."""
    for item in items:
        if "full_server" in item.fixturenames:
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def identity():
    """The private key: it opens what the public one of `archive` has sealed."""
    folder = Path(tempfile.mkdtemp(prefix="nmec-archive-"))
    subprocess.run(["age-keygen", "-o", folder / "key"], check=True, capture_output=True)
    yield folder / "key"
    shutil.rmtree(folder)


@pytest.fixture
def archive(settings, identity):
    """An empty archive that the server's account can read, as /tmp/pytest-of-root cannot be."""
    folder = Path(tempfile.mkdtemp(prefix="nmec-archive-"))
    folder.chmod(0o755)
    public = next(line.split()[-1] for line in identity.read_text().splitlines() if "public key" in line)
    settings.BACKUP = replace(settings.BACKUP, folder=folder / "archive", recipients=(public,))
    yield folder / "archive"
    shutil.rmtree(folder)


@pytest.fixture
def scratch():
    folder = Path(tempfile.mkdtemp(prefix="nmec-scratch-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def full_server(django_db_setup, django_db_blocker):
    """The address of a server whose WAL can be archived, with the portal's tables; and its folder."""
    folder = Path(tempfile.mkdtemp(prefix="nmec-full-"))
    with django_db_blocker.unblock(), server_like_ours(folder / "postgres") as url:
        with connected_to(url), connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET summarize_wal = on")
            cursor.execute("SELECT pg_reload_conf()")
        yield url
    postgres.remove(folder / "postgres")
    shutil.rmtree(folder)


@contextmanager
def connected_to(url):
    """Django's own connection goes to that server for as long."""
    from nmec_portal.settings import database

    found = database(url)
    was = {name: connection.settings_dict[name] for name in ("NAME", "USER", "HOST", "PORT")}
    connection.close()
    connection.settings_dict.update({name: found[name] for name in was})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(was)


@pytest.fixture
def living(full_server, archive, media_root, django_db_blocker, monkeypatch):
    """Yield an archiver of a living database; its base backups are made at once, in this process."""
    with django_db_blocker.unblock(), connected_to(full_server):
        monkeypatch.setattr(running.Archiver, "_base", lambda archiver: None)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '{wal.SLOT}'"
            )
        archiver = running.Archiver(archive, programs.find())
        try:
            yield archiver
        finally:
            archiver.close()
            emptied(None)


@pytest.fixture
def folder(archive):
    """The archive's folder, prepared without a database."""
    place.prepare(archive, "1")
    return archive
