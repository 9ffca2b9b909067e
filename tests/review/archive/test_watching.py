"""What whoever watches is told: nothing while all is well, else what to do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from review.archive import watching
from review.models import ArchiveState, Backup

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(settings, tmp_path):
    settings.BACKUP = replace(settings.BACKUP, folder=tmp_path)
    return timezone.now()


def state(now, **facts):
    return ArchiveState.objects.create(**{"seen_at": now, "archived_until": now, **facts})


def backed_up(ended):
    return Backup.objects.create(name="one", kind="full", began_at=ended, ended_at=ended, size=1)


def test_where_no_archive_is_set_nothing_is_wrong():
    assert watching.problems() == []


def test_while_all_is_well_nothing_is_said_and_the_lag_is_known(now):
    state(now - timedelta(seconds=20))
    one = backed_up(now - timedelta(hours=5))
    assert watching.problems(now) == []
    assert watching.lag(now) == watching.Lag(20, None, 5 * 3600, 0)
    assert watching.backups() == [one]


def test_an_archiver_that_does_not_run_and_a_backup_that_did_not_come_are_told(now):
    assert [one[:10] for one in watching.problems(now)] == [
        "归档服务没有运行：请",
        "最近归档至 （从未）",
        "一天以上没有新的基础",
    ]


def test_what_the_archiver_says_is_told_in_its_words(now):
    state(now, problem="备份没有写成 one：No space left on device。请看磁盘的空间。")
    backed_up(now)
    assert watching.problems(now) == ["备份没有写成 one：No space left on device。请看磁盘的空间。"]


def test_copies_elsewhere_that_stay_behind_are_told(now, settings):
    settings.STORAGES = {**settings.STORAGES, "backups": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    state(now, copied_until=now - timedelta(minutes=16))
    backed_up(now)
    assert [one[:6] for one in watching.problems(now)] == ["异地只复制至"]
