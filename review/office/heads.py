"""Who leads a unit, and who settles a second look that differs: a head who is neither of the two.

Where no head of a site is left, its region settles it; a region has nobody above, so that a third person of it does.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from candidates.models import Account, Unit
from candidates.rules.levels import above
from review.models import SecondLook


def heads_of(unit: Unit | int) -> QuerySet[Account]:
    """Return the active heads of a unit."""
    return Account.objects.filter(kind="reviewer", unit=unit, is_active=True, is_head=True).order_by("pk")


def free_for(look: SecondLook, *, besides: Account | None = None) -> list[int]:
    """Return the heads of the look's unit who are neither of the two (`besides`: who is about to be the second)."""
    took_part = {look.first_id, look.second_id, besides.pk if besides else None}
    return [pk for pk in heads_of(look.unit_id).values_list("pk", flat=True) if pk not in took_part]


def may_settle(look: SecondLook, account: Account) -> bool:
    """Say whether this account decides between the two opinions."""
    if account.unit_id != look.unit_id or account.pk in (look.first_id, look.second_id):
        return False
    free = free_for(look)
    return account.pk in free if free else not above(look.level)


def settled_by(account: Account) -> Q:
    """Select, of the looks of this account's unit that differ, those that it settles: as may_settle, for lists."""
    neither = ~Q(first=account) & ~Q(second=account)
    if account.unit is None:
        return Q(pk__in=[])
    if account.is_head:
        return neither
    if above(account.unit.level):
        return Q(pk__in=[])
    free = Account.objects.filter(kind="reviewer", unit=OuterRef("unit"), is_active=True, is_head=True)
    return neither & Q(~Exists(free.exclude(pk=OuterRef("first")).exclude(pk=OuterRef("second"))))
