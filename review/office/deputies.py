"""代理: a unit of which nobody is there is lent a reviewer of the unit above, for named days.

On those days he may take the place of that unit's people, in the reviewers' screens only, and gives it back when he
likes. What he does there is the unit's, and its records say whose reviewer he is. He decides on no case at two levels
(candidates/applications/people.py).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from candidates.messages.writing import tell_account
from candidates.models import Account, Unit
from candidates.rules.refusals import NotAllowed, Refused
from review.models import Absence, Deputy
from review.office import presence
from review.office.leading import leads

LONGEST = timedelta(days=92)
HEADS_LEND = "代理由上一级单位的负责人指派。"
ENDED = "这次代理已经结束。"


def may_lend(by: Account, lender: Unit | None) -> bool:
    """Say whether this account lends people of that unit: its head, one above, an operator."""
    return lender is not None and ((by.is_operator and by.is_active) or leads(by, lender))


def lent_by(lender: Unit, day: date) -> QuerySet[Deputy]:
    """Return what a unit has lent to those below, and is not over on this day."""
    found = Deputy.objects.filter(unit__parent=lender, ended_at=None, last_day__gte=day)
    return found.select_related("account", "unit").order_by("first_day", "pk")


def of(account: Account, day: date) -> QuerySet[Deputy]:
    """Return for which units this reviewer may act on this day or later. None once he is of another unit."""
    found = Deputy.objects.filter(account=account, ended_at=None, last_day__gte=day, unit__is_active=True)
    return found.filter(unit__parent=account.unit).select_related("unit").order_by("first_day", "pk")


def left_alone(lender: Unit, day: date) -> list[Unit]:
    """Return the units directly below with nobody there on this day, and no deputy."""
    lent = Deputy.objects.filter(unit__parent=lender, ended_at=None, first_day__lte=day, last_day__gte=day)
    units = Unit.objects.filter(parent=lender, is_active=True).exclude(pk__in=lent.values("unit"))
    away = Absence.objects.filter(ended_at=None, first_day__lte=day, last_day__gte=day)
    there = _reviewers(Q(unit__parent=lender)).exclude(pk__in=away.values("account"))
    return list(units.exclude(pk__in=there.values("unit")).order_by("code"))


def _reviewers(where: Q) -> QuerySet[Account]:
    return Account.objects.filter(where, kind="reviewer", is_active=True)


def _somebody_there(unit: Unit, first: date, last: date) -> date | None:
    """Return the first of these days on which somebody of the unit is there."""
    people = _reviewers(Q(unit=unit)).values_list("pk", flat=True)
    away = _absences(people, first, last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return next((day for day in days if any(not _is_away(away.get(pk, []), day) for pk in people)), None)


def _absences(people: Iterable[int], first: date, last: date) -> dict[int, list[Absence]]:
    return {
        pk: [one for one in found if one.first_day <= last] for pk, found in presence.standing(people, first).items()
    }


def _is_away(absences: list[Absence], day: date) -> bool:
    return any(one.first_day <= day <= one.last_day for one in absences)


@transaction.atomic
def lend(account: Account, unit: Unit, *, by: Account, first: date, last: date, now: datetime | None = None) -> Deputy:
    """Lend a reviewer to a unit directly below his own, both days included, and tell him.

    Raise NotAllowed; Refused under `person`, `unit`, `first` or `last`.
    """
    now = now or timezone.now()
    if not may_lend(by, unit.parent):
        raise NotAllowed(HEADS_LEND)
    Unit.objects.select_for_update().get(pk=unit.pk)  # so that two at once cannot lend it twice
    problems = _wrong_days(first, last, timezone.localdate(now)) or _not_to_be_lent(account, unit, first, last)
    if problems:
        raise Refused(problems)
    found = Deputy.objects.create(account=account, unit=unit, first_day=first, last_day=last, set_by=by, set_at=now)
    days = {"first": f"{first:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}
    tell_account("deputy", account, at=now, unit=unit.name, **days)
    return found


def _wrong_days(first: date, last: date, today: date) -> dict[str, str]:
    if first < today:
        return {"first": "只能指派今天和以后的日子。"}
    if last < first:
        return {"last": "最后一天不能早于第一天。"}
    if last - first > LONGEST:
        return {"last": "一次最多指派三个月。"}
    return {}


def _not_to_be_lent(account: Account, unit: Unit, first: date, last: date) -> dict[str, str]:
    if not _reviewers(Q(pk=account.pk, unit=unit.parent)).exists():
        return {"person": "只能从上一级单位在用的账号中指派。"}
    if any(_absences([account.pk], first, last).values()):
        return {"person": f"{account.username} 在这些日子里登记了缺勤。"}
    taken = Deputy.objects.filter(unit=unit, ended_at=None, first_day__lte=last, last_day__gte=first).first()
    if taken:
        return {"unit": f"{unit.name}已经有人代理：{taken.first_day} 至 {taken.last_day}。"}
    if there := _somebody_there(unit, first, last):
        return {"unit": f"{unit.name}在 {there} 有人在岗。只有全部缺勤的日子才能指派代理，请先登记缺勤。"}
    return {}


@transaction.atomic
def take_back(pk: int, *, by: Account, now: datetime | None = None) -> Deputy:
    """End a deputy's time, by whoever may lend or by himself. Raise NotAllowed."""
    now = now or timezone.now()
    found = Deputy.objects.select_for_update(of=("self",)).select_related("unit__parent", "account").get(pk=pk)
    if not may_end(by, found):
        raise NotAllowed(HEADS_LEND)
    if found.ended_at or found.last_day < timezone.localdate(now):
        raise NotAllowed(ENDED)
    found.ended_at, found.ended_by = now, by
    found.save(update_fields=["ended_at", "ended_by"])
    return found


def may_end(by: Account, deputy: Deputy) -> bool:
    return by.pk == deputy.account_id or may_lend(by, deputy.unit.parent)


# --- taking the place -------------------------------------------------------------------------------------------------


def act_for(account: Account, pk: int, day: date) -> bool:
    """Put the account, as this request has it, into the place of the unit. Return whether that is so, on this day."""
    found = of(account, day).filter(pk=pk, first_day__lte=day).first()
    if found is None:
        return False
    account.lent_from, account.unit, account.is_head = account.unit, found.unit, False
    return True
