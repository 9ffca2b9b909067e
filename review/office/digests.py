"""待办摘要: once a day each reviewer and head is told by mail what waits at the unit; switched off by its head."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from candidates.messages.writing import tell_account
from candidates.models import Account, Message, Unit
from review.models import OfficeSetting
from review.office.workload import Waiting, waiting

KINDS = ("digest", "digest_head")
NONE = "0 份"


def units() -> QuerySet[Unit]:
    """Return the units whose reviewers get a digest."""
    off = OfficeSetting.objects.filter(unit=OuterRef("pk"), digest=False)
    people = Account.objects.filter(unit=OuterRef("pk"), kind="reviewer", is_active=True).exclude(email="")
    return Unit.objects.filter(~Exists(off), Exists(people), is_active=True)


def people(unit: Unit, now: datetime) -> QuerySet[Account]:
    """Return who of the unit has an e-mail and has not been told today."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    told = Message.objects.filter(account=OuterRef("pk"), kind__in=KINDS, at__gte=today)
    reviewers = Account.objects.filter(unit=unit, kind="reviewer", is_active=True).exclude(email="")
    return reviewers.filter(~Exists(told)).order_by("pk")


def is_empty(found: Waiting) -> bool:
    """Say whether there is nothing to tell: what waits for an answer alone is nobody's work today."""
    return not (found.all - found.asked or found.answered or found.second or found.head)


def send(now: datetime) -> Iterator[int]:
    """Write the digests unit by unit, to be sent by the outbox. Yield how many each unit had."""
    for unit in units():
        found = waiting(unit, now)
        if not is_empty(found):
            yield _send(unit, found, now)


@transaction.atomic
def _send(unit: Unit, found: Waiting, now: datetime) -> int:
    held = list(Account.objects.select_for_update().filter(pk__in=people(unit, now)).order_by("pk"))
    still = set(people(unit, now).values_list("pk", flat=True))  # asked anew once they are held
    told = [one for one in held if one.pk in still]
    for account in told:
        tell_account("digest_head" if account.is_head else "digest", account, at=now, **parameters(unit, found))
    return len(told)


def parameters(unit: Unit, found: Waiting) -> dict[str, str]:
    numbers = {"all": found.all, "second": found.second, "head": found.head, "asked": found.asked}
    numbers |= {"answered": found.answered, "duplicates": found.duplicates}
    words = {name: f"{number} 份" for name, number in numbers.items()}
    return {"unit": unit.name, **words, "late": found.late or NONE, "last_day": found.last_day or NONE}
