"""What is kept: any minute of the days, and nothing that is older; and whether it is whole."""

from datetime import timedelta

import pytest
from django.utils import timezone

from review.archive import keeping, place
from review.models import Backup
from tests.review.archive.conftest import needs_age
from tests.review.archive.test_bases import base, enter

pytestmark = [pytest.mark.django_db, needs_age]


def segment(number):
    return f"{1:08X}{0:08X}{number:08X}"


def seal(folder, number):
    place.seal([b"x"], folder / "wal" / f"{segment(number)}-{'0' * 16}.gz.age")


def test_the_last_before_the_days_stays_with_what_it_is_added_to_and_all_before_goes(folder):
    now = timezone.now()
    for days, name, kind, after in (
        (60, "a", "full", ""),
        (50, "b", "full", ""),
        (40, "c", "incremental", "b"),
        (30, "d", "full", ""),
    ):
        number = 100 - days
        enter(folder, base(name, kind=kind, after=after, ended=now - timedelta(days=days), first=segment(number)))
    for number in (40, 49, 50, 70):
        seal(folder, number)
    names = keeping.superfluous(folder, now)
    assert [name for name in names if name.startswith("base/")] == [
        "base/a.json",
        "base/a.tar.gz.age",
        "base/a.manifest.gz",
    ]
    assert [name[4:28] for name in names if name.startswith("wal/")] == [segment(40), segment(49)]
    assert keeping.prune(folder) == len(names)
    assert keeping.superfluous(folder, now) == []


def test_without_a_base_backup_nothing_is_superfluous(folder):
    seal(folder, 1)
    assert keeping.superfluous(folder, timezone.now()) == []


def test_a_changed_file_and_a_missing_segment_are_told_and_the_others_are_written_down(folder):
    sealed = place.seal([b"x"], folder / "base" / "good.tar.gz.age")
    from dataclasses import replace

    good = replace(base("good", first=segment(5)), sha256=sealed.sha256, size=sealed.size)
    enter(folder, good)
    enter(folder, base("bad", first=segment(3)))
    seal(folder, 5)
    keeping.write_down(folder)
    found = keeping.check(folder)
    assert found == {"bad": ["bad：文件不存在", "bad：缺少 2 段 WAL，从它不能恢复到最近。请重新做一个完整备份"]}
    assert [(one.name, one.checked_at is not None) for one in Backup.objects.order_by("name")] == [
        ("bad", False),
        ("good", True),
    ]
