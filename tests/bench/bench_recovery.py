"""What is lost with the machine, and how long it is away: an archive of a server of its own, restored to a minute.

A turn of the archiver while BUSY pictures have come since the one before is what the last minute of a rush asks of it;
then the pictures' folder is lost, and all of it is put back as `recover` does. `PICTURES=4000` takes fewer.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connection
from django.test import override_settings

from candidates.applications.workflow import Actor
from materials import uploads
from materials.models import MaterialImage
from materials.pictures.check import check
from review.archive import bases, drill, recovering, running
from review.management import programs
from tests import factories
from tests.bench.bench_operations import _fill as fill
from tests.bench.bench_uploads import picture
from tests.bench.measure import Row
from tests.nmec_portal.local.serving import server_like_ours
from tests.review.archive.conftest import connected_to

PICTURES = int(os.environ.get("PICTURES", "100000"))
A_SECOND = 417  # uploads, of the last hour of a million candidates (docs/scaling.md)
LOST = 60  # seconds that may be lost


class Archiver(running.Archiver):
    def _base(self) -> None:
        """Make none by itself: that is measured."""


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="nmec-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server's account reads the archive
        subprocess.run(["age-keygen", "-o", folder / "key"], check=True, capture_output=True)
        public = re.search("age1[a-z0-9]+", (folder / "key").read_text())[0]
        backup = replace(settings.BACKUP, folder=folder / "archive", recipients=(public,))
        with (
            override_settings(MEDIA_ROOT=folder / "media", BACKUP=backup),
            server_like_ours(folder / "postgres") as url,
            connected_to(url),
        ):
            archiver = Archiver(backup.folder, programs.find())
            try:
                yield from _rows(folder, archiver)
            finally:
                archiver.close()


def _rows(folder: Path, archiver: Archiver) -> Iterator[Row]:
    application = factories.make_application("registered")
    actor = Actor.of(application.account)
    checked = [check(picture(serial)) for serial in range(18)]
    papers = [uploads.add_image(application.pk, "other", one, actor=actor) for one in checked]
    busy = min(A_SECOND * settings.BACKUP.every, PICTURES // 4)
    _until(PICTURES - busy, folder, papers)
    first = _turn(archiver)
    yield Row(f"the first turn, {PICTURES - busy} pictures", "", first, "", "seconds")
    began = time.monotonic()
    base = bases.make(archiver.folder, programs.find(), full=True)
    note = f"seconds; {base.inside_size / 1e6:.0f} MB, sealed {base.size / 1e6:.0f} MB"
    yield Row("a base backup", "", time.monotonic() - began, "", note)

    _until(PICTURES, folder, papers)
    seconds = _turn(archiver)
    lost, note = settings.BACKUP.every + seconds, f"{seconds:.1f} s after the {settings.BACKUP.every:.0f} s between two"
    yield Row(f"what is lost while {busy} come in between", f"{LOST} s", lost / LOST, "≤ 1", f"{lost:.0f} s: {note}")

    minute, facts = _now()
    _until(PICTURES + 1000, folder, papers)
    _turn(archiver)
    shutil.rmtree(folder / "media")
    with recovering.restored(archiver.folder, folder / "key", folder / "data", programs.own(), to=minute) as restored:
        with closing(psycopg2.connect(restored.url)) as there, there.cursor() as cursor:
            differing = sum(drill.facts(cursor, minute)[name] != facts[name] for name in facts)
            cursor.execute("SELECT count(*) FROM materials_materialimage")
            differing += cursor.fetchone()[0] != PICTURES
        began = time.monotonic()
        files, size, missing = recovering.put_back(archiver.folder, folder / "key", restored.url, write=True)
        spent = time.monotonic() - began
    note = f"of {len(facts)} facts and the number of pictures, after 1000 more had come"
    yield Row("back to a minute: facts that differ, files missing", "none", differing + len(missing), "≤ 0", note)
    yield Row("the database is back", "", restored.seconds, "", f"seconds; {restored.segments} segments of WAL")
    rate = f"{files / spent:.0f} files and {size / spent / 1e6:.0f} MB a second"
    note = f"seconds; {files} files, {size / 1e9:.1f} GB, {rate}"
    yield Row(f"the files of {PICTURES} pictures are back", "", spent, "", note)


def _until(number: int, folder: Path, papers: list[MaterialImage]) -> None:
    fill(folder, papers, number - MaterialImage.objects.count())


def _turn(archiver: Archiver) -> float:
    began = time.monotonic()
    archiver.turn()
    if archiver.problem:
        raise AssertionError(archiver.problem)
    return time.monotonic() - began


def _now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        minute = cursor.fetchone()[0]
        return minute, drill.facts(cursor, minute)
