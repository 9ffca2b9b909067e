"""The archive's folder, and what is put into it: sealed by age for its public keys, whole or not at all, never changed.

archive.json                    which database's this is
base/TIME-KIND.tar.gz.age       a base backup; TIME-KIND.json says what it is, and is written last
wal/SEGMENT-HASH.gz.age         a segment of WAL, or a timeline's history; HASH begins the SHA-256 of what is inside
pictures/TIME.tar.age           files that came since the pack before; TIME.list names each with SHA-256 and size
spool/                          segments as they are received; not sealed yet
"""

import hashlib
import json
import os
import shutil
import subprocess
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings

from candidates.rules.refusals import of_file
from materials.files.storage import make_folder, sync_folder

BASE, WAL, PICTURES, SPOOL = "base", "wal", "pictures", "spool"
SEALED = (BASE, WAL, PICTURES)  # what may leave the machine
CHUNK = 1 << 20  # bytes
STAMP = "%Y%m%dT%H%M%SZ"


class ArchiveError(RuntimeError):
    """What is wrong, and what to do."""


@dataclass(frozen=True)
class Sealed:
    """What was written: the file's SHA-256 and bytes, and those of what is inside."""

    sha256: str
    size: int
    inside_sha256: str
    inside_size: int


def of_settings() -> Path:
    """Return the folder that NMEC_BACKUP_FOLDER names. Raise ArchiveError where it is not set."""
    if settings.BACKUP.folder is None:
        raise ArchiveError("没有设置 NMEC_BACKUP_FOLDER：不知道备份放在哪里。请按 docs/settings.md 设置。")
    return Path(settings.BACKUP.folder)


def prepare(folder: Path, system: str) -> None:
    """Make the folder ready for the database of this system identifier.

    Raise ArchiveError where it is another's, or cannot be used: mostly a disk that is not mounted.
    """
    if not settings.BACKUP.recipients:
        raise ArchiveError(
            "没有设置 NMEC_BACKUP_RECIPIENTS（age 公钥）：备份不加密就不做。请用 age-keygen 生成一对密钥。"
        )
    require_age()
    try:
        for name in (*SEALED, SPOOL):
            make_folder(str(folder / name))
        (folder / SPOOL).chmod(0o700)
    except OSError as error:
        raise ArchiveError(
            f"备份的文件夹 {folder} 不能用：{of_file(error)}。请看 NMEC_BACKUP_FOLDER、它的主人，以及硬盘是否挂上。"
        ) from None

    said = folder / "archive.json"
    if not said.exists():
        write_json(said, {"system": system})
    elif json.loads(said.read_text())["system"] != system:
        raise ArchiveError(f"{folder} 是另一个数据库的备份，没有写入。请把 NMEC_BACKUP_FOLDER 指向新的文件夹。")


def require_age() -> None:
    if not shutil.which("age"):
        raise ArchiveError("找不到 age，请安装：apt-get install age。")


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(STAMP)


def moment_of(name: str) -> datetime:
    """Return the time that a file's name begins with."""
    return datetime.strptime(name[:16], STAMP).replace(tzinfo=UTC)


# --- writing ---------------------------------------------------------------------------------------------------------


def seal(chunks: Iterable[bytes], path: Path, *, compress: bool = True) -> Sealed:
    """Write a file that only the private keys open: it is there whole and on the disk when this returns, or not at all.

    Raise ArchiveError where there is no room, or a file of that name is there already.
    """
    if path.exists():
        raise ArchiveError(f"{path} 已经存在，没有改写。")
    draft = path.with_name(f"{path.name}.part")
    recipients = [word for one in settings.BACKUP.recipients for word in ("-r", one)]
    try:
        with draft.open("wb") as out:
            age = subprocess.Popen(
                ["age", "--encrypt", *recipients], stdin=subprocess.PIPE, stdout=out, stderr=subprocess.PIPE
            )
            inside_sha256, inside_size = _pour(chunks, age, compress=compress)
            os.fsync(out.fileno())
        sha256, size = digest(draft)
        draft.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ArchiveError(f"备份没有写成 {path.name}：{of_file(error)}。请看磁盘的空间。") from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return Sealed(sha256, size, inside_sha256, inside_size)


def _pour(chunks: Iterable[bytes], age: subprocess.Popen[bytes], *, compress: bool) -> tuple[str, int]:
    """Give age everything, and wait for it. Return SHA-256 and size of what it was given, before compression."""
    found, size, into = hashlib.sha256(), 0, cast(IO[bytes], age.stdin)
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)  # gzip
    try:
        for chunk in chunks:
            found.update(chunk)
            size += len(chunk)
            into.write(packer.compress(chunk) if compress else chunk)
        if compress:
            into.write(packer.flush())
        into.close()
    except BrokenPipeError:
        pass  # it says why
    except BaseException:
        age.kill()
        age.wait()
        raise
    told = cast(IO[bytes], age.stderr).read().decode(errors="replace").strip()
    if age.wait():
        raise ArchiveError(f"age 没有写成：{told[-300:]}。请看磁盘的空间和 NMEC_BACKUP_RECIPIENTS。")
    return found.hexdigest(), size


def write_json(path: Path, value: Any) -> None:
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1))


def write_text(path: Path, text: str) -> None:
    """Write a small file durably, in place of an earlier one."""
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ArchiveError(f"备份没有写成 {path.name}：{of_file(error)}。请看磁盘的空间。") from error


# --- reading ---------------------------------------------------------------------------------------------------------


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


@contextmanager
def opened(path: Path, identity: Path) -> Iterator[IO[bytes]]:
    """Yield what is inside a sealed file, as a stream. Raise ArchiveError where this private key does not open it."""
    require_age()
    age = subprocess.Popen(["age", "--decrypt", "-i", identity, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, said = cast(IO[bytes], age.stdout), cast(IO[bytes], age.stderr)
    try:
        yield out
        out.read()  # what nobody asked for any more still has to be whole
    except BaseException:
        age.kill()
        if age.wait() > 0:  # it had failed by itself
            raise _not_opened(path, said) from None
        raise
    finally:
        out.close()
    if age.wait():
        raise _not_opened(path, said)


def _not_opened(path: Path, said: IO[bytes]) -> ArchiveError:
    told = said.read().decode(errors="replace").strip().splitlines()
    return ArchiveError(f"{path.name} 打不开：{told[0] if told else 'age 失败'}。请核对私钥文件，再核对备份。")
