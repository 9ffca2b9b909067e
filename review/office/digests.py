"""待办摘要: once a day each reviewer and head is told by mail what waits at the unit; switched off by its head."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from candidates.messages.writing import tell_account
from candidates.models import Account, ExamSession, Message, Unit
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


def due(now: datetime, session: ExamSession | None = None) -> Iterator[tuple[Unit, Waiting]]:
    """Yield each unit that has something to be told of, with what waits there: of one session, or of all."""
    for unit in units():
        found = waiting(unit, now, session)
        if not is_empty(found):
            yield unit, found


@transaction.atomic
def send(unit: Unit, found: Waiting, now: datetime) -> int:
    """Write the unit's digests, to be sent by the outbox. Return how many."""
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
    words |= {"late": found.late or NONE, "last_day": found.last_day or NONE, "years": years(found)}
    return {"unit": unit.name, **words}


def years(found: Waiting) -> str:
    """Name the years of what waits, with their numbers where there are several."""
    if len(found.by_year) == 1:
        return f"（{next(iter(found.by_year))} 年度）"
    told = "，".join(f"{year} 年度 {number} 份" for year, number in sorted(found.by_year.items()))
    return f"（{told}）" if told else ""
