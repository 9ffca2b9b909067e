"""Who looked at which application, in which round: recorded once each.

A submission that anybody has looked at cannot be recalled (materials.recalling): both hold the application's row.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from candidates.models import Account, Application, Look, PictureLook
from candidates.rules.refusals import AlreadyMoved

AHEAD = "ahead"  # in the session: the case whose pictures are fetched ahead; only opening it is a look


def record(account: Account, application: Application, kind: str, now: datetime | None = None) -> None:
    """Record a look of `kind` (case, packet, export, picture) by a reviewer or operator; a candidate's is none.

    A picture fetched while its case is open is part of that look. Raise AlreadyMoved where the application has been
    submitted or recalled since it was read.
    """
    if account.is_candidate:
        return
    cases = Look.objects.filter(application=application, account=account, round=application.round, kind="case")
    if kind == "picture" and cases.exists():
        return
    if not record_many(account, [application], kind, now):
        raise AlreadyMoved(None)


@transaction.atomic
def record_many(
    account: Account, applications: Iterable[Application], kind: str, now: datetime | None = None
) -> list[Application]:
    """Record the same look at each of these, in one statement.

    Return those that may be shown: what has been submitted or recalled since it was read is not among them.
    """
    read, at = list(applications), now or timezone.now()
    held = Application.objects.select_for_update().filter(pk__in=[one.pk for one in read]).order_by("pk")
    submitted = dict(held.values_list("pk", "submitted_at"))

    still = [one for one in read if one.pk in submitted and submitted[one.pk] == one.submitted_at]
    write(account, still, kind, at)
    return still


def write(account: Account, held: Iterable[Application], kind: str, at: datetime) -> None:
    """Write the look at each of these, whose rows are held, and which were read since."""
    unit = account.unit_id
    rows = [Look(application=one, account=account, unit_id=unit, round=one.round, kind=kind, at=at) for one in held]
    Look.objects.bulk_create(rows, ignore_conflicts=True)


def pictures(
    account: Account, application: Application, shown: Iterable[uuid.UUID], now: datetime | None = None
) -> None:
    """Record each of these pictures as shown to a reviewer or operator today; a candidate's own are none."""
    if account.is_candidate:
        return
    at = now or timezone.now()
    day, unit = timezone.localdate(at), account.unit_id
    rows = [
        PictureLook(application=application, picture=one, account=account, unit_id=unit, day=day, at=at)
        for one in shown
    ]
    PictureLook.objects.bulk_create(rows, ignore_conflicts=True)
