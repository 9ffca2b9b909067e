"""The archive while people work: its disk full, the copies' S3 away, a base backup in the rush; then back to a minute.

What counts is the ledger: whatever was acknowledged before the minute is in the restored database with its bytes, and
nothing that came after it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connection
from django.test import override_settings

from review.archive import bases, drill, keeping, recovering, wal
from review.management import programs
from review.models import ArchiveState
from tests.faults.checker import MAYBE
from tests.faults.fault_disk import mount, small_disk
from tests.faults.stand import Failed, Ground, Load, Skipped, Stand, stand
from tests.materials.files import faulty_store, s3_rclone
from tests.waiting import wait_until

EACH = 40  # uploads before each of what happens, and after the last
AWAY = 20  # seconds without S3: ten minutes in short
PATIENCE = 120  # seconds for what comes back
ROOM = "400m"


def run(ground: Ground) -> str:
    if os.geteuid() != 0:
        raise Skipped("mounting a small disk needs root")
    if not shutil.which("age"):
        raise Skipped("age is missing")
    told: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nmec-fault-archive-")))
        folder.chmod(0o755)
        archive, key = folder / "archive", folder / "key"
        archive.mkdir()
        stack.enter_context(small_disk(archive))
        mount("-o", f"remount,size={ROOM}", archive)
        subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
        public = next(line.split()[-1] for line in key.read_text().splitlines() if "public key" in line)
        (folder / "s3").mkdir()
        server = stack.enter_context(s3_rclone.serving(folder / "s3"))
        server.bucket("backups")
        middle = stack.enter_context(faulty_store.between(server.options("backups")))
        backup = replace(settings.BACKUP, folder=archive, recipients=(public,))
        stack.enter_context(override_settings(BACKUP=backup))
        with stand(ground) as here:
            with archiver(here, folder, public, middle.options) as log, here.load(10_000) as load:
                for act in (full_disk, without_s3, base_in_the_rush):
                    uploads(load)
                    act(here, archive, middle, told)
                uploads(load)
                minute = a_minute(here)
                load.uploads = load.acknowledged + EACH
            told.append(back_to(minute, here, archive, key, folder, log))
            told.append(whole(archive, key))
        told.append(here.seen())
    return "; ".join(told)


@contextmanager
def archiver(here: Stand, folder: Path, public: str, options: dict) -> Iterator[Path]:
    """`manage.py archiver` beside the portal; when the block ends, what was committed by then is archived."""
    (folder / "keys").write_text(f"{options['access_key']}\n{options['secret_key']}\n")
    environment = here.portal.environment | {
        "NMEC_BACKUP_FOLDER": str(folder / "archive"),
        "NMEC_BACKUP_RECIPIENTS": public,
        "NMEC_BACKUP_EVERY": "5",
        "NMEC_BACKUP_S3_ENDPOINT": options["endpoint_url"],
        "NMEC_BACKUP_S3_BUCKET": options["bucket_name"],
        "NMEC_BACKUP_S3_KEYS_FILE": str(folder / "keys"),
        "NMEC_BACKUP_S3_ADDRESSING": "path",
    }
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "archiver"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait(lambda: bases.listed(folder / "archive"), "no base backup was made", log)
        yield log
        wait_for_now(log)
    finally:
        process.terminate()
        process.wait(60)


def wait(true, complaint: str, log: Path) -> float:
    began = time.monotonic()
    try:
        wait_until(true, complaint, seconds=PATIENCE)
    except AssertionError:
        raise Failed(f"{complaint}; the archiver says: {log.read_text(errors='replace')[-800:]}") from None
    return time.monotonic() - began


def wait_for_now(log: Path) -> float:
    now = moment()
    return wait(lambda: (state().archived_until or now.min) > now, "what was committed was not archived", log)


def state() -> ArchiveState:
    return ArchiveState.objects.get()


def moment() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def full_disk(here: Stand, archive: Path, middle, told: list[str]) -> None:
    log, filler = archive.parent / "log", archive / "filler"
    with filler.open("wb") as out:
        try:
            while True:
                out.write(bytes(1 << 20))
        except OSError:
            pass
    wait(lambda: state().problem, "a full disk was told nobody", log)
    said, pages = state().problem, here.probe("/help/")
    filler.unlink()
    seconds = wait(lambda: not state().problem, "the archive did not go on when there was room", log)
    seconds += wait_for_now(log)
    if pages != 200:
        raise Failed(f"a page answered {pages} while the archive's disk was full")
    told.append(f"full disk said as “{said[:40]}…”, caught up {seconds:.0f} s after there was room")


def without_s3(here: Stand, archive: Path, middle, told: list[str]) -> None:
    log = archive.parent / "log"
    middle.every, middle.fault = 1, "before"
    time.sleep(AWAY)
    behind = (moment() - state().copied_until).total_seconds() if state().copied_until else AWAY
    wait_for_now(log)  # the archive here goes on
    middle.fault, now = "", moment()
    seconds = wait(lambda: (state().copied_until or now.min) > now, "the copies did not catch up", log)
    told.append(f"S3 away for {AWAY} s, copies {behind:.0f} s behind, caught up after {seconds:.0f} s")


def base_in_the_rush(here: Stand, archive: Path, middle, told: list[str]) -> None:
    before, began = here.ledger.number("upload", 201), time.monotonic()
    base = bases.make(archive, programs.find(), full=True)
    seconds, uploads = time.monotonic() - began, here.ledger.number("upload", 201) - before
    told.append(f"a base backup of {base.inside_size / 1e6:.0f} MB in {seconds:.0f} s, meanwhile {uploads} uploads")


def uploads(load: Load) -> None:
    """Wait for so many more, however long what happened before has taken."""
    wanted = load.acknowledged + EACH
    while load.acknowledged < wanted:
        if load.stand.is_over() or any(one.done() and one.exception() for one in load.threads):
            raise Failed(f"{load.acknowledged} of {wanted} uploads were acknowledged within the bounds")
        time.sleep(0.05)


def a_minute(here: Stand) -> tuple[list, datetime]:
    """What had been acknowledged before a moment, and the moment."""
    acknowledged = [line for line in here.ledger.lines() if (line.act, line.status) == ("upload", 201)]
    return acknowledged, moment()


def back_to(minute, here: Stand, archive: Path, key: Path, folder: Path, log: Path) -> str:
    """Restore to the minute. The file of a picture that its candidate removed before it was packed is nowhere."""
    acknowledged, until = minute
    removed = {line.what for line in here.ledger.lines() if line.act == "remove" and line.status in (302, *MAYBE)}
    with recovering.restored(archive, key, folder / "data", programs.own(), to=until) as restored:
        with closing(psycopg2.connect(restored.url)) as connected, connected.cursor() as cursor:
            columns = "id::text, received_sha256, uploaded_at, file, thumbnail"
            cursor.execute(f"SELECT {columns} FROM materials_materialimage")
            found = cursor.fetchall()
        _, _, missing = recovering.put_back(archive, key, restored.url, write=False)
    rows = {one: (sha256, at) for one, sha256, at, *_ in found}
    gone = {file for one, _, _, *files in found if one in removed for file in files}
    lost = [line for line in acknowledged if rows.get(line.gave, ("",))[0] != line.what]
    later = [one for one, (_, at) in rows.items() if at > until]
    missed = set(missing) - gone
    if lost or later or missed:
        raise Failed(f"{len(lost)} uploads lost, {len(later)} from after the minute, {len(missed)} files missing")
    told = f"back to a minute in {restored.seconds:.0f} s: all {len(acknowledged)} uploads of before it, none of after"
    return f"{told}; {len(missing)} files of pictures that were removed before they were packed"


def whole(archive: Path, key: Path) -> str:
    """A drill of the end, and the chain of WAL from the first base backup on."""
    wrong = [one for found in keeping.check(archive).values() for one in found]
    done = drill.run(archive, key, programs.own())
    if wrong or done.differing or done.missing:
        raise Failed("; ".join([*wrong, *done.differing, *done.missing]))
    return f"drill: {done.rows} rows and {done.files} files as they are, {len(wal.sealed(archive))} segments"
