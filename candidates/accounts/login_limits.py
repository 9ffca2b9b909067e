"""Limits on failed logins, counted for account and place together: nobody locks anybody out from elsewhere.

A place is a network, or a browser that has logged in to the account before. After some failures each further one costs
a growing pause; a try in a pause is answered like a wrong password, and leaves the pause as long as it was. Where an
account's failures from all networks together are many, a network that has not failed yet still has its try, but few
free ones: that makes many networks slow, and refuses nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from candidates.encryption import keyed_hash
from candidates.models import Account, LoginTries

FORGOTTEN = timedelta(days=1)  # without a further failure
FEW = 2  # free tries of each network while an account is guessed at from many


@dataclass(frozen=True)
class Place:
    """Where a try comes from: keyed hash of a network, or of a browser that is known to the account."""

    hash: str
    is_known: bool = False


def hash_of(account: Account) -> str:
    return keyed_hash(f"account:{account.pk}")


@transaction.atomic
def may_try(account_hash: str, place: Place, *, now: datetime | None = None) -> bool:
    """Count a try as failed before its password is looked at; False in a pause, which stays as it is.

    The row is held for that: of tries at the same moment no more get through than one after the other.
    """
    now = now or timezone.now()
    free = _free_tries(account_hash, place, now)
    unused = {"is_known": place.is_known, "last_at": now, "paused_until": now}
    tries, _ = LoginTries.objects.select_for_update().get_or_create(
        account_hash=account_hash, place_hash=place.hash, defaults=unused
    )
    if now < tries.paused_until:
        return False

    tries.failures = tries.failures + 1 if now < tries.last_at + FORGOTTEN else 1
    tries.last_at, tries.paused_until = now, now + _pause(tries.failures - free)
    tries.save()
    return True


def _free_tries(account_hash: str, place: Place, now: datetime) -> int:
    everywhere = LoginTries.objects.filter(account_hash=account_hash, is_known=False, last_at__gt=now - FORGOTTEN)
    failures = everywhere.aggregate(failures=Sum("failures"))["failures"] or 0
    many = failures >= settings.LOGIN_FAILURES_IN_TOTAL
    return min(FEW, settings.LOGIN_TRIES) if many and not place.is_known else settings.LOGIN_TRIES


def _pause(beyond: int) -> timedelta:
    """Return the shortest pause after the last free failure (0), doubled by each further one, up to the longest."""
    if beyond < 0:
        return timedelta(0)
    seconds = settings.LOGIN_PAUSE * 2 ** min(beyond, 20)
    return timedelta(seconds=min(seconds, settings.LOGIN_LONGEST_PAUSE))


def may_register(place: Place, *, now: datetime | None = None) -> bool:
    """Tell whether this network may try to register: not in a pause after many numbers that had been taken."""
    paused = LoginTries.objects.filter(account_hash=keyed_hash("register"), place_hash=place.hash)
    return not paused.filter(paused_until__gt=now or timezone.now()).exists()


@transaction.atomic
def was_taken(place: Place, *, now: datetime | None = None) -> None:
    """Count a registration whose number or contact an account had: who asks for many finds out who has registered."""
    now = now or timezone.now()
    unused = {"last_at": now, "paused_until": now, "is_known": False}
    tries, _ = LoginTries.objects.select_for_update().get_or_create(
        account_hash=keyed_hash("register"), place_hash=place.hash, defaults=unused
    )
    tries.failures = tries.failures + 1 if now < tries.last_at + FORGOTTEN else 1
    tries.last_at, tries.paused_until = now, now + _pause(tries.failures - settings.REGISTER_TRIES)
    tries.save()


def succeeded(account_hash: str, place: Place) -> None:
    """Clear the count of this place, where nobody was guessing; those of other places stay."""
    _clear(LoginTries.objects.filter(account_hash=account_hash, place_hash=place.hash))


def forget(account: Account) -> None:
    """Clear the account's counts everywhere: what was tried tells nothing about a new password."""
    _clear(LoginTries.objects.filter(account_hash=hash_of(account)))


def _clear(tries) -> None:
    tries.update(failures=0, paused_until=F("last_at"))


def forget_old(now: datetime) -> None:
    LoginTries.objects.filter(last_at__lt=now - FORGOTTEN, paused_until__lt=now).delete()
