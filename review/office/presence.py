"""缺勤: days on which a reviewer is away. What is assigned to him and not begun goes back to all on the first of them.

That is done when somebody of the unit asks for the next case or looks at the office's pages: nobody has to be awake
at midnight. What he has begun stays his, and is named to the head, who can give it to somebody else.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from candidates.models import Account, Unit
from candidates.rules.refusals import NotAllowed, Refused
from review.models import Absence
from review.office import assignments
from review.office.leading import leads

LONGEST, FURTHEST = timedelta(days=366), timedelta(days=366)
NOT_YOURS = "缺勤由本人或所在单位的负责人登记。"


def standing(accounts: Iterable[int], day: date) -> dict[int, list[Absence]]:
    """Return what is marked for these people (keys of accounts) and not over on this day, in order, by the key."""
    found: dict[int, list[Absence]] = {}
    rows = Absence.objects.filter(account__in=list(accounts), ended_at=None, last_day__gte=day)
    for one in rows.order_by("first_day").select_related("freed"):
        found.setdefault(one.account_id, []).append(one)
    return found


def absent(accounts: Iterable[int], day: date) -> dict[int, Absence]:
    """Return who of these (keys of accounts) is away on this day, by the key."""
    found = standing(accounts, day)
    away = {pk: next((one for one in all_of if one.first_day <= day), None) for pk, all_of in found.items()}
    return {pk: one for pk, one in away.items() if one}


def may_mark(by: Account, account: Account) -> bool:
    if by.pk == account.pk:
        return by.is_reviewer and by.is_active
    return account.is_reviewer and account.is_active and leads(by, account.unit)


def mark(account: Account, *, by: Account, first: date, last: date, now: datetime | None = None) -> Absence:
    """Mark days as absent, both ends included; where that is today already, let the cases go at once.

    Raise NotAllowed, Refused under `first` or `last`.
    """
    now = now or timezone.now()
    if not may_mark(by, account):
        raise NotAllowed(NOT_YOURS)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)  # so that two at once cannot overlap
        if problems := _problems(account, first, last, timezone.localdate(now)):
            raise Refused(problems)
        absence = Absence.objects.create(account=account, first_day=first, last_day=last, set_by=by, set_at=now)
    if account.unit:
        begin(account.unit, now)
    absence.refresh_from_db()
    return absence


def _problems(account: Account, first: date, last: date, today: date) -> dict[str, str]:
    if first < today:
        return {"first": "只能登记今天和以后的日子。"}
    if last < first:
        return {"last": "最后一天不能早于第一天。"}
    if first > today + FURTHEST or last > first + LONGEST:
        return {"last": "最多登记一年以内的日子。"}
    taken = Absence.objects.filter(account=account, ended_at=None, first_day__lte=last, last_day__gte=first).first()
    if taken:
        return {"first": f"已经登记了 {taken.first_day} 至 {taken.last_day} 缺勤：请先结束，再重新登记。"}
    return {}


@transaction.atomic
def end(pk: int, *, by: Account, now: datetime | None = None) -> Absence:
    """End an absence, or take back one that has not come; what was let go is not given back. Raise NotAllowed."""
    now = now or timezone.now()
    absence = Absence.objects.select_for_update(of=("self",)).select_related("account__unit").get(pk=pk)
    if not may_mark(by, absence.account):
        raise NotAllowed(NOT_YOURS)
    if absence.ended_at or absence.last_day < timezone.localdate(now):
        raise NotAllowed("这次缺勤已经结束。")
    absence.ended_at, absence.ended_by = now, by
    absence.save(update_fields=["ended_at", "ended_by"])
    return absence


@transaction.atomic
def begin(unit: Unit, now: datetime) -> None:
    """Let go what is assigned to those of the unit whose absence has come, each absence once."""
    today = timezone.localdate(now)
    due = Absence.objects.filter(account__unit=unit, ended_at=None, begun_at=None, first_day__lte=today)
    rows = due.filter(last_day__gte=today).select_related("account").select_for_update(of=("self",), skip_locked=True)
    for absence in rows.order_by("pk"):
        by = absence.set_by
        absence.freed = assignments.let_go(absence.account, unit, by=by, way="absence", now=now)
        absence.begun_at = now
        absence.save(update_fields=["begun_at", "freed"])
