"""A point's slots: made from its hours between two dates; a place in one taken, and given back.

Rows are held in one order everywhere: applications by their keys, then slots by theirs, then who waits.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from candidates.models import ExamSession, Unit
from candidates.models.session import SHANGHAI
from candidates.rules.refusals import NotAllowed, Refused
from review.appointments import hours
from review.models import ClosedDay, Slot, Waiting

MOST_DAYS = 120  # that slots are made for at once


def bounds(session: ExamSession | None, now: datetime) -> tuple[date, date] | None:
    """Return the first and last day on which slots can be made: of the session, not before today."""
    if session is None or now >= session.review_closes:
        return None
    first = max(timezone.localdate(session.registration_opens, SHANGHAI), timezone.localdate(now, SHANGHAI))
    return first, timezone.localdate(session.review_closes, SHANGHAI)


@transaction.atomic
def make(point: Unit, first: date, last: date, *, now: datetime | None = None) -> int:
    """Make the slots of these days, both included, that are not there yet; return how many.

    Raise NotAllowed where the point offers no appointments, Refused under `first`, `last`, `hours`.
    """
    now = now or timezone.now()
    setting = hours.setting_of(point)
    if setting is None:
        raise NotAllowed("本报名点没有启用现场审核预约。")
    weekly = hours.hours_by_weekday(setting)
    if problems := _problems(first, last, bool(weekly), now):
        raise Refused(problems)

    closed = set(ClosedDay.objects.filter(setting=setting).values_list("day", flat=True))
    days = [day for day in hours.days_between(first, last) if day not in closed]
    there = _spans_there(point, first, last)
    new = [
        Slot(point=point, day=day, starts_at=at, ends_at=end, capacity=setting.capacity, walk_in=setting.walk_in)
        for day in days
        for at, end in hours.spans(day, weekly.get(day.isoweekday(), ()), setting.minutes)
        if at > now and not any(at < until and since < end for since, until in there.get(day, ()))
    ]
    before = Slot.objects.filter(point=point).count()
    Slot.objects.bulk_create(new, ignore_conflicts=True)  # two who make them at once make each once
    return Slot.objects.filter(point=point).count() - before


def _problems(first: date, last: date, has_hours: bool, now: datetime) -> dict[str, str]:
    span = bounds(ExamSession.current(now), now)
    if span is None:
        return {"first": "现在没有正在进行的考试年度，不能生成时段。"}
    if not has_hours:
        return {"hours": "还没有填写每周的办理时间，请先填写。"}
    if not span[0] <= first <= span[1]:
        return {"first": f"开始日期应在 {span[0]} 至 {span[1]} 之间（本年度审核截止以前）。"}
    if not first <= last <= span[1]:
        return {"last": f"结束日期应在开始日期至 {span[1]} 之间。"}
    if (last - first).days >= MOST_DAYS:
        return {"last": f"一次最多生成 {MOST_DAYS} 天。"}
    return {}


def _spans_there(point: Unit, first: date, last: date) -> dict[date, list[hours.Span]]:
    found: dict[date, list[hours.Span]] = {}
    rows = Slot.objects.filter(point=point, day__gte=first, day__lte=last)
    for day, at, end in rows.values_list("day", "starts_at", "ends_at"):
        found.setdefault(day, []).append((at, end))
    return found


# --- places -----------------------------------------------------------------------------------------------------------


def take(slot: int, now: datetime) -> bool:
    """Take a place in the slot, if one is free and it has not begun; its row is held from then on."""
    free = Slot.objects.filter(pk=slot, is_closed=False, starts_at__gt=now, taken__lt=F("capacity") - F("walk_in"))
    return bool(free.update(taken=F("taken") + 1))


def give(slot: int) -> None:
    """Give a place in the slot back."""
    Slot.objects.filter(pk=slot).update(taken=F("taken") - 1)


def waits(point: Unit | int, day: date) -> bool:
    """Say whether somebody waits for places of this day: what gets free is theirs first."""
    return Waiting.objects.filter(point=point, day=day, state="waiting").exists()
