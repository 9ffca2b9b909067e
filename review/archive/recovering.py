"""The way back: a base backup and the WAL after it, up to a minute, by a PostgreSQL of our own on a folder of its own.

It listens on a socket in a private folder alone, and stands still in order when the block ends: what it has restored
can be a server's data folder, or be thrown away after a drill.
"""

import os
import pwd
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from review.archive import bases, pictures, wal
from review.archive.place import PICTURES, ArchiveError, opened

SCRIPT = """#!/bin/sh
# restore_command: the segment $1 of the archive into $2
set -- "$1" "$2" {wal}/"$1"-*.gz.age
test -f "$3" || exit 1
age --decrypt -i {identity} "$3" | gzip -d >"$2"
"""


@dataclass(frozen=True)
class Plan:
    """What a restore takes: base backups in their order, and what WAL goes on from the last one."""

    chain: list[bases.Base]
    segments: int
    newest: datetime | None  # of the archived WAL: about the last minute there is


@dataclass(frozen=True)
class Server:
    """PostgreSQL's programs, and the account that runs them where we are root."""

    programs: Path
    account: pwd.struct_passwd | None

    def words(self) -> dict[str, Any]:
        """Return what subprocess takes to be that account."""
        one = self.account
        return {"user": one.pw_uid, "group": one.pw_gid, "extra_groups": []} if one else {}

    def reads(self, path: Path) -> bool:
        return subprocess.run(["/usr/bin/test", "-r", path], **self.words()).returncode == 0


@dataclass
class Restored:
    folder: Path  # PostgreSQL's data folder
    url: str
    seconds: float
    segments: int


def plan(archive: Path, to: datetime | None) -> Plan:
    """Choose the base backup for this minute (None: the last there is). Raise ArchiveError where there is none."""
    found = bases.listed(archive)
    before = [one for one in found if to is None or one.ended_at <= to]
    if not before:
        first = f"，最早可以恢复到 {found[0].ended_at.astimezone():%Y-%m-%d %H:%M:%S}" if found else ""
        raise ArchiveError(f"{archive} 里没有那个时间以前完成的基础备份{first}。请换一个时间或备份。")
    last = before[-1]
    chain, sealed = bases.chain(found, last), wal.sealed(archive)
    for one in chain:
        if not one.path(archive).is_file():
            raise ArchiveError(f"{one.path(archive).name} 不在备份里，不能恢复。请从异地取回（--fetch）。")
    if last.first[8:] not in {name[8:] for name in sealed}:  # PostgreSQL could not even read it to its end
        raise ArchiveError(
            f"{last.name} 以后的 WAL 还没有归档，不能从它恢复。请启动 archiver 等它归档，从异地取回（--fetch），"
            "或用 --to 写它以前的时间。"
        )
    missing = wal.gaps([*sealed], last.first, last.segment_size)
    if missing and to is None:
        raise ArchiveError(
            f"缺少 {len(missing)} 段 WAL，恢复不到最近。请从异地取回（--fetch），或用 --to 写更早的时间。"
        )
    later = [path for name, path in sealed.items() if wal.SEGMENT.fullmatch(name) and name[8:] >= last.first[8:]]
    newest = max((path.stat().st_mtime for path in later), default=None)
    return Plan(chain, len(later), datetime.fromtimestamp(newest, UTC) if newest else None)


@contextmanager
def restored(
    archive: Path, identity: Path, data: Path, server: Server, *, to: datetime | None = None
) -> Iterator[Restored]:
    """Restore into the new folder `data`, and yield its running server. Raise ArchiveError with what to do."""
    planned, began = plan(archive, to), time.monotonic()
    if data.exists() and any(data.iterdir()):
        raise ArchiveError(f"{data} 不是空的，没有恢复。请换一个新的文件夹，或先把它移开。")
    account = server.account
    if account and not server.reads(archive / "wal"):
        raise ArchiveError(
            f"以 root 运行时 PostgreSQL 用 {account.pw_name}，它读不到 {archive}。请把备份放到它能读的地方。"
        )
    with tempfile.TemporaryDirectory(prefix="nmec-restore-") as name:
        scratch = Path(name)
        for path in (data, scratch):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.chmod(0o700)
        parts = data.with_name(f"{data.name}.parts")  # beside it: there is room
        try:
            _lay_out(archive, identity, planned.chain, data, parts, server)
        finally:
            shutil.rmtree(parts, ignore_errors=True)
        _write_recovery(archive, identity, data, scratch, to)
        if account:
            subprocess.run(["chown", "-R", f"{account.pw_uid}:{account.pw_gid}", data, scratch], check=True)
        process = _start(data, scratch, server)
        try:
            url = _address(scratch)
            _until_promoted(process, url, data, scratch, to)
            yield Restored(data, url, time.monotonic() - began, planned.segments)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
            _tidy(data)


def _address(socket: Path) -> str:
    """Return the address of the portal's database there: of the name that it has, whoever is asked."""
    name, user = (quote(str(connection.settings_dict[key]), safe="") for key in ("NAME", "USER"))
    return f"postgresql:///{name}?host={quote(str(socket), safe='')}&user={user}"


