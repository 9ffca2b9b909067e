"""The disk of the pictures is full: a small tmpfs. Then it gets room again."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults.stand import Failed, Ground, Skipped, stand

SMALL, LARGE = "24m", "400m"
REFUSED = 60  # uploads while it is full
MORE = 150  # uploads once there is room


def run(ground: Ground) -> str:
    if os.geteuid() != 0:
        raise Skipped("mounting a small disk needs root")
    with stand(ground, media_on=small_disk) as here:
        with here.load(10_000) as load:
            while here.ledger.number("upload", 503) < REFUSED and not here.is_over():
                time.sleep(0.1)
            stored = load.acknowledged
            files, pages = sum(1 for _ in here.media.rglob("*.sealed")), here.probe("/help/")
            mount("-o", f"remount,size={LARGE}", here.media)
            load.uploads = stored + MORE
        seconds = here.works_again()
    if pages != 200:
        raise Failed(f"a page answered {pages} while the disk was full")
    return f"full after {stored} uploads ({files} files), pages go on; well again after {seconds:.1f} s; {here.seen()}"


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    try:
        mount("-t", "tmpfs", "-o", f"size={SMALL}", "nmec-fault", folder)
    except subprocess.CalledProcessError as error:
        raise Skipped(f"a small disk cannot be mounted here: {error.stderr.strip()}") from None
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True, timeout=30)


def mount(*arguments) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True, text=True, timeout=30)
