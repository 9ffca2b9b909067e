"""Pictures and printed documents in the archive: packs of what came since the one before, each a tar of its files.

What is in which pack stands in an index (SQLite, in the folder), which is made anew from the packs' lists where it is
missing. Only public keys are here: a pack that is mostly superfluous cannot be opened, so what is still wanted of it is
packed once more from the storage.
"""

import hashlib
import sqlite3
import tarfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from materials.files.storage import STORAGE_ERRORS
from materials.models import MaterialImage, RenderedDocument
from review.archive.place import PICTURES, ArchiveError, seal, stamp, write_text

LARGEST_PACK = 64 << 20  # bytes, about
MOST_FILES = 2000  # in a pack
LATE = timedelta(minutes=10)  # a row may be committed so long after the time that it says
TABLES = """
CREATE TABLE IF NOT EXISTS packs (name TEXT PRIMARY KEY, dead_since TEXT);
CREATE TABLE IF NOT EXISTS files (key TEXT PRIMARY KEY, sha256 TEXT, size INTEGER, pack TEXT, seen INTEGER);
CREATE INDEX IF NOT EXISTS files_by_pack ON files (pack);
"""


def index(folder: Path) -> sqlite3.Connection:
    """Open the index; read the lists of packs that it does not know."""
    found = sqlite3.connect(folder / "pictures.sqlite", timeout=60)
    found.executescript(TABLES)
    known = {name for (name,) in found.execute("SELECT name FROM packs")}
    there = {path.stem for path in (folder / PICTURES).glob("*.list")}
    for name in sorted(there - known):
        _enter(found, name, listed(folder, name))
    for name in known - there:
        found.execute("DELETE FROM files WHERE pack = ?", [name])
        found.execute("DELETE FROM packs WHERE name = ?", [name])
    found.commit()
    return found


def _enter(found: sqlite3.Connection, name: str, lines: Iterable[tuple[str, int, str]]) -> None:
    with found:
        found.execute("INSERT INTO packs VALUES (?, NULL)", [name])
        rows = [(key, sha256, size, name) for sha256, size, key in lines]
        found.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, NULL)", rows)


def listed(folder: Path, name: str) -> Iterator[tuple[str, int, str]]:
    """Yield SHA-256, size in bytes and key of each file of a pack."""
    with (folder / PICTURES / f"{name}.list").open() as lines:
        for line in lines:
            sha256, size, key = line.rstrip("\n").split(" ", 2)
            yield sha256, int(size), key


def pack_new(folder: Path, *, since: datetime | None) -> int:
    """Pack what the archive does not have, of what came after `since` (None: of all). Return how many files."""
    with closing(index(folder)) as found:
        missing = (key for key in _keys(since and since - LATE) if not _has(found, key))
        return sum(_pack(folder, found, keys) for keys in _bundles(missing))


def _has(found: sqlite3.Connection, key: str) -> bool:
    return found.execute("SELECT 1 FROM files WHERE key = ?", [key]).fetchone() is not None


def _keys(since: datetime | None) -> Iterator[str]:
    """Yield the keys that the database names. A thousand rows at a time are in memory."""
    images = MaterialImage.objects.filter(Q(removed_at=None) | Q(submitted=True)).order_by()
    documents = RenderedDocument.objects.exclude(file="").order_by()
    if since:
        images, documents = images.filter(uploaded_at__gt=since), documents.filter(rendered_at__gt=since)
    for row in images.values_list("file", "thumbnail").iterator(chunk_size=1000):
        yield from row
    yield from documents.values_list("file", flat=True).iterator(chunk_size=1000)


def _bundles(keys: Iterable[str]) -> Iterator[list[tuple[str, bytes]]]:
    """Yield keys with their contents, as many as a pack takes; what is lost is told by verify_storage."""
    bundle: list[tuple[str, bytes]] = []
    size = 0
    for key in keys:
        try:
            with default_storage.open(key) as file:
                content = file.read()
        except FileNotFoundError:
            continue
        except STORAGE_ERRORS as error:
            raise ArchiveError(f"图片存储没有应答：{error}。请先让存储恢复。") from error
        bundle.append((key, content))
        size += len(content)
        if size > LARGEST_PACK or len(bundle) >= MOST_FILES:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle


def _pack(folder: Path, found: sqlite3.Connection, bundle: list[tuple[str, bytes]]) -> int:
    """Write a pack, then its list: a pack without a list is none, and goes with the next that keeps the rule."""
    name = f"{stamp(timezone.now())}-{uuid.uuid4().hex[:8]}"
    seal(_tar(bundle), folder / PICTURES / f"{name}.tar.age", compress=False)
    lines = [(hashlib.sha256(content).hexdigest(), len(content), key) for key, content in bundle]
    text = "".join(f"{sha256} {size} {key}\n" for sha256, size, key in lines)
    write_text(folder / PICTURES / f"{name}.list", text)
    _enter(found, name, lines)
    return len(bundle)


def _tar(bundle: list[tuple[str, bytes]]) -> Iterator[bytes]:
    for key, content in bundle:
        member = tarfile.TarInfo(key)
        member.size = len(content)
        yield member.tobuf(tarfile.PAX_FORMAT)
        yield content
        yield bytes(-len(content) % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


# --- what may go -----------------------------------------------------------------------------------------------------


def superfluous(folder: Path, *, before: datetime) -> list[str]:
    """Return the packs of which nothing has been wanted since `before`; pack anew what hardly fills its pack."""
    now = timezone.now()
    with closing(index(folder)) as found:
        run = int(now.timestamp())
        for keys in _thousands(_keys(None)):
            found.executemany("UPDATE files SET seen = ? WHERE key = ?", [(run, key) for key in keys])
        found.commit()
        counted = (
            "SELECT name, count(key), sum(seen = ?), dead_since FROM packs LEFT JOIN files ON pack = name GROUP BY name"
        )
        packs = found.execute(counted, [run]).fetchall()
        for name, files, wanted, dead_since in packs:
            if wanted and dead_since:
                found.execute("UPDATE packs SET dead_since = NULL WHERE name = ?", [name])
            elif wanted and wanted * 4 < files:
                _pack_anew(folder, found, name, run)
            elif not wanted and not dead_since:
                found.execute("UPDATE packs SET dead_since = ? WHERE name = ?", [now.isoformat(), name])
        found.commit()
        return [
            name for name, _, wanted, since in packs if not wanted and since and datetime.fromisoformat(since) < before
        ]


def _pack_anew(folder: Path, found: sqlite3.Connection, name: str, run: int) -> None:
    rows = found.execute("SELECT key FROM files WHERE pack = ? AND seen = ?", [name, run]).fetchall()
    for bundle in _bundles(key for (key,) in rows):
        _pack(folder, found, bundle)


def _thousands(keys: Iterable[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for key in keys:
        some.append(key)
        if len(some) == 1000:
            yield some
            some = []
    yield some


def read(stream: IO[bytes], wanted: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a pack's stream that are wanted (key to SHA-256). Raise ArchiveError where one has changed."""
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            if member.name not in wanted:
                continue
            file = tar.extractfile(member)
            content = file.read() if file else b""
            if hashlib.sha256(content).hexdigest() != wanted[member.name]:
                raise ArchiveError(f"{member.name} 的内容与清单不符。")
            yield member.name, content
