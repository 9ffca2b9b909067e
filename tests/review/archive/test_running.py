"""The archiver: what was committed is in the archive after a turn; what is wrong is said, and nothing is lost by it."""

import os
import signal
import subprocess

import pytest

from candidates.models import Account
from review.archive import bases, pictures, wal
from review.models import ArchiveState
from tests import factories
from tests.review.archive.conftest import needs_age

pytestmark = needs_age


def test_after_a_turn_rows_and_pictures_of_before_it_are_archived(living):
    living.turn()
    before = len(wal.sealed(living.folder))
    application = factories.make_application("registered")
    factories.upload_required(application)
    living.turn()
    assert len(wal.sealed(living.folder)) == before + 1
    assert ArchiveState.objects.get().archived_until > application.images.first().uploaded_at
    keys = {
        key
        for path in (living.folder / "pictures").glob("*.list")
        for _, _, key in pictures.listed(living.folder, path.stem)
    }
    assert {one.file for one in application.images.all()} <= keys


def test_while_nothing_happens_no_segment_is_added(living):
    living.turn()
    living.turn()
    before = len(wal.sealed(living.folder))
    living.turn()
    assert len(wal.sealed(living.folder)) - before <= 1  # PostgreSQL may have written something of its own


def test_a_killed_receiver_is_started_again_without_a_gap(living):
    living.turn()
    first = min(wal.sealed(living.folder))
    os.kill(living.receiver.process.pid, signal.SIGKILL)
    living.receiver.process.wait()
    for _ in range(2):
        factories.make_candidate()
        living.turn()
    assert living.problem == ""
    assert wal.gaps([*wal.sealed(living.folder)], first, wal.segment_size()) == []


@pytest.mark.parametrize("size", [0, 14 * 1024 * 1024])
def test_a_receiver_that_was_killed_while_it_made_a_file_goes_on_without_a_gap(living, size):
    living.turn()
    first = min(wal.sealed(living.folder))
    os.kill(living.receiver.process.pid, signal.SIGKILL)
    living.receiver.process.wait()
    (half,) = living.receiver.spool.glob("*.partial")
    os.truncate(half, size)
    factories.make_candidate()
    living.turn()
    assert living.problem == ""
    assert wal.gaps([*wal.sealed(living.folder)], first, wal.segment_size()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_said_and_postgresql_keeps_what_is_missing(living, tmp_path):
    living.turn()
    first = min(wal.sealed(living.folder))
    small = living.folder / "wal"
    kept = list(small.iterdir())
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "nmec-test", small], capture_output=True)
    if done.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        (small / "filler").write_bytes(bytes(32 * 1024))
        factories.make_candidate()
        living.turn()
        assert "请看磁盘的空间" in living.problem
        assert ArchiveState.objects.get().problem == living.problem
        assert [path.name for path in small.iterdir()] == ["filler"]
    finally:
        subprocess.run(["umount", small], check=True)
    assert set(kept) <= set(small.iterdir())
    living.turn()
    assert (living.problem, ArchiveState.objects.get().problem) == ("", "")
    assert wal.gaps([*wal.sealed(living.folder)], first, wal.segment_size()) == []
    assert Account.objects.exists()
    assert bases.listed(living.folder) == []
