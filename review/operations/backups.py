"""Database and files in one folder: a snapshot of the database, and the files that it names; each with its hash.

database.dump   pg_dump's custom format, of one snapshot
files/          the files that this snapshot names, under their storage keys
files.sha256    a line for each: SHA-256, size in bytes, key
manifest.json   hashes of the two above; written last: a folder without it is not a backup

Uploads may go on. Files never change under their key, but may be removed: they are copied before the snapshot is
taken, and what has come since after it.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from candidates.encryption import Undecryptable, decrypt, encrypt, keyed_hash
from materials.models import MaterialImage, RenderedDocument

FORMAT = 1
DUMP, LIST, MANIFEST, FILES, EARLY = "database.dump", "files.sha256", "manifest.json", "files", "files.early"
SAID = {"format", "made_at", "database", "list", "files", "index_key", "field_key"}  # what a manifest must say
KNOWN = "a word that both sides know"
PURPOSE = "a backup's manifest"  # what it is sealed for
ENVIRONMENT = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
# drops everything of ours, which is in the way of a restore; waits a little for whoever is still connected
EMPTY = """
SET lock_timeout = '10s';
SET client_min_messages = warning;
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LOOP
        EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', one.name);
    END LOOP;
    FOR one IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') LOOP
        EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', one.name);
    END LOOP;
END $$;
"""


class BackupError(RuntimeError):
    """What is wrong, and what to do."""


@dataclass
class Made:
    """How many files and bytes a backup has; keys that the snapshot names and the storage does not have."""

    files: int = 0
    size: int = 0
    missing: list[str] = field(default_factory=list)


# --- making one ------------------------------------------------------------------------------------------------------


def make(folder: Path, programs: Path) -> Made:
    """Make a backup. Raise BackupError where the folder is not empty or a program fails. Not inside a transaction."""
    before = os.umask(0o077)
    try:
        return _make(folder, programs)
    finally:
        os.umask(before)


def foreseen(folder: Path) -> int:
    """Count the files that a backup would have now. Raise BackupError as make does."""
    _require_empty(folder)
    return sum(1 for _ in _keys())


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"文件夹 {folder} 不是空的，请换一个。")


def _make(folder: Path, programs: Path) -> Made:
    _require_empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for key in _keys():
        _copy(key, folder / EARLY)

    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        _dump(folder, programs, snapshot)
        made = _list(folder)
    shutil.rmtree(folder / EARLY, ignore_errors=True)  # what had been removed when the snapshot was taken

    manifest = {
        "format": FORMAT,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "database": _digest(folder / DUMP),
        "list": _digest(folder / LIST),
        "files": made.files,
        "bytes": made.size,
        "missing": made.missing,
        "index_key": keyed_hash(KNOWN),
        "field_key": base64.b64encode(encrypt(KNOWN, PURPOSE)).decode(),
    }
    (folder / f"{MANIFEST}.part").write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
    os.sync()
    (folder / f"{MANIFEST}.part").rename(folder / MANIFEST)
    return made


def _keys() -> Iterator[str]:
    """Yield the storage keys that the database names now, or in the snapshot of the transaction that asks."""
    images = MaterialImage.objects.filter(Q(removed_at=None) | Q(submitted=True)).order_by("pk")
    for row in images.values_list("file", "thumbnail").iterator(chunk_size=2000):
        yield from row
    documents = RenderedDocument.objects.exclude(file="").order_by("pk")
    yield from documents.values_list("file", flat=True).iterator(chunk_size=2000)


def _copy(key: str, folder: Path) -> Path | None:
    """Copy a file below `folder`. Return where it lies; None where the storage does not have it."""
    path = _inside(folder, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with default_storage.open(key) as file, path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
    except FileNotFoundError:
        return None
    return path


def _inside(folder: Path, key: str) -> Path:
    path = folder / key
    if not path.resolve().is_relative_to(folder.resolve()):
        raise BackupError(f"文件名 {key} 不在备份文件夹内。")
    return path


def _list(folder: Path) -> Made:
    """Put the files of the snapshot into their folder, those copied early or now, and list them."""
    made = Made()
    with (folder / LIST).open("w") as lines:
        for key in _keys():
            early, path = _inside(folder / EARLY, key), _inside(folder / FILES, key)
            if early.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                early.rename(path)
            elif _copy(key, folder / FILES) is None:
                made.missing.append(key)
                continue
            found = _digest(path)
            lines.write(f"{found['sha256']} {found['size']} {key}\n")
            made.files += 1
            made.size += found["size"]
    return made


def _dump(folder: Path, programs: Path, snapshot: str) -> None:
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={folder / DUMP}"]
    done = subprocess.run(
        [programs / "pg_dump", *words], env=environment(), stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
    )
    if done.returncode:
        raise BackupError(f"pg_dump 失败：{done.stderr.strip()[-400:]}")


def environment() -> dict[str, str]:
    """Tell PostgreSQL's programs where the portal's database is; a password is in no command line."""
    given = {name: str(connection.settings_dict.get(key) or "") for key, name in ENVIRONMENT.items()}
    options = {f"PG{key.upper()}": str(value) for key, value in settings.DATABASES["default"]["OPTIONS"].items()}
    path = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
    return {**path, **options, **{name: value for name, value in given.items() if value}}


# --- reading one -----------------------------------------------------------------------------------------------------


def verify(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder that is as it was made. Raise BackupError with everything that is not."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise BackupError(f"{folder} 不是完整的备份：没有可读的 {MANIFEST}。") from None
    if not isinstance(manifest, dict) or not set(manifest) >= SAID or manifest["format"] != FORMAT:
        raise BackupError(f"{folder} 的 {MANIFEST} 不是这里认识的格式。")

    wrong = [
        f"{name}：与清单不符"
        for name, key in ((DUMP, "database"), (LIST, "list"))
        if not (folder / name).is_file() or _digest(folder / name) != manifest[key]
    ]
    if not wrong:
        for sha256, size, key in _listed(folder):
            path = _inside(folder / FILES, key)
            if not path.is_file():
                wrong.append(f"{key}：文件不存在")
            elif _digest(path) != {"sha256": sha256, "size": size}:
                wrong.append(f"{key}：与清单不符")
    if wrong:
        raise BackupError("\n".join([*wrong, f"备份 {folder} 有 {len(wrong)} 处不符，不能使用。"]))
    return manifest


def require_keys(manifest: dict[str, Any]) -> None:
    """Raise BackupError where this portal's keys do not open what was sealed."""
    try:
        opened = decrypt(base64.b64decode(manifest["field_key"]), PURPOSE) == KNOWN
    except (InvalidTag, Undecryptable):
        opened = False
    if not opened or manifest["index_key"] != keyed_hash(KNOWN):
        raise BackupError("NMEC_FIELD_KEYS 或 NMEC_INDEX_KEY 与备份时不同，恢复后读不出证件号码。请先放回当时的密钥。")


