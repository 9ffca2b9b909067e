"""Base backups: pg_basebackup's stream, sealed as it comes; nothing of it lies on a disk unsealed but its manifest.

Without WAL: that is in the archive beside it. An incremental one holds the blocks that changed since the one before,
where PostgreSQL keeps summaries of WAL (summarize_wal=on).
"""

import gzip
import json
import os
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.db import connection
from django.utils import timezone

from review.archive.place import BASE, ArchiveError, chunks_of, seal, stamp, write_json
from review.archive.wal import ASKED, make_slot, segment_size
from review.operations.backups import environment

LONGEST_CHAIN = 7  # base backups that a restore puts together
DUE = timedelta(hours=20)  # after the one before


@dataclass(frozen=True)
class Base:
    """What a base backup's JSON says. Times are ISO, in UTC."""

    name: str
    kind: str  # full, incremental
    after: str  # the name of the one that an incremental one is added to
    began: str
    ended: str  # from this time on it can be restored to
    timeline: int
    first: str  # the segment of WAL that a restore begins with
    last: str  # and the one that it must have at least
    segment_size: int  # bytes
    sha256: str  # of the sealed file
    size: int
    inside_size: int  # of the tar

    @property
    def ended_at(self) -> datetime:
        return datetime.fromisoformat(self.ended)

    def path(self, folder: Path) -> Path:
        return folder / BASE / f"{self.name}.tar.gz.age"

    def manifest(self, folder: Path) -> Path:
        return folder / BASE / f"{self.name}.manifest.gz"


def listed(folder: Path) -> list[Base]:
    """Return what the folder has, oldest first."""
    return sorted(
        (Base(**json.loads(path.read_text())) for path in (folder / BASE).glob("*.json")), key=lambda one: one.ended
    )


def is_due(folder: Path, now: datetime) -> bool:
    """Say whether there is none, or the day's hour has come."""
    found = listed(folder)
    if not found or (folder / ASKED).exists():
        return True
    age = now - found[-1].ended_at
    return age > timedelta(hours=26) or (age > DUE and timezone.localtime(now).hour == settings.BACKUP.hour)


def chain(all_of_them: list[Base], last: Base) -> list[Base]:
    """Return a full backup and the incremental ones up to `last`. Raise ArchiveError where one is missing."""
    by_name, found = {one.name: one for one in all_of_them}, [last]
    while found[0].kind == "incremental":
        if found[0].after not in by_name:
            raise ArchiveError(f"增量备份 {found[0].name} 缺少它依据的 {found[0].after}，不能恢复。")
        found.insert(0, by_name[found[0].after])
    return found


def make(folder: Path, programs: Path, *, full: bool = False) -> Base:
    """Make a base backup; incremental where that is possible and not `full`. Raise ArchiveError."""
    _sweep(folder)
    if make_slot():  # before it: the WAL that goes on from it is kept, whoever receives it later
        (folder / ASKED).touch()
    full = full or (folder / ASKED).exists()
    before = None if full else _one_to_add_to(folder)
    began = timezone.now()
    name = f"{stamp(began)}-{'incremental' if before else 'full'}"
    command: list[str | Path] = [
        *(programs / "pg_basebackup", "--pgdata=-", "--format=tar", "--wal-method=none", "--checkpoint=fast"),
        *("--manifest-checksums=SHA256", "--no-password", f"--label={name}"),
    ]

    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile() as said:
        if before:
            manifest = Path(scratch, "manifest")
            manifest.write_bytes(gzip.decompress(before.manifest(folder).read_bytes()))
            command.append(f"--incremental={manifest}")
        path = folder / BASE / f"{name}.tar.gz.age"
        process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=said)
        try:
            sealed = seal(_watched(process, folder / BASE / f"{name}.manifest.gz", said), path)
        finally:
            process.kill()
            process.wait()
    start, end, timeline = _points(folder / BASE / f"{name}.manifest.gz")

    size = segment_size()
    base = Base(
        name=name,
        kind="incremental" if before else "full",
        after=before.name if before else "",
        began=began.isoformat(),
        ended=timezone.now().isoformat(),
        timeline=timeline,
        first=segment_of(start + 1, timeline, size),
        last=segment_of(end, timeline, size),
        segment_size=size,
        sha256=sealed.sha256,
        size=sealed.size,
        inside_size=sealed.inside_size,
    )
    write_json(folder / BASE / f"{name}.json", asdict(base))
    if full:
        (folder / ASKED).unlink(missing_ok=True)
    return base


def _one_to_add_to(folder: Path) -> Base | None:
    """Return the last backup where an incremental one can be added to it."""
    found = listed(folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_settings WHERE name = 'summarize_wal'")
        summarizes = cursor.fetchone()[0] == "on"
        cursor.execute("SELECT timeline_id FROM pg_control_checkpoint()")
        timeline = cursor.fetchone()[0]
    if not summarizes or not found or found[-1].timeline != timeline or not found[-1].manifest(folder).exists():
        return None
    return found[-1] if len(chain(found, found[-1])) < LONGEST_CHAIN else None


def _watched(process: subprocess.Popen[bytes], manifest: Path, said: IO[bytes]) -> Iterator[bytes]:
    """Yield the stream, and keep the manifest that comes in it. Raise ArchiveError where pg_basebackup fails."""
    reading, writing = os.pipe()
    reader = threading.Thread(target=_keep_manifest, args=[reading, manifest])
    reader.start()
    try:
        with open(writing, "wb") as copy:
            for chunk in chunks_of(cast(IO[bytes], process.stdout)):
                copy.write(chunk)
                yield chunk
    finally:
        reader.join()
    if process.wait() or not manifest.exists():
        raise ArchiveError(f"pg_basebackup 失败：{_words(said)[-400:].strip()}")


def _keep_manifest(reading: int, manifest: Path) -> None:
    with open(reading, "rb") as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|") as tar:
                for member in tar:
                    if member.name == "backup_manifest":
                        manifest.write_bytes(gzip.compress(cast(IO[bytes], tar.extractfile(member)).read(), 1))
        except tarfile.TarError:
            pass  # broken off: pg_basebackup says why
        for _ in chunks_of(stream):
            pass  # the writer must not wait


def _words(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace")


def _points(manifest: Path) -> tuple[int, int, int]:
    """Return where the WAL begins and ends that it needs, and on which timeline, as its manifest says."""
    ranges = json.loads(gzip.decompress(manifest.read_bytes()))["WAL-Ranges"]
    first, last = min(ranges, key=lambda one: one["Timeline"]), max(ranges, key=lambda one: one["Timeline"])
    return _lsn(first["Start-LSN"]), _lsn(last["End-LSN"]), int(last["Timeline"])


def _lsn(text: str) -> int:
    high, _, low = text.partition("/")
    return int(high, 16) << 32 | int(low, 16)


def segment_of(lsn: int, timeline: int, size: int) -> str:
    """Return the name of the segment that the byte before `lsn` lies in."""
    number, a_file = (lsn - 1) // size, 0x100000000 // size
    return f"{timeline:08X}{number // a_file:08X}{number % a_file:08X}"


def _sweep(folder: Path) -> None:
    """Remove what was begun and never completed."""
    complete = {path.stem for path in (folder / BASE).glob("*.json")}
    for path in (folder / BASE).iterdir():
        if path.name.split(".")[0] not in complete and path.suffix != ".json":
            path.unlink(missing_ok=True)
