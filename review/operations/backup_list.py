"""The backups that lie in NMEC_DUMP_FOLDER: how old, how large, and what is wrong with them at a glance."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from candidates.rules.refusals import of_file
from review.operations.backups import MANIFEST

OLD = timedelta(hours=26)  # one is made every day
MOST = 100


@dataclass(frozen=True)
class Found:
    """One folder. `made_at` is None, and `trouble` says why, where it is no whole backup."""

    name: str
    made_at: datetime | None
    files: int
    size: int  # bytes: the files' and the database's
    trouble: str = ""


@dataclass(frozen=True)
class Backups:
    """`trouble`: what an operator has to do; empty where the newest is whole and of today or yesterday."""

    found: tuple[Found, ...]
    trouble: str


def look(folder: str, now: datetime) -> Backups:
    """Read the manifests of the folders in this one, newest first. What they list is checked by restore --dry-run."""
    if not folder:
        return Backups((), "没有设置备份文件夹（NMEC_DUMP_FOLDER），这里看不到备份。")
    try:
        found = sorted(_folders(Path(folder)), key=lambda one: one.made_at or datetime.min.replace(tzinfo=now.tzinfo))
    except OSError as error:
        return Backups((), f"读不到备份文件夹 {folder}：{of_file(error)}。")
    found = found[::-1][:MOST]
    whole = [one for one in found if one.made_at and not one.trouble]
    if not whole:
        return Backups(tuple(found), "还没有一个完整的备份。")
    age = now - (whole[0].made_at or now)
    return Backups(tuple(found), f"最近一次完整的备份已有 {_words(age)}，应当每天备份。" if age > OLD else "")


def _folders(folder: Path) -> Iterator[Found]:
    for one in folder.iterdir():
        if one.is_dir() and not one.name.startswith("."):
            yield _found(one)


def _found(folder: Path) -> Found:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        made_at = datetime.fromisoformat(manifest["made_at"])
        files, size = int(manifest["files"]), int(manifest["bytes"]) + int(manifest["database"]["size"])
        missing = len(manifest["missing"])
    except FileNotFoundError:
        return Found(folder.name, None, 0, 0, "没有做完，或不是备份：没有清单")
    except (OSError, ValueError, KeyError, TypeError):
        return Found(folder.name, None, 0, 0, "清单读不出")
    return Found(folder.name, made_at, files, size, f"缺 {missing} 个文件：请运行 verify_storage" if missing else "")


def _words(age: timedelta) -> str:
    return f"{age.days} 天" if age.days >= 2 else f"{int(age.total_seconds() // 3600)} 小时"
