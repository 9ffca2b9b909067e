"""What is kept, and whether it is whole: any minute of NMEC_BACKUP_DAYS can be restored, and nothing older stays."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from review.archive import bases, offsite, pictures, wal
from review.archive.place import BASE, PICTURES, WAL, digest
from review.models import Backup


def superfluous(folder: Path, now: datetime) -> list[str]:
    """Return what may go, as names below the folder, in an order in which a stop does no harm."""
    found, cutoff = bases.listed(folder), now - timedelta(days=settings.BACKUP.days)
    if not found:
        return []
    # the last one before the cutoff is what the first of the days is restored from
    first = max((at for at, one in enumerate(found) if one.ended_at <= cutoff), default=0)
    kept = {link.name: link for one in found[first:] for link in bases.chain(found, one)}
    names = []
    for one in found:
        if one.name not in kept:
            names += [f"{BASE}/{one.name}.{ending}" for ending in ("json", "tar.gz.age", "manifest.gz")]

    size = found[0].segment_size
    oldest = min(wal.number(one.first, size) for one in kept.values())
    for name, path in sorted(wal.sealed(folder).items()):
        if wal.SEGMENT.fullmatch(name) and wal.number(name, size) < oldest:
            names.append(f"{WAL}/{path.name}")

    for name in pictures.superfluous(folder, before=cutoff):
        names += [f"{PICTURES}/{name}.list", f"{PICTURES}/{name}.tar.age"]
    return names


def prune(folder: Path) -> int:
    """Remove what is not to be kept, here and elsewhere. Return how many files. Raise ArchiveError."""
    names = superfluous(folder, timezone.now())
    offsite.delete(names)  # first: what is gone here is not found again
    for name in names:
        (folder / name).unlink(missing_ok=True)
    return len(names)


def problems(folder: Path, base: bases.Base) -> list[str]:
    """Return what is wrong with a base backup and the WAL that goes on from it, one sentence each."""
    wrong = []
    path = base.path(folder)
    if not path.is_file():
        wrong.append(f"{base.name}：文件不存在")
    elif digest(path) != (base.sha256, base.size):
        wrong.append(f"{base.name}：与清单不符")
    names = wal.sealed(folder)
    missing = wal.gaps([*names], base.first, base.segment_size)
    if not wal.has(folder, base.last) or missing:
        wrong.append(f"{base.name}：缺少 {max(1, len(missing))} 段 WAL，从它不能恢复到最近。请重新做一个完整备份")
    return wrong


def check(folder: Path, *, unless_since: datetime | None = None) -> dict[str, list[str]]:
    """Look at every base backup's bytes and WAL; write down when. Return what is wrong, by name.

    Those that were right after `unless_since` are left out: each is read to its end.
    """
    known = Backup.objects.filter(checked_at__gt=unless_since) if unless_since else Backup.objects.none()
    recent = set(known.values_list("name", flat=True))
    found = {base.name: problems(folder, base) for base in bases.listed(folder) if base.name not in recent}
    right = [name for name, wrong in found.items() if not wrong]
    Backup.objects.filter(name__in=right).update(checked_at=timezone.now())
    return {name: wrong for name, wrong in found.items() if wrong}


def write_down(folder: Path) -> None:
    """Let the database say what the folder has."""
    found = bases.listed(folder)
    Backup.objects.exclude(name__in=[one.name for one in found]).delete()
    known = set(Backup.objects.values_list("name", flat=True))
    Backup.objects.bulk_create(
        [
            Backup(
                name=one.name,
                kind=one.kind,
                began_at=datetime.fromisoformat(one.began),
                ended_at=one.ended_at,
                size=one.size,
            )
            for one in found
            if one.name not in known
        ],
        ignore_conflicts=True,
    )
