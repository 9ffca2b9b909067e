"""疑似重复: what two candidates' applications share, for the levels that may see both. It refuses nothing.

Of a case that lies outside the reader's subtree it is only said that there is one, and whom to ask.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import Account, Application, Unit
from candidates.rules.levels import LEVELS
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.sections import label
from candidates.rules.text import clean
from materials.duplicates import other_of, what_of
from materials.rules.catalogue import BY_CODE
from review.models import LONGEST_REASON, DuplicateSettled


@dataclass(frozen=True)
class Twin:
    """Another application that shares something with a case, for somebody who may see both."""

    application: Application
    shared: tuple[str, ...]  # in words


@dataclass(frozen=True)
class Found:
    """What a reader may know of the marks on a case."""

    twins: tuple[Twin, ...]
    contacts: tuple[Unit | None, ...]  # of what lies elsewhere: who sees both, None for the operators; each once
    settled: tuple[DuplicateSettled, ...]


def of_case(application: Application, account: Account) -> Found:
    """Read the marks on a case as far as this account may know of them."""
    keys = dict.fromkeys(other_of(one) for one in application.duplicates)
    others = Application.objects.filter(pk__in=keys).select_related(*LEVELS).in_bulk() if keys else {}
    seen = set(Application.objects.visible_to(account).filter(pk__in=keys).values_list("pk", flat=True)) if keys else ()
    outside = [contact(application, other) for key, other in others.items() if key not in seen]
    return Found(
        twins=tuple(Twin(others[key], _shared(application, key)) for key in keys if key in seen),
        contacts=tuple(dict.fromkeys(outside)),
        settled=tuple(_settled(application, account)),
    )


def contact(application: Application, other: Application) -> Unit | None:
    """Return the nearest unit that sees both; None where only operators do."""
    for level in LEVELS:
        unit = application.unit_at(level)
        if unit is not None and unit == other.unit_at(level):
            return unit
    return None


def _shared(application: Application, key: int) -> tuple[str, ...]:
    found = [what_of(one) for one in application.duplicates if other_of(one) == key]
    return tuple(dict.fromkeys(map(words_of, found)))


def words_of(what: str) -> str:
    """Say what is shared: a picture of a category, or the number in a field."""
    return f"“{BY_CODE[what].label}”的图片" if what in BY_CODE else label(what)


def _settled(application: Application, account: Account) -> list[DuplicateSettled]:
    if not application.duplicates_settled:
        return []
    visible = Application.objects.visible_to(account)
    mine = DuplicateSettled.objects.filter(Q(application=application) | Q(other=application))
    found = mine.filter(application__in=visible, other__in=visible)
    return list(found.select_related("application", "other", "account", "unit"))


def twin_of(application: Application, number: str, account: Account) -> Twin | None:
    """Return the twin with this number, None where there is none for this account."""
    twins = of_case(application, account).twins
    return next((one for one in twins if one.application.number == number), None)


@transaction.atomic
def settle(pk: int, *, other: int, actor: Actor, reason: str, now: datetime | None = None) -> DuplicateSettled:
    """Settle what two applications share, with a reason; the marks on both go. Raise NotAllowed, Refused."""
    rows = Application.objects.select_for_update().filter(pk__in=[pk, other]).order_by("pk")
    held = {one.pk: one for one in rows}
    if actor.level == "candidate" or not all(actor.belongs_to(one) for one in held.values()):
        raise NotAllowed("只有两份申请都看得到的单位可以核实。")
    reason = clean(reason, "lines")
    if not reason:
        raise Refused({"reason": "请写出核实的结果。"})
    if len(reason) > LONGEST_REASON:
        raise Refused({"reason": f"核实的结果最多 {LONGEST_REASON} 个字，现在有 {len(reason)} 个。"})

    shared = _take_off(held[pk], other)
    if not shared:
        raise NotAllowed("这两份申请现在没有等待核实的相同之处。")
    _take_off(held[other], pk)
    return DuplicateSettled.objects.create(
        application=held[pk],
        other=held[other],
        shared=shared,
        account=actor.account,
        unit=actor.unit,
        reason=reason,
        at=now or timezone.now(),
    )


def _take_off(application: Application, other: int) -> list[str]:
    """Move the marks that name the other to those that are settled; return them."""
    shared = [one for one in application.duplicates if other_of(one) == other]
    Application.objects.filter(pk=application.pk).update(
        duplicates=[one for one in application.duplicates if one not in shared],
        duplicates_settled=[*application.duplicates_settled, *shared],
    )
    return shared
