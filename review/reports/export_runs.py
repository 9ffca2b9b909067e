"""How far an export has come: a row that its own request writes and the export page reads."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

from candidates.models import Account
from review.models import ExportMade, ExportRun

KEPT = timedelta(days=7)
SHOWN = 5
SPAN = timedelta(hours=12)  # what is older is not shown


@contextmanager
def running(account: Account, kind: str, status: str, number: int) -> Iterator[ExportRun]:
    """Open a run that ends with this block; it is complete where all its applications were done."""
    now = timezone.now()
    made(account, kind, {"status": status}, number, now)
    ExportRun.objects.filter(account=account, started_at__lt=now - KEPT).delete()
    run = ExportRun.objects.create(
        account=account, kind=kind, status=status, number=number, started_at=now, moved_at=now
    )
    try:
        yield run
    finally:
        run.ended_at = run.moved_at = timezone.now()
        run.save()


def made(account: Account, kind: str, held: Mapping[str, str], number: int, now: datetime | None = None) -> None:
    """Write down for good that somebody takes this out of the portal; `held` says which, without personal data."""
    at = now or timezone.now()
    ExportMade.objects.create(
        account=account, unit_id=account.unit_id, kind=kind, held=dict(held), number=number, at=at
    )


def moved(run: ExportRun, done: int) -> None:
    """Note that so many applications are done."""
    run.done, run.moved_at = done, timezone.now()
    run.save()


def measured(run: ExportRun, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same pieces, and count their bytes."""
    for piece in pieces:
        run.size += len(piece)
        yield piece


def of(account: Account) -> list[ExportRun]:
    """Return the newest runs, the last one first."""
    return list(ExportRun.objects.filter(account=account, started_at__gt=timezone.now() - SPAN)[:SHOWN])