def _lay_out(archive: Path, identity: Path, chain: list[bases.Base], data: Path, parts: Path, server: Server) -> None:
    """Unpack the base backup; put a chain of them together by pg_combinebackup."""
    folders = [data] if len(chain) == 1 else [parts / one.name for one in chain]
    for one, folder in zip(chain, folders, strict=True):
        folder.mkdir(parents=True, exist_ok=True)
        with opened(one.path(archive), identity) as sealed:
            unpack = ["tar", "--extract", "--gzip", "--no-same-owner", "--file=-", f"--directory={folder}"]
            done = subprocess.run(unpack, stdin=sealed, stderr=subprocess.PIPE)
        if done.returncode:
            raise ArchiveError(f"{one.name} 没有解开：{done.stderr.decode(errors='replace')[-300:].strip()}")
    if len(chain) > 1:
        data.rmdir()
        done = subprocess.run(
            [server.programs / "pg_combinebackup", "--output", data, *folders], capture_output=True, cwd=parts
        )
        if done.returncode:
            raise ArchiveError(f"pg_combinebackup 失败：{done.stderr.decode(errors='replace')[-300:].strip()}")


def _write_recovery(archive: Path, identity: Path, data: Path, scratch: Path, to: datetime | None) -> None:
    key, script = scratch / "key", scratch / "restore-wal.sh"
    shutil.copyfile(identity, key)
    key.chmod(0o600)
    script.write_text(SCRIPT.format(wal=shlex.quote(str(archive / "wal")), identity=shlex.quote(str(key))))
    settings = {
        "restore_command": f"sh {script} %f %p",
        "recovery_target_timeline": "latest",
        "recovery_target_action": "promote",
        **({"recovery_target_time": to.astimezone(UTC).isoformat()} if to else {}),
    }
    with (data / "postgresql.auto.conf").open("a") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    (data / "recovery.signal").touch()
    (data / "pg_hba.conf").rename(data / "pg_hba.conf.kept")
    (data / "pg_hba.conf").write_text("local all all trust\n")  # the socket's folder is private


def _start(data: Path, scratch: Path, server: Server) -> subprocess.Popen[bytes]:
    # standing by for readers would ask for the other server's max_connections
    options = ["listen_addresses=", f"unix_socket_directories={scratch}", "unix_socket_permissions=0700"]
    options += ["hot_standby=off", "archive_mode=off", "logging_collector=off", "log_min_error_statement=panic"]
    options += ["log_error_verbosity=terse", "max_wal_size=4GB", "summarize_wal=off"]
    words = [word for option in options for word in ("-c", option)]
    with (scratch / "log").open("wb") as said:
        return subprocess.Popen(
            [server.programs / "postgres", "-D", data, *words],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
            umask=0o077,
            start_new_session=True,
            **server.words(),
        )


def _until_promoted(process: subprocess.Popen[bytes], url: str, data: Path, scratch: Path, to: datetime | None) -> None:
    while (data / "recovery.signal").exists() or not _answers(url):
        if process.poll() is not None:
            told = (scratch / "log").read_text(errors="replace")
            if "before configured recovery target was reached" in told:
                raise ArchiveError(
                    f"归档到不了 {to and to.astimezone():%Y-%m-%d %H:%M:%S}，没有恢复。请写更早的 --to，或不写。"
                )
            raise ArchiveError(f"没有恢复，PostgreSQL 说：{told[-600:].strip()}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        psycopg2.connect(url).close()
    except psycopg2.OperationalError:
        return False
    return True


def _tidy(data: Path) -> None:
    """Leave a data folder as the server had it: its own pg_hba.conf, and nothing that speaks of the restore."""
    kept, conf = data / "pg_hba.conf.kept", data / "postgresql.auto.conf"
    if kept.exists():
        kept.rename(data / "pg_hba.conf")
    if conf.exists():
        lines = conf.read_text().splitlines(keepends=True)
        conf.write_text("".join(one for one in lines if not one.startswith(("restore_command", "recovery_target"))))


# --- pictures --------------------------------------------------------------------------------------------------------


def put_back(archive: Path, identity: Path, url: str, *, write: bool) -> tuple[int, int, list[str]]:
    """Put back the files that the restored database names and the storage does not have; without `write` look only.

    Return how many files and bytes were read and were right, and the keys that no pack has.
    """
    files = size = 0
    with _keys(url) as cursor:
        for path in sorted((archive / PICTURES).glob("*.list")):
            listed = {key: sha256 for sha256, _, key in pictures.listed(archive, path.stem)}
            cursor.execute("SELECT key FROM wanted WHERE NOT found AND key = ANY(%s)", [list(listed)])
            keys = [key for (key,) in cursor.fetchall()]
            if not keys:
                continue
            with opened(path.with_suffix(".tar.age"), identity) as stream:
                for key, content in pictures.read(stream, {key: listed[key] for key in keys}):
                    if write and not default_storage.exists(key):
                        default_storage.save(key, ContentFile(content))
                    files, size = files + 1, size + len(content)
            cursor.execute("UPDATE wanted SET found = true WHERE key = ANY(%s)", [keys])
        cursor.execute("SELECT key FROM wanted WHERE NOT found ORDER BY key")
        return files, size, [key for (key,) in cursor.fetchall()]


@contextmanager
def _keys(url: str) -> Iterator[Any]:
    """Yield a cursor with a table `wanted` of the keys that the restored database names."""
    connected = psycopg2.connect(url)
    try:
        with connected.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE wanted (key text PRIMARY KEY, found boolean NOT NULL DEFAULT false)")
            cursor.execute(
                "INSERT INTO wanted (key) SELECT key FROM materials_materialimage, LATERAL (VALUES (file), (thumbnail))"
                " AS one (key) WHERE removed_at IS NULL OR submitted"
                " UNION SELECT file FROM materials_rendereddocument WHERE file <> ''"
            )
            yield cursor
    finally:
        connected.close()
