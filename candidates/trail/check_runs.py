"""Checks of records and files, written down as they run, so that the back office shows the last one of each."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from candidates.models import CheckRun
from candidates.trail.audit import operating_system_user

CHECKS = {
    "verify_records": "办理记录的摘要链",
    "verify_storage": "图片与存储",
    "verify_documents": "已生成的文书",
}
LISTED = 50  # of what was found wrong
KEPT = 20  # runs of each command
DUE = timedelta(days=8)  # they run once a week
KILLED = timedelta(hours=24)  # one that has not ended by then never will


class Running:
    """What a command says to while it checks: `wrong` for each thing, `end` with what it came to."""

    def __init__(self, row: CheckRun):
        self.row = row

    def wrong(self, sentence: str) -> None:
        self.row.number += 1
        if len(self.row.problems) < LISTED:
            self.row.problems.append(sentence)

    def end(self, told: str, *, is_good: bool) -> None:
        self.row.state, self.row.told = ("good" if is_good else "bad"), told[:300]


@contextmanager
def running(command: str) -> Iterator[Running]:
    """Write that the check begins, and how it has ended: what leaves this block without `end` has failed.

    A check of a database that takes no row goes on without one: what it says counts.
    """
    row = CheckRun(command=command, who=operating_system_user(), began_at=timezone.now())
    with suppress(DatabaseError):
        row.save()
    run = Running(row)
    try:
        yield run
    finally:
        row.ended_at = timezone.now()
        if row.state == "running":
            row.state = "failed"
        if row.pk:
            with suppress(DatabaseError):
                row.save()
                _forget(command)


def _forget(command: str) -> None:
    old = CheckRun.objects.filter(command=command).order_by("-pk").values_list("pk", flat=True)[KEPT:]
    CheckRun.objects.filter(pk__in=list(old)).delete()


def last() -> dict[str, CheckRun | None]:
    """Return the last run of each check that has ended or still goes on; None where it has never run."""
    return {command: CheckRun.objects.filter(command=command).first() for command in CHECKS}