def is_empty() -> bool:
    """Say whether this database has no account yet, or no tables at all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.candidates_account')")
        if cursor.fetchone()[0] is None:
            return True
        cursor.execute("SELECT NOT EXISTS (SELECT FROM candidates_account)")
        return bool(cursor.fetchone()[0])


def restore(folder: Path, programs: Path) -> int:
    """Put back the files, then the database, whole or not at all. Return how many files. Call verify() first."""
    put = sum(_put(folder, sha256, key) for sha256, _, key in _listed(folder))
    connection.close()
    failed = _pour(folder / DUMP, programs)
    if failed is not None:
        raise BackupError(f"数据库没有恢复，仍是原来的内容：{failed[-400:]}\n请先停止门户的所有进程再试。")
    return put


def _pour(dump: Path, programs: Path) -> str | None:
    """Pour the dump into the emptied database, in one transaction. Return what was said where it failed, else None."""
    psql = subprocess.Popen(
        [programs / "psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1"],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    read = subprocess.Popen(
        [programs / "pg_restore", "--no-owner", "--no-privileges", "--file=-", dump],
        env=environment(),
        stdout=subprocess.PIPE,
    )
    into, answers, dumped = (cast(IO[bytes], pipe) for pipe in (psql.stdin, psql.stderr, read.stdout))

    try:
        into.write(EMPTY.encode())
        shutil.copyfileobj(dumped, into)
        if read.wait():
            psql.kill()  # what it has done so far is taken back
        into.close()
    except BrokenPipeError:
        read.kill()

    said = answers.read().decode(errors="replace").strip()
    return said if psql.wait() or read.wait() else None


def _put(folder: Path, sha256: str, key: str) -> int:
    """Return 1 where a file was put into the storage, 0 where it was there already; replace one that differs."""
    if default_storage.exists(key):
        with default_storage.open(key) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                return 0
        default_storage.delete(key)
    with _inside(folder / FILES, key).open("rb") as file:
        default_storage.save(key, File(file))
    return 1


def _listed(folder: Path) -> Iterator[tuple[str, int, str]]:
    with (folder / LIST).open() as lines:
        for line in lines:
            sha256, size, key = line.rstrip("\n").split(" ", 2)
            yield sha256, int(size), key


def _digest(path: Path) -> dict[str, Any]:
    file: IO[bytes]
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "size": path.stat().st_size}
