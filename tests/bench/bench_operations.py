"""What runs over every picture, at a quarter of them and at all: `verify_storage`, the archive's packs, what may go.

Memory must not grow with their number. `PICTURES=4000 make bench ARGS=operations` takes fewer than 100,000.
"""

import os
import re
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from candidates.applications.workflow import Actor
from materials import uploads
from materials.files import sealing
from materials.files.verifying import LOST, verify
from materials.models import MaterialImage
from materials.pictures.check import check
from review.archive import pictures, place
from tests import factories
from tests.bench.bench_uploads import picture
from tests.bench.measure import Row

PICTURES = int(os.environ.get("PICTURES", "100000"))
MORE = "≤ 1.25"  # memory at four times as many


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="nmec-bench-") as name:
        folder = Path(name)
        key = subprocess.run(["age-keygen"], check=True, capture_output=True, text=True).stdout
        public = re.search("age1[a-z0-9]+", key)[0]
        backup = replace(settings.BACKUP, folder=folder / "archive", recipients=(public,))
        with override_settings(MEDIA_ROOT=folder / "media", BACKUP=backup):
            yield from _rows(folder)


def _rows(folder: Path) -> Iterator[Row]:
    application = factories.make_application("registered")
    actor = Actor.of(application.account)
    checked = [check(picture(serial)) for serial in range(18)]
    papers = [uploads.add_image(application.pk, "other", one, actor=actor) for one in checked]
    works = {"verify_storage": _verify, "packs of the archive": _pack, "what may go of the archive": _superfluous}
    found = {name: [] for name in works}
    for part, number in enumerate((PICTURES // 4, PICTURES)):
        _fill(folder, papers, number - MaterialImage.objects.count())
        if not part:  # what the process has taken once it keeps: it does so before anything is measured
            place.prepare(folder / "archive-before", "1")
            for work in works.values():
                work(folder / "archive-before")
        place.prepare(folder / f"archive-{part}", "1")
        for name, work in works.items():
            found[name].append(_measured(lambda work=work, part=part: work(folder / f"archive-{part}")))
    for name, ((less, _, _), (most, cpu, wall)) in found.items():
        note = f"{less:.0f} and {most:.0f} MB at the most; {PICTURES / wall:.0f} pictures a second, "
        note += f"{cpu / PICTURES * 1e3:.2f} ms of CPU each"
        yield Row(f"{name}, memory at {PICTURES} pictures", f"at {PICTURES // 4}", most / less, MORE, note)


def _fill(folder: Path, papers: list[MaterialImage], number: int) -> None:
    made = []
    application = papers[0].application
    contents = {key: sealing.read(application, key) for one in papers for key in (one.file, one.thumbnail)}
    for serial in range(number):
        like = papers[serial % len(papers)]
        key = uuid.uuid4()
        one = MaterialImage.objects.model(
            **{field.attname: getattr(like, field.attname) for field in MaterialImage._meta.concrete_fields}
        )
        one.pk, one.received_sha256 = key, key.hex * 2
        for field in ("file", "thumbnail"):
            old = getattr(like, field)
            new = f"images/{key.hex[:2]}/{key}.{old.partition('.')[2]}"
            setattr(one, field, new)
            path = settings.MEDIA_ROOT / new
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sealing.sealed(application, new, contents[old]))
        made.append(one)
        if len(made) == 1000:
            MaterialImage.objects.bulk_create(made)
            made = []
    MaterialImage.objects.bulk_create(made)


def _measured(work) -> tuple[float, float, float]:
    """The most memory that it had, in MB; its CPU and its time, in seconds, with those of its programs."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, began = os.times(), time.monotonic()
    work()
    after, wall = os.times(), time.monotonic() - began
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024
    return peak, sum(after[:4]) - sum(before[:4]), wall


def _verify(_archive: Path) -> None:
    assert not [one for one in verify(grace_hours=1, fix=False) if one.kind in LOST]


def _pack(archive: Path) -> None:
    assert pictures.pack_new(archive, since=None) == 2 * MaterialImage.objects.count()


def _superfluous(archive: Path) -> None:
    assert pictures.superfluous(archive, before=timezone.now()) == []
