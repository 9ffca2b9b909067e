"""Which case next: each level's queue is one index range, read in order (queue_of_point, queue_of_site, …)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from candidates.applications.states import WAITING_AT
from candidates.models import Account, Application
from review.models import Hold
from review.office import questions

HOLD = timedelta(minutes=15)


def waiting_for(account: Account, now: datetime | None = None) -> QuerySet[Application]:
    """Select what waits for this reviewer's unit at its own level, oldest submission first.

    What waits for its candidate's answer does not.
    """
    if account.unit is None:
        return Application.objects.none()
    waiting = Application.objects.visible_to(account).filter(status=WAITING_AT[account.unit.level])
    return questions.waiting(waiting, now or timezone.now()).order_by("submitted_at", "id")


def next_free(account: Account, *, after: int | None = None, now: datetime | None = None) -> Application | None:
    """Return what take_next would take now, without holding it or waiting for it."""
    return _free(account, after, now or timezone.now()).first()


def _free(account: Account, after: int | None, now: datetime) -> QuerySet[Application]:
    others = Q(hold__until__gt=now) & ~Q(hold__account=account)
    free = waiting_for(account, now).exclude(others)
    return free.exclude(pk=after) if after else free


@transaction.atomic
def take_next(account: Account, *, after: int | None = None, now: datetime | None = None) -> Application | None:
    """Hold the oldest waiting case that nobody else holds, and return it; None where there is none.

    `after`: the key of the case just left, which is not offered again at once.
    """
    now = now or timezone.now()
    case = _free(account, after, now).select_for_update(skip_locked=True, of=("self",)).first()
    if case:
        hold(case, account, now=now)
    return case


def hold(application: Application, account: Account, *, now: datetime | None = None) -> Hold | None:
    """Hold, or hold on, for 15 minutes. Return the other's hold where somebody else reads the case at present."""
    now = now or timezone.now()
    mine = {"account": account, "until": now + HOLD}
    with transaction.atomic():
        held, made = Hold.objects.select_for_update().get_or_create(application=application, defaults=mine)
        if made or held.account_id == account.pk or held.until <= now:
            held.account, held.until = account, now + HOLD
            held.save()
            return None
    return held


def release(application: Application, account: Account) -> None:
    Hold.objects.filter(application=application, account=account).delete()
