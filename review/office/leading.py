"""负责人: whom the head of a unit leads."""

from candidates.models import Account, Unit


def leads(account: Account, unit: Unit | None) -> bool:
    """Say whether this is the head of the unit, or of one above it: never of one beside it or below it."""
    if not (account.is_reviewer and account.is_active and account.is_head and account.unit and unit):
        return False
    return account.unit.is_active and unit.code.startswith(account.unit.code)


def heads(account: Account, unit: Unit | None) -> bool:
    """Say whether this is the head of this very unit."""
    return unit is not None and leads(account, unit) and account.unit_id == unit.pk
