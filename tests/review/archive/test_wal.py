"""Segments: sealed once, none written over, none missing without a word."""

import pytest
from django.db import connection

from review.archive import place, wal
from review.archive.place import ArchiveError
from tests.review.archive.conftest import needs_age
from tests.waiting import wait_until

pytestmark = needs_age
FIRST, SECOND, FOURTH = (f"{1:08X}{0:08X}{number:08X}" for number in (1, 2, 4))
SIZE = 16 << 20


def receive(folder, name, content):
    (folder / "spool" / name).write_bytes(content)


def test_a_received_segment_is_sealed_and_leaves_the_spool_and_a_part_of_one_stays(folder, identity):
    receive(folder, FIRST, b"x" * 5000)
    receive(folder, f"{SECOND}.partial", b"y")
    assert wal.seal_received(folder) == 1
    assert [path.name for path in (folder / "spool").iterdir()] == [f"{SECOND}.partial"]
    [path] = wal.sealed(folder).values()
    with place.opened(path, identity) as stream:
        import gzip

        assert gzip.decompress(stream.read()) == b"x" * 5000


def test_the_same_segment_twice_is_nothing_and_another_of_its_name_is_refused(folder):
    for _ in range(2):
        receive(folder, FIRST, b"x")
        wal.seal_received(folder)
    assert list(wal.sealed(folder)) == [FIRST]
    receive(folder, FIRST, b"other")
    with pytest.raises(ArchiveError, match="内容不同，没有改写"):
        wal.seal_received(folder)
    assert (folder / "spool" / FIRST).read_bytes() == b"other"


def test_missing_segments_are_found_whatever_the_timeline():
    on_two = "00000002" + FOURTH[8:]
    assert wal.gaps([FIRST, SECOND, on_two], FIRST, SIZE) == ["3"]
    assert wal.gaps([FIRST, SECOND, "00000002.history"], FIRST, SIZE) == []
    assert wal.gaps([SECOND], FIRST, SIZE) == ["1"]
    assert wal.number("000000010000000100000000", SIZE) == 256


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


def given_up(cursor):
    """Write another segment; say whether PostgreSQL has let go of those that the slot wants."""
    for words in ("SELECT pg_logical_emit_message(true, '', 'x')", "SELECT pg_switch_wal()", "CHECKPOINT"):
        cursor.execute(words)
    return status_of_slot() == "lost"


def status_of_slot():
    with connection.cursor() as cursor:
        cursor.execute("SELECT wal_status FROM pg_replication_slots WHERE slot_name = %s", [wal.SLOT])
        return cursor.fetchone()[0]


def test_a_slot_that_postgresql_gave_up_is_made_anew_and_a_full_base_backup_asked_for(living):
    living.receiver.ensure()
    living.receiver.stop()
    (living.folder / wal.ASKED).unlink()
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'")
        cursor.execute("SELECT pg_reload_conf()")
        try:
            wait_until(lambda: setting("max_slot_wal_keep_size") == "1MB", "it was not read")
            wait_until(lambda: given_up(cursor), "it was kept")
        finally:
            cursor.execute("ALTER SYSTEM RESET max_slot_wal_keep_size")
            cursor.execute("SELECT pg_reload_conf()")
    living.receiver.ensure()
    assert (status_of_slot(), (living.folder / wal.ASKED).exists()) == ("reserved", True)
