"""WAL as it is written: pg_receivewal keeps a slot and the spool; complete segments are sealed and leave the spool.

The slot makes PostgreSQL keep what has not been received, up to its max_slot_wal_keep_size.
"""

import logging
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import connection

from review.archive.place import SPOOL, WAL, ArchiveError, chunks_of, digest, seal
from review.operations.backups import environment

SLOT = "nmec_archive"
SEGMENT = re.compile(r"[0-9A-F]{24}")
COMPLETE = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history")
SEALED_NAME = re.compile(r"([0-9A-F]{24}|[0-9A-F]{8}\.history)-([0-9a-f]{16})\.gz\.age")
ASKED = "full-backup-wanted"  # this file lies in the folder until a full base backup was made
PATIENCE = 30  # seconds for a segment that PostgreSQL has just completed
log = logging.getLogger(__name__)


class Receiver:
    """pg_receivewal, started again where it has ended."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.spool, self.programs = folder / SPOOL, programs
        self.process: subprocess.Popen[bytes] | None = None

    def ensure(self) -> None:
        """Have it running. Where the slot is new, WAL may be missing before it: a full base backup is asked for."""
        if make_slot():
            (self.spool.parent / ASKED).touch()
        if self.process is None or self.process.poll() is not None:
            if self.process:
                log.warning("pg_receivewal has ended with status %s; it is started again", self.process.returncode)
            self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self._drop_half_made()
        words = [f"--directory={self.spool}", f"--slot={SLOT}", "--status-interval=5", "--no-password", "--no-loop"]
        bound = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        return subprocess.Popen(
            [*bound, self.programs / "pg_receivewal", *words], env=environment(), stdin=subprocess.DEVNULL
        )

    def _drop_half_made(self) -> None:
        """Remove what was killed while it made a segment's file: pg_receivewal fills it with zeros before it writes.

        It refuses to begin beside one of any other size. Nothing of it is lost: the slot keeps that segment.
        """
        whole = segment_size()
        for path in self.spool.glob("*.partial"):
            if path.stat().st_size not in (0, whole):
                log.warning("%s was half made, and is begun anew", path.name)
                path.unlink()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def make_slot() -> bool:
    """Make the slot where there is none, or where PostgreSQL gave it up. Return whether it is new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wal_status FROM pg_replication_slots WHERE slot_name = %s", [SLOT])
        found = cursor.fetchone()
        if found and found[0] != "lost":
            return False
        if found:
            log.error("The slot was given up by PostgreSQL: WAL is missing, and a base backup is made")
            cursor.execute("SELECT pg_drop_replication_slot(%s)", [SLOT])
        cursor.execute("SELECT pg_create_physical_replication_slot(%s, true)", [SLOT])
        return True


def system_identifier() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
        return str(cursor.fetchone()[0])


def switch() -> tuple[datetime, str]:
    """Let PostgreSQL complete the segment it writes. Return its time, and the segment that holds what was before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now(), pg_walfile_name(pg_switch_wal() - 1::numeric)")
        now, segment = cursor.fetchone()
        return now, str(segment)


def position() -> tuple[datetime, str]:
    """Return PostgreSQL's time, and how far it has written: what was committed by then lies before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now(), pg_current_wal_insert_lsn()::text")
        now, lsn = cursor.fetchone()
        return now, str(lsn)


def seal_received(folder: Path) -> int:
    """Seal every complete segment of the spool, oldest first. Return how many. Raise ArchiveError."""
    names = sorted(path.name for path in (folder / SPOOL).iterdir() if COMPLETE.fullmatch(path.name))
    for name in names:
        path = folder / SPOOL / name
        sha256, _ = digest(path)
        sealed = folder / WAL / f"{name}-{sha256[:16]}.gz.age"
        others = list((folder / WAL).glob(f"{name}-*.gz.age"))
        if others and others != [sealed]:
            raise ArchiveError(
                f"{name} 已经在备份里，内容不同，没有改写：两个数据库在写同一个备份。请停止其中一个，换一个新的文件夹。"
            )
        if not others:
            with path.open("rb") as file:
                seal(chunks_of(file), sealed)
        path.unlink()
    return len(names)


def wait_for(folder: Path, segment: str, receiver: Receiver) -> None:
    """Seal what comes until this segment is there. Raise ArchiveError after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not has(folder, segment):
        receiver.ensure()
        if not seal_received(folder):
            time.sleep(0.1)
        if time.monotonic() > deadline:
            raise ArchiveError(
                f"{PATIENCE} 秒内没有收到 {segment}。请看数据库是否允许复制连接（pg_hba.conf）和归档服务的日志。"
            )


def has(folder: Path, segment: str) -> bool:
    return any((folder / WAL).glob(f"{segment}-*.gz.age"))


def sealed(folder: Path) -> dict[str, Path]:
    """Return every segment and history that the archive has, by its name."""
    found = (SEALED_NAME.fullmatch(path.name) for path in (folder / WAL).iterdir())
    return {match[1]: folder / WAL / match[0] for match in found if match}


def gaps(names: Iterator[str] | list[str], first: str, size: int) -> list[str]:
    """Return the segments that are missing after `first` on the way to the last of all; `size`: bytes of a segment."""
    there = {name for name in names if SEGMENT.fullmatch(name)}
    numbers = {number(name, size) for name in there}
    start = number(first, size)
    last = max((one for one in numbers if one >= start), default=start)
    return [f"{one:X}" for one in range(start, last + 1) if one not in numbers]


def number(segment: str, size: int) -> int:
    """Return a segment's number from the beginning of WAL, whatever its timeline."""
    return int(segment[8:16], 16) * (0x100000000 // size) + int(segment[16:], 16)


def segment_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'")
        return int(cursor.fetchone()[0])
