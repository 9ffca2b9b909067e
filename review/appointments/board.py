"""The waiting room's screen: numbers and nothing else, at an address that nobody guesses and the head can revoke."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from candidates.models import Account, Unit
from review.appointments.desk import today
from review.models import Appointment, Board

SHOWN = 8  # numbers that were called last
FRESH = 60  # seconds for which a number stands out


@dataclass(frozen=True)
class Called:
    number: str
    at: datetime
    is_fresh: bool


@dataclass(frozen=True)
class Shown:
    """What the screen shows: who is called, the last one first, and how many wait."""

    point: Unit
    called: tuple[Called, ...]
    waiting: int
    at: datetime


def by_token(token: str) -> Board | None:
    """Return the board at this address; None where there is none, or its point is closed."""
    return Board.objects.filter(token=token, point__is_active=True).select_related("point").first()


def of_point(point: Unit) -> Board | None:
    return Board.objects.filter(point=point).first()


@transaction.atomic
def renew(point: Unit, *, by: Account, now: datetime | None = None) -> Board:
    """Give the point's screen a new address; the one before shows nothing any more."""
    revoke(point)
    return Board.objects.create(point=point, token=secrets.token_urlsafe(24), at=now or timezone.now(), by=by)


def revoke(point: Unit) -> None:
    """Take the screen's address back, without a new one."""
    Board.objects.filter(point=point).delete()


def shown(point: Unit, now: datetime) -> Shown:
    rows = Appointment.objects.filter(point=point, day=today(now))
    last = rows.filter(state="called").order_by("-called_at", "-pk")[:SHOWN]
    called = tuple(
        Called(one.called_as, one.called_at, (now - one.called_at).total_seconds() < FRESH)
        for one in last
        if one.called_at
    )
    return Shown(point, called, rows.filter(state="arrived").count(), now)
