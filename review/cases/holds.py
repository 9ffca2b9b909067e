"""Which case next: each level's queue is one index range, read in order (queue_of_point, queue_of_site, …)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from candidates.applications import people
from candidates.applications.states import WAITING_AT
from candidates.models import Account, Application
from candidates.rules.levels import LEVELS
from review.cases import listing
from review.models import Hold
from review.office import assignments, presence, questions, samples

HOLD = timedelta(minutes=15)
# one statement for what is asked twice after every decision: taken where nobody else holds it, else no row
TAKE = """
INSERT INTO review_hold (application_id, account_id, until) VALUES (%(case)s, %(account)s, %(until)s)
ON CONFLICT (application_id) DO UPDATE SET account_id = EXCLUDED.account_id, until = EXCLUDED.until
WHERE review_hold.account_id = EXCLUDED.account_id OR review_hold.until <= %(now)s
RETURNING account_id
"""


@dataclass(frozen=True)
class Through:
    """A list that a reviewer goes through: what is in it of what waits for him, and in which order."""

    cases: QuerySet[Application]
    order: str  # of listing.ORDERS
    whose: bool = False  # asked for by whom it is assigned to


def waiting_for(account: Account, now: datetime | None = None) -> QuerySet[Application]:
    """Select what waits for this reviewer's unit at its own level, oldest submission first.

    What waits for its candidate's answer does not, nor what a second person, or a head, has to look at instead.
    """
    if account.unit is None:
        return Application.objects.none()
    waiting = Application.objects.visible_to(account).filter(status=WAITING_AT[account.unit.level])
    mine = samples.waiting(questions.waiting(waiting, now or timezone.now()), account)
    return _not_judged_elsewhere(mine, account, account.unit.level).order_by("submitted_at", "id")


def _not_judged_elsewhere(waiting: QuerySet[Application], account: Account, here: str) -> QuerySet[Application]:
    """Leave out what this person has decided on at another level (applications/people.py)."""
    persons = people.accounts_of(account)
    pairs = [[level, pk] for level in LEVELS if level != here for pk in persons]
    return waiting.exclude(reduce(or_, (Q(deciders__contains=[pair]) for pair in pairs)))


def next_free(
    account: Account, *, after: int | None = None, through: Through | None = None, now: datetime | None = None
) -> Application | None:
    """Return what take_next would take now, without holding it or waiting for it."""
    found = (free.first() for free in _free(account, after, through, now or timezone.now()))
    return next(filter(None, found), None)


def _free(
    account: Account, after: int | None, through: Through | None, now: datetime
) -> Iterator[QuerySet[Application]]:
    """Yield where to look, in this order: in a list first behind the case just left, then from its start.

    In each, what is assigned to this reviewer, then what is to nobody; others' where the list asks whose it is.
    """
    others = Q(hold__until__gt=now) & ~Q(hold__account=account)
    waiting = through.cases.order_by(listing.ORDERS[through.order], "id") if through else waiting_for(account, now)
    free = waiting.exclude(others).only("number", "round")
    free = free.exclude(pk=after) if after else free
    left = Application.objects.filter(pk=after).first() if through and after else None
    places = [free.filter(listing.beyond(left, through.order)), free] if through and left else [free]
    for place in places:
        yield from [place] if through and through.whose else assignments.in_turn(place, account)


@transaction.atomic
def take_next(
    account: Account, *, after: int | None = None, through: Through | None = None, now: datetime | None = None
) -> Application | None:
    """Hold the oldest waiting case that nobody else holds, and return it; None where there is none.

    `after`: the key of the case just left, which is not offered again at once. `through`: the list gone through.
    """
    now = now or timezone.now()
    if account.unit:
        presence.begin(account.unit, now)
    places = _free(account, after, through, now)
    found = (free.select_for_update(skip_locked=True, of=("self",)).first() for free in places)
    case = next(filter(None, found), None)
    if case:
        hold(case, account, now=now)
    return case


def hold(application: Application, account: Account, *, now: datetime | None = None) -> Hold | None:
    """Hold, or hold on, for 15 minutes. Return the other's hold where somebody else reads the case at present."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"case": application.pk, "account": account.pk, "until": now + HOLD, "now": now})
        if cursor.fetchone():
            return None
    return Hold.objects.filter(application=application).select_related("account").first()


def release(application: Application, account: Account) -> None:
    Hold.objects.filter(application=application, account=account).delete()
