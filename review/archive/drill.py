"""A restore drill: the archive into a scratch database, then held against the living one, by counts and by hashes.

People work on while it runs, so only what never changes again is compared, of rows older than SETTLED.
"""

import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection, transaction
from django.utils import timezone

from review.archive import recovering
from review.models import ArchiveState, Backup

SETTLED = timedelta(minutes=5)  # a transaction ends within this time
# name, table, the column of its time, what of a row never changes
FACTS = (
    ("办理记录", "candidates_record", "at", "hash"),
    ("图片", "materials_materialimage", "uploaded_at", "id::text || sha256 || size::text"),
    ("提交", "materials_submission", "at", "id::text || round::text || images::text"),
    ("操作记录", "candidates_operatoract", "at", "id::text || command || phase"),
    ("收款", "review_payment", "received_at", "id::text || amount::text"),
    ("账号", "candidates_account", "date_joined", "id::text || kind"),
)
# the sum of a piece of every row's MD5: the rows' order does not matter, and no row is kept in memory
SUM = """
SELECT count(*), coalesce(sum(('x' || substr(md5({what}), 1, 15))::bit(60)::bigint), 0) FROM {table} WHERE {at} < %s
"""


@dataclass
class Drill:
    """What was found. `differing` names facts with the living and the restored number."""

    until: datetime
    seconds: float = 0  # until the restored database answered
    segments: int = 0
    base: str = ""
    rows: int = 0
    files: int = 0
    size: int = 0  # bytes of files
    files_seconds: float = 0
    differing: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # files


def facts(cursor: Any, before: datetime) -> dict[str, tuple[int, int]]:
    """Return for each fact how many rows, and their hash."""
    found = {}
    for name, table, at, what in FACTS:
        cursor.execute(SUM.format(what=what, table=table, at=at), [before])
        count, total = cursor.fetchone()
        found[name] = (count, int(total))
    return found


def run(archive: Path, identity: Path, server: recovering.Server, *, files: bool = True) -> Drill:
    """Restore to the last archived moment into a scratch folder, compare, and remove it. Raise ArchiveError."""
    state = ArchiveState.objects.first()
    until = (state and state.archived_until) or timezone.now()
    done = Drill(until)
    done.base = recovering.plan(archive, None).chain[-1].name
    with tempfile.TemporaryDirectory(prefix="drill-", dir=archive) as name:
        Path(name).chmod(0o711)  # for the account that runs the server
        with recovering.restored(archive, identity, Path(name, "data"), server) as restored:
            done.seconds, done.segments = restored.seconds, restored.segments
            _compare(done, restored.url, until - SETTLED)
            if files:
                began = timezone.now()
                done.files, done.size, done.missing = recovering.put_back(archive, identity, restored.url, write=False)
                done.files_seconds = (timezone.now() - began).total_seconds()
    if not done.differing and not done.missing:
        Backup.objects.filter(name=done.base).update(drilled_at=timezone.now())
    return done


def _compare(done: Drill, url: str, before: datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        ours = facts(cursor, before)
    connected = psycopg2.connect(url)
    try:
        with connected.cursor() as cursor:
            theirs = facts(cursor, before)
    finally:
        connected.close()
    done.rows = sum(count for count, _ in theirs.values())
    for name, (count, total) in ours.items():
        if theirs[name] != (count, total):
            how = f"现有 {count} 行，恢复出 {theirs[name][0]} 行" if theirs[name][0] != count else "行数相同，内容不同"
            done.differing.append(f"{name}：{how}")
