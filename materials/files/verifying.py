"""Compares the pictures' rows with the storage, a 256th at a time: a picture's id begins with its folder's name."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from materials.files.storage import PROBES, STORAGE_ERRORS
from materials.models import MaterialImage

LOST = ("missing", "unreadable", "wrong size", "wrong content")  # rows whose file is not as it was stored
SUPERFLUOUS = ("without a row", "of a removed picture")  # files that may go
YOUNG = "too young to judge"
ROOT = "images"
_FOLDERS = [f"{number:02x}" for number in range(256)]
_REST = "f" * 30


@dataclass(frozen=True)
class Finding:
    """`kind` is one of LOST, SUPERFLUOUS, YOUNG, or "rows" and "files": how many of a folder are as they should be."""

    kind: str
    key: str
    count: int = 1
    removed: bool = False


def verify(*, grace_hours: float, fix: bool) -> Iterator[Finding]:
    """Yield every deviation, and the counts of what was looked at; with `fix` remove superfluous files.

    Files younger than the grace time are left alone.

    In memory: the names of one folder (a 256th of all), and one picture. Raises what STORAGE_ERRORS names where a
    folder cannot be listed or a file not be removed.
    """
    folders, strays = _listed(ROOT)
    before = timezone.now() - timedelta(hours=grace_hours)
    for key in [*(f"{ROOT}/{name}" for name in strays), *(f"{PROBES}/{name}" for name in _listed(PROBES)[1])]:
        yield _superfluous(key, "without a row", before, fix)
    for folder in sorted({*_FOLDERS, *folders}):
        names = _listed(f"{ROOT}/{folder}")[1] if folder in folders else []
        yield from _verify_folder(folder, names, before, fix)


def _verify_folder(folder: str, names: list[str], before: datetime, fix: bool) -> Iterator[Finding]:
    kept, gone = set(), set()
    for image in _rows(folder):
        mine = {image.file, image.thumbnail}
        if image.removed_at and not image.submitted:
            gone |= mine
            continue
        kept |= mine
        found = _deviation(image)
        if found and _is_still_kept(image):
            yield found

    yield Finding("rows", folder, len(kept) // 2)
    keys = {f"{ROOT}/{folder}/{name}" for name in names}
    for key in sorted(keys - kept):
        if key in gone or not _has_row(key):
            yield _superfluous(key, SUPERFLUOUS[key in gone], before, fix)
    yield Finding("files", folder, len(keys & kept))


def _rows(folder: str) -> Iterator[MaterialImage]:
    if folder not in _FOLDERS:
        return iter(())
    first, last = uuid.UUID(folder + "0" * 30), uuid.UUID(folder + _REST)
    rows = MaterialImage.objects.filter(id__gte=first, id__lte=last).order_by()
    fields = ("id", "file", "thumbnail", "size", "sha256", "removed_at", "submitted")
    return rows.only(*fields).iterator(chunk_size=500)


def _deviation(image: MaterialImage) -> Finding | None:
    try:
        with default_storage.open(image.file) as file:
            digest, size = hashlib.sha256(), 0
            for chunk in file.chunks():
                digest.update(chunk)
                size += len(chunk)
        with default_storage.open(image.thumbnail) as thumbnail:
            if not thumbnail.read(1):
                return Finding("wrong size", image.thumbnail)
    except FileNotFoundError:
        return Finding("missing", image.thumbnail if default_storage.exists(image.file) else image.file)
    except STORAGE_ERRORS:
        return Finding("unreadable", image.file)
    if size != image.size:
        return Finding("wrong size", image.file)
    return Finding("wrong content", image.file) if digest.hexdigest() != image.sha256 else None


def _is_still_kept(image: MaterialImage) -> bool:
    """Return whether it was not removed while its file was read."""
    image = MaterialImage.objects.only("removed_at", "submitted").get(pk=image.pk)
    return image.submitted or image.removed_at is None


def _superfluous(key: str, kind: str, before: datetime, fix: bool) -> Finding:
    try:
        if default_storage.get_modified_time(key) > before:
            return Finding(YOUNG, key)
    except STORAGE_ERRORS:
        if default_storage.exists(key):
            raise
        return Finding("files", key, 0)  # gone in the meantime
    if fix:
        default_storage.delete(key)
    return Finding(kind, key, removed=fix)


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return folders, names


def _has_row(key: str) -> bool:
    """Return whether a picture that was not removed has this file: one may have come while the folder was read."""
    try:
        image_id = uuid.UUID(key.rpartition("/")[2].partition(".")[0])
    except ValueError:
        return False
    return MaterialImage.objects.filter(pk=image_id, removed_at=None).exists()
