"""What the archive is like, for whoever watches: the back office, /metrics, `list_backups`. By the database alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from review.archive.offsite import is_wanted
from review.archive.wal import SLOT
from review.models import ArchiveState, Backup

LATE = timedelta(minutes=3)  # behind by more is worth a sentence
OLD = timedelta(hours=30)  # a daily backup that did not come


@dataclass(frozen=True)
class Lag:
    """Seconds that would be lost now: with this machine's disk (None: no archive), with the machine."""

    archived: float | None
    copied: float | None
    base_age: float | None  # since the last base backup was complete
    held_back: int  # bytes of WAL that PostgreSQL keeps for the archive


def backups() -> list[Backup]:
    """Return the base backups that there are, the newest first: name, kind, times, size, checked and drilled when."""
    return list(Backup.objects.order_by("-ended_at"))


def lag(now: datetime) -> Lag:
    state, last = ArchiveState.objects.first(), Backup.objects.order_by("-ended_at").first()

    def since(moment: datetime | None) -> float | None:
        return max((now - moment).total_seconds(), 0) if moment else None

    return Lag(
        archived=since(state.archived_until) if state else None,
        copied=since(state.copied_until) if state else None,
        base_age=since(last.ended_at) if last else None,
        held_back=_held_back(),
    )


def _held_back() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint"
            " FROM pg_replication_slots WHERE slot_name = %s",
            [SLOT],
        )
        found = cursor.fetchone()
        return int(found[0]) if found else 0


def problems(now: datetime | None = None) -> list[str]:
    """Return what is wrong with the archive, each with what to do; none where no archive is set."""
    if settings.BACKUP.folder is None:
        return []
    now = now or timezone.now()
    state, found, sentences = ArchiveState.objects.first(), lag(now), []
    if state is None or now - state.seen_at > LATE:
        sentences.append("归档服务没有运行：请启动 manage.py archiver，并看它的日志。")
    if state and state.problem:
        sentences.append(state.problem)
    elif found.archived is None or found.archived > LATE.total_seconds():
        sentences.append(
            f"最近归档至 {_said(state.archived_until if state else None)}：此后的内容还没有备份。请看归档服务的日志。"
        )
    if is_wanted() and (found.copied is None or found.copied > 5 * LATE.total_seconds()):
        sentences.append(
            f"异地只复制至 {_said(state.copied_until if state else None)}。请查看 NMEC_BACKUP_S3_ENDPOINT 是否应答。"
        )
    if found.base_age is None or found.base_age > OLD.total_seconds():
        sentences.append("一天以上没有新的基础备份：请运行 base_backup，并看它说什么。")
    return sentences


def _said(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else "（从未）"
