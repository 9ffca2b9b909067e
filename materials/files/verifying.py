"""Compares the pictures' rows with the storage, a 256th at a time: a picture's id begins with its folder's name."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone
from PIL import Image

from candidates.rules.refusals import PictureRefused
from materials.files import sealing
from materials.files.storage import PROBES, STORAGE_ERRORS
from materials.models import MaterialImage
from materials.pictures import decode, recoding
from materials.pictures.formats import FORMATS
from materials.pictures.limits import THUMBNAIL_SIDE

THUMBNAIL = "thumbnail"
LOST = ("missing", "unreadable", "wrong size", "wrong content", THUMBNAIL)  # rows whose file is not as it was stored
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
    mended: bool = False  # a thumbnail that was made anew


def verify(*, grace_hours: float, fix: bool) -> Iterator[Finding]:
    """Yield every deviation, and the counts of what was looked at; with `fix` remove superfluous
    files, and make thumbnails anew that do not show.

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
        found = _deviation(image, fix)
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
    fields = ("id", "file", "thumbnail", "size", "sha256", "removed_at", "submitted", "content_type")
    keys = [f"application__{name}" for name in sealing.KEY]
    return rows.select_related("application").only(*fields, *keys).iterator(chunk_size=500)


def _deviation(image: MaterialImage, fix: bool) -> Finding | None:
    try:
        content = sealing.read(image.application, image.file)
    except FileNotFoundError:
        return Finding("missing", image.file)
    except sealing.Altered:
        return Finding("wrong content", image.file)
    except STORAGE_ERRORS:
        return Finding("unreadable", image.file)
    if len(content) != image.size:
        return Finding("wrong size", image.file)
    if hashlib.sha256(content).hexdigest() != image.sha256:
        return Finding("wrong content", image.file)
    if _shows(image):
        return None
    return Finding(THUMBNAIL, image.thumbnail, mended=fix and _is_still_kept(image) and _made_anew(image, content))


def _shows(image: MaterialImage) -> bool:
    """Say whether a thumbnail can be unpacked to its last row, and is of a thumbnail's size."""
    try:
        small = sealing.read(image.application, image.thumbnail)
        with Image.open(BytesIO(small), formats=["JPEG"]) as picture:
            picture.load()
            return max(picture.size) <= THUMBNAIL_SIDE
    except (*STORAGE_ERRORS, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _made_anew(image: MaterialImage, content: bytes) -> bool:
    """Put a new thumbnail in the place of a broken one. Return whether the picture gave one."""
    kind = next(one for one in FORMATS if one.content_type == image.content_type)
    try:
        _, small = decode.decode(kind, decode.read_header(kind, content, 1))
    except PictureRefused:
        return False
    default_storage.delete(image.thumbnail)
    made = sealing.sealed(image.application, image.thumbnail, recoding.thumbnail(small))
    default_storage.save(image.thumbnail, ContentFile(made))
    return True


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
    named = Q(file=key) | Q(thumbnail=key)  # not one that lay there before it was sealed
    return MaterialImage.objects.filter(named, pk=image_id, removed_at=None).exists()
