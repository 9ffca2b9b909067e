"""The waiting list of a full day: first come, first served. Who moves up has a place kept, and a term to confirm it.

Moving up ends on the evening before. Places that get free in passing (a case passed on, withdrawn) are found by
`settle`, which the worker calls all the time.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from candidates.applications.states import BEFORE_THE_POINT
from candidates.applications.workflow import Actor, lock
from candidates.messages.writing import tell
from candidates.models import Application
from candidates.rules.moments import whole_day
from candidates.rules.refusals import NotAllowed
from review.appointments import hours, slots
from review.models import LISTED, Slot, Waiting

TERM = timedelta(hours=24)


def listed(application: Application) -> Waiting | None:
    """Return the application's place on a waiting list, or what is kept for it."""
    return Waiting.objects.filter(application=application, state__in=LISTED).select_related("slot").first()


def kept_for(application: Application) -> int | None:
    """Return the slot in which a place is kept for it, for whoever holds several slots: in the order of their keys."""
    return Waiting.objects.filter(application=application, state="offered").values_list("slot", flat=True).first()


def place_of(entry: Waiting) -> int:
    """Return which place it is on its day's list, from 1."""
    before = Waiting.objects.filter(point=entry.point_id, day=entry.day, state="waiting", pk__lt=entry.pk)
    return before.count() + 1


@transaction.atomic
def join(pk: int, *, day: date, actor: Actor, now: datetime | None = None) -> Waiting:
    """Put the application onto the waiting list of a full day. Raise NotAllowed."""
    now = now or timezone.now()
    application = lock(pk)
    if not actor.belongs_to(application) or application.point_id is None:
        raise NotAllowed("这不是您的报名。")
    if now >= hours.evening_before(day):
        raise NotAllowed("候补到前一天 18:00 截止，这一天不能再登记候补。")
    if there := listed(application):
        raise NotAllowed(f"您已经在 {whole_day(there.day)}的候补名单上。要换日子，请先退出候补。")
    if application.appointment_at and timezone.localdate(application.appointment_at) == day:
        raise NotAllowed("您在这一天已有预约，不用候补。")

    rows = list(Slot.objects.filter(point=application.point_id, day=day, is_closed=False, starts_at__gt=now))
    if not rows:
        raise NotAllowed("这一天没有可以预约的时段，不能登记候补。")
    if any(one.free > 0 for one in rows) and not slots.waits(application.point_id, day):
        raise NotAllowed("这一天还有名额，可以直接预约。")
    return Waiting.objects.create(point_id=application.point_id, day=day, application=application, at=now)


@transaction.atomic
def leave(pk: int, *, actor: Actor, now: datetime | None = None) -> None:
    """Take the application off the list; a place that was kept for it goes to the next."""
    application = lock(pk)
    if not actor.belongs_to(application):
        raise NotAllowed("这不是您的报名。")
    if not _end(application, "left"):
        raise NotAllowed("您现在不在候补名单上。")


def forget(application: Application) -> None:
    """End its waiting, since it has an appointment now. The application's row is held."""
    _end(application, "ended")


def _end(application: Application, state: str) -> bool:
    entry = Waiting.objects.filter(application=application, state__in=LISTED).first()
    if entry is None:
        return False
    _drop(entry.pk, state)
    point, day = entry.point_id, entry.day
    transaction.on_commit(lambda: move_up(point, day))
    return True


def _drop(key: int, state: str) -> None:
    """End one entry, and give the place back that was kept for it: slot first, then the entry, as everywhere."""
    kept = Waiting.objects.filter(pk=key).values_list("slot", flat=True).first()
    if kept:
        list(Slot.objects.select_for_update().filter(pk=kept).values_list("pk"))
    entry = Waiting.objects.select_for_update().get(pk=key)
    if entry.state == "offered" and entry.slot_id:
        slots.give(entry.slot_id)
    if entry.state in LISTED:
        entry.state = state
        entry.save(update_fields=["state"])


def claim(key: int, now: datetime) -> Slot | None:
    """Turn what is kept into the candidate's own, its place taken already; None where its term is over.

    The application and the slot are held.
    """
    entry = Waiting.objects.select_for_update(of=("self",)).select_related("slot").get(pk=key)
    slot = entry.slot
    if entry.state != "offered" or slot is None or entry.until is None or entry.until <= now or slot.is_closed:
        return None
    entry.state = "taken"
    entry.save(update_fields=["state"])
    return slot


# --- moving up --------------------------------------------------------------------------------------------------------


def move_up(point: int, day: date, now: datetime | None = None) -> int:
    """Keep what is free on this day for those who wait longest; return how many have moved up."""
    moved = 0
    while (outcome := _offer_next(point, day, now or timezone.now())) is not None:
        moved += outcome
    return moved


@transaction.atomic
def _offer_next(point: int, day: date, now: datetime) -> int | None:
    """Offer a free place to the first who waits. None where nobody waits, or nothing is free; 0: he waits in vain."""
    if now >= hours.evening_before(day):
        return None
    first = Waiting.objects.filter(point=point, day=day, state="waiting").order_by("pk").first()
    if first is None:
        return None
    application = lock(first.application_id)
    slot = _free_place(point, day, now)
    if slot is None:
        return None

    entry = Waiting.objects.select_for_update().get(pk=first.pk)
    if entry.state != "waiting":  # somebody else has been at it
        slots.give(slot.pk)
        return 0
    if not _may_come(application, point):
        slots.give(slot.pk)
        entry.state = "ended"
        entry.save(update_fields=["state"])
        return 0

    until = min(now + TERM, hours.evening_before(day))
    entry.state, entry.slot, entry.until = "offered", slot, until
    entry.save(update_fields=["state", "slot", "until"])
    tell("appointment_free", application, now, {"deadline": until.isoformat(), "starts": slot.starts_at.isoformat()})
    return 1


def _may_come(application: Application, point: int) -> bool:
    return application.status in BEFORE_THE_POINT and application.point_id == point


def _free_place(point: int, day: date, now: datetime) -> Slot | None:
    """Take a place of the day, the earliest slot first."""
    for slot in Slot.objects.filter(point=point, day=day, is_closed=False).order_by("starts_at"):
        if slot.free > 0 and slots.take(slot.pk, now):
            return slot
    return None


def settle(now: datetime | None = None) -> int:
    """End what was not confirmed in time, or belongs to a case that has gone, and let the next ones move up.

    Safe to call as often as one likes, by several at once. Return how many have moved up.
    """
    now = now or timezone.now()
    days = set(Waiting.objects.filter(state__in=LISTED).values_list("point", "day").distinct())
    for key in Waiting.objects.filter(state="offered", until__lte=now).values_list("pk", flat=True):
        _miss(key, now)
    gone = Waiting.objects.filter(state="offered").exclude(application__status__in=BEFORE_THE_POINT)
    for key in gone.values_list("pk", flat=True):
        with transaction.atomic():
            _drop(key, "ended")
    over = [day for _, day in days if now >= hours.evening_before(day)]
    Waiting.objects.filter(state="waiting", day__in=over).update(state="ended")
    return sum(move_up(point, day, now) for point, day in sorted(days) if day not in over)


@transaction.atomic
def _miss(key: int, now: datetime) -> None:
    """End an offer whose term is over, unless it has just been confirmed."""
    entry = Waiting.objects.get(pk=key)
    lock(entry.application_id)
    still = Waiting.objects.filter(pk=key, state="offered", until__lte=now).exists()
    if still:
        _drop(key, "missed")
