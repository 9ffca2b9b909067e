"""Who looked at which application, in which round: recorded once each."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from candidates.models import Account, Application, Look

AHEAD = "ahead"  # in the session: the case whose pictures are fetched ahead; only opening it is a look


def record(account: Account, application: Application, kind: str, now: datetime | None = None) -> None:
    """Record a look of `kind` (case, packet, export, picture) by a reviewer or operator; a candidate's is none.

    A picture fetched while its case is open is part of that look.
    """
    if account.is_candidate:
        return
    cases = Look.objects.filter(application=application, account=account, round=application.round, kind="case")
    if kind == "picture" and cases.exists():
        return
    record_many(account, [application], kind, now)


def record_many(account: Account, applications: Iterable[Application], kind: str, now: datetime | None = None) -> None:
    """Record the same look at each of these, in one statement."""
    at = now or timezone.now()
    rows = [Look(application=one, account=account, round=one.round, kind=kind, at=at) for one in applications]
    Look.objects.bulk_create(rows, ignore_conflicts=True)
