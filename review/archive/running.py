"""The archiver: every few seconds what was committed goes into the archive, rows and pictures; a base backup a day.

Order within a turn: WAL first, then pictures: a row's files were stored before the row was, so they are packed with it.
"""

import logging
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from review.archive import bases, keeping, offsite, pictures, wal
from review.archive.place import BASE, ArchiveError, prepare
from review.models import ArchiveState

AGAIN = timedelta(minutes=10)  # after a base backup that failed
log = logging.getLogger(__name__)


class Archiver:
    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        prepare(folder, wal.system_identifier())
        self.receiver = wal.Receiver(folder, programs)
        self.base: subprocess.Popen[bytes] | None = None
        self.still = ""  # where PostgreSQL stood when we had last written ourselves
        self.not_before = timezone.now()  # a base backup that failed is not begun again before this
        self.problem = ""

    def turn(self) -> None:
        """Archive what has been committed by now. What is wrong is written down, and tried again next time."""
        problem = ""
        try:
            self.receiver.ensure()
            self._say(archived_until=self._archive())
            self._base()
            keeping.write_down(self.folder)
        except ArchiveError as error:
            problem = str(error)
        if problem != self.problem:
            log.error("The archive is behind: %s", problem) if problem else log.warning("The archive goes on")
        self.problem = problem
        self._say(problem=problem[:500], seen_at=timezone.now())
        _, self.still = wal.position()

    def _archive(self) -> datetime:
        until, lsn = wal.position()
        if self.still != lsn:
            until, segment = wal.switch()
            wal.wait_for(self.folder, segment, self.receiver)
        wal.seal_received(self.folder)
        state = ArchiveState.objects.first()
        if state and not state.all_asked_at and self._has_packs():
            pictures.pack_new(self.folder, since=state.archived_until)
            return until

        pictures.pack_new(self.folder, since=None)
        if state:  # what was asked for meanwhile stays asked for
            ArchiveState.objects.filter(all_asked_at=state.all_asked_at).update(all_asked_at=None)
        return until

    def _has_packs(self) -> bool:
        return any((self.folder / "pictures").glob("*.list"))

    def _base(self) -> None:
        """Begin a base backup where one is due, in a process of its own; look after the one that is being made."""
        if self.base is not None:
            if self.base.poll() is None:
                return
            failed, self.base = self.base.returncode != 0, None
            if failed:
                self.not_before = timezone.now() + AGAIN
        if timezone.now() < self.not_before:
            raise ArchiveError("基础备份没有做成，原因在归档服务的日志里；十分钟后会再做，也可以运行 base_backup。")
        if bases.is_due(self.folder, timezone.now()):
            command = [sys.executable, "manage.py", "base_backup"]
            self.base = subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)

    def _say(self, **facts: object) -> None:
        ArchiveState.objects.update_or_create(id=1, defaults={"seen_at": timezone.now(), **facts})

    def copiers(self, stop: Event) -> list[Thread]:
        """Copy elsewhere in threads of their own: a large base backup holds up nothing, an absent bucket neither."""
        if not offsite.is_wanted():
            return []
        rooms = (offsite.SMALL, (BASE,))
        return [Thread(target=copy, args=[offsite.Copier(self.folder, one), stop], daemon=True) for one in rooms]

    def close(self) -> None:
        self.receiver.stop()
        if self.base is not None and self.base.poll() is None:
            self.base.terminate()
            self.base.wait()


def copy(copier: offsite.Copier, stop: Event) -> None:
    """Copy until `stop` is set. Small files say until when all is elsewhere."""
    failed = False
    while not stop.is_set():
        try:
            state = ArchiveState.objects.first()
            copier.copy()
            if copier.rooms == offsite.SMALL and state and state.archived_until:
                ArchiveState.objects.filter(id=1).exclude(copied_until=state.archived_until).update(
                    copied_until=state.archived_until
                )
            failed = False
        except ArchiveError as error:
            if not failed:
                log.error("Copies elsewhere are behind: %s", error)
            failed = True
        except (DatabaseError, InterfaceError):
            connection.close()
        stop.wait(2)
    connection.close()
