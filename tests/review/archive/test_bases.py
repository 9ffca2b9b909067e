"""Base backups: what they say of themselves, what is added to what, and when one is due."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from review.archive import bases, place, wal
from review.archive.place import ArchiveError
from review.management import programs
from tests.review.archive.conftest import needs_age

pytestmark = needs_age


def base(name, *, kind="full", after="", ended=None, first="000000010000000000000001"):
    ended = (ended or timezone.now()).isoformat()
    return bases.Base(name, kind, after, ended, ended, 1, first, first, 16 << 20, "0" * 64, 0, 0)


def enter(folder, one):
    place.write_json(folder / "base" / f"{one.name}.json", asdict(one))
    return one


def test_a_backup_says_which_wal_it_begins_with_and_the_next_is_added_to_it(living):
    first = bases.make(living.folder, programs.find())  # the slot is new: a full one, and its WAL is kept from here
    second = bases.make(living.folder, programs.find())
    assert (first.kind, second.kind, second.after) == ("full", "incremental", first.name)
    assert bases.listed(living.folder) == [first, second]
    assert second.inside_size < first.inside_size
    living.turn()
    assert wal.gaps([*wal.sealed(living.folder)], first.first, first.segment_size) == []
    assert wal.has(living.folder, second.last)
    assert not (living.folder / wal.ASKED).exists()


def test_a_chain_begins_with_a_full_one_and_misses_none():
    full, added = base("a"), base("b", kind="incremental", after="a")
    last = base("c", kind="incremental", after="b")
    assert bases.chain([full, added, last], last) == [full, added, last]
    with pytest.raises(ArchiveError, match="增量备份 b 缺少它依据的 a"):
        bases.chain([added, last], last)


def test_one_is_due_where_there_is_none_or_the_hour_has_come_or_the_slot_is_new(folder, settings):
    now = timezone.now()
    settings.BACKUP = replace(settings.BACKUP, hour=timezone.localtime(now).hour)
    assert bases.is_due(folder, now) is True
    enter(folder, base("a", ended=now - timedelta(hours=1)))
    assert bases.is_due(folder, now) is False
    assert bases.is_due(folder, now + timedelta(hours=24)) is True
    (folder / wal.ASKED).touch()
    assert bases.is_due(folder, now) is True


def test_the_next_is_due_once_the_least_time_is_over(folder, settings):
    now = datetime(2026, 3, 1, 3, 30, tzinfo=timezone.get_default_timezone())
    settings.BACKUP = replace(settings.BACKUP, hour=3)
    enter(folder, base("a", ended=now - bases.DUE))
    assert [bases.is_due(folder, now + timedelta(seconds=more)) for more in (0, 1)] == [False, True]


def test_what_fails_leaves_nothing_behind(living, monkeypatch):
    monkeypatch.setattr(bases, "environment", lambda: {"PGHOST": "/nowhere"})
    with pytest.raises(ArchiveError, match=r"pg_basebackup 失败：.*/nowhere"):
        bases.make(living.folder, programs.find())
    assert list((living.folder / "base").iterdir()) == []
