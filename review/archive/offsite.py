"""Copies elsewhere: an S3 bucket (STORAGES["backups"]) that gets every sealed file, and loses none by itself."""

import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

from materials.files.storage import STORAGE_ERRORS, sync_folder
from review.archive.place import BASE, PICTURES, SEALED, WAL, ArchiveError

SMALL = (WAL, PICTURES)  # what comes by the minute
SAID_LAST = (".json", ".list")  # what says that the others of its name are whole


def is_wanted() -> bool:
    return "backups" in settings.STORAGES


class Copier:
    """Copies rooms of the archive; remembers what is there, so that a turn without anything new asks nobody."""

    def __init__(self, folder: Path, rooms: Iterable[str] = SEALED) -> None:
        self.folder, self.rooms = folder, tuple(rooms)
        self.there: set[str] | None = None

    def copy(self) -> int:
        """Copy what is not there yet. Return how many files. Raise ArchiveError where the bucket does not answer."""
        try:
            bucket = storages["backups"]
            if self.there is None:
                self.there = {f"{room}/{name}" for room in self.rooms for name in names(bucket, room)}
            missing = [path for path in self._files() if str(path.relative_to(self.folder)) not in self.there]
            for path in missing:
                self._copy(bucket, path)
        except STORAGE_ERRORS as error:
            self.there = None
            raise ArchiveError(
                f"异地备份没有应答（{type(error).__name__}）：本机备份照常，以后会补齐。请看 NMEC_BACKUP_S3_ENDPOINT。"
            ) from error
        return len(missing)

    def _files(self) -> list[Path]:
        found = [path for room in self.rooms for path in (self.folder / room).iterdir() if path.suffix != ".part"]
        found += [self.folder / "archive.json"]
        return sorted(found, key=lambda path: (path.suffix in SAID_LAST, path.name))

    def _copy(self, bucket: Storage, path: Path) -> None:
        key = str(path.relative_to(self.folder))
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                bucket.save(key, File(file))
        except FileNotFoundError:
            return  # it was not to be kept any longer
        if bucket.size(key) != size:
            raise OSError("stored with another size")
        if self.there is not None:
            self.there.add(key)


def names(bucket: Storage, room: str) -> list[str]:
    try:
        return bucket.listdir(room)[1]
    except FileNotFoundError:
        return []


def delete(names_of_rooms: Iterable[str]) -> None:
    """Remove these from the bucket, where there is one. Raise ArchiveError where it does not answer."""
    if not is_wanted():
        return
    try:
        for key in names_of_rooms:
            storages["backups"].delete(key)
    except STORAGE_ERRORS as error:
        raise ArchiveError(f"异地备份没有应答（{type(error).__name__}）：过期的备份还在那里。请再次运行。") from error


def fetch(folder: Path) -> int:
    """Bring everything that the bucket has and the folder does not. Return how many files. Raise ArchiveError."""
    if not is_wanted():
        raise ArchiveError("没有设置 NMEC_BACKUP_S3_…：不知道从哪里取回备份。请按 docs/settings.md 设置。")
    fetched = 0
    try:
        bucket = storages["backups"]
        keys = ["archive.json", *(f"{room}/{name}" for room in (BASE, WAL, PICTURES) for name in names(bucket, room))]
        for key in keys:
            path = folder / key
            if not path.exists():
                _fetch(bucket, key, path)
                fetched += 1
    except STORAGE_ERRORS as error:
        raise ArchiveError(f"没有取完异地备份：{type(error).__name__}。可以再次运行，接着取。") from error
    return fetched


def _fetch(bucket: Storage, key: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    with bucket.open(key) as file, draft.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(path)
    sync_folder(path.parent)
