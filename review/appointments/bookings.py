"""An application's one appointment: booked, moved, given back; each in a transaction that holds the application's row.

All raise NotAllowed with what to do next. Nothing here decides anything about the application itself.
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from candidates.applications.states import BEFORE_THE_POINT, Status
from candidates.applications.workflow import Actor, lock
from candidates.messages.writing import tell
from candidates.models import Application
from candidates.rules.moments import beginning
from candidates.rules.refusals import NotAllowed
from review.appointments import hours, slots, waiting
from review.models import STANDING, Appointment, AppointmentSetting, Slot, Waiting

MOST_CHANGES = 2  # moves, and appointments that were given back and booked anew
MOST_ABSENCES = 3  # who has stayed away as often books no more: after one, and after two, he may
NOT_OFFERED = "您的报名点没有启用现场审核预约，请按通知单上的现场审核时间前往。"
FULL = "这个时段刚刚约满，没有约上。请选择别的时段。"
GONE = "这个时段已经取消，没有约上。请选择别的时段。"
PAST = "这个时段已经开始或过去，不能再预约。请选择以后的时段。"
ELSEWHERE = "这个时段不是您报名点的。请在下面选择您报名点的时段。"
FOR_WHO_WAITS = "这一天有考生在候补，空出的名额先给他们。您可以登记候补，或选择别的日子。"


def standing(application: Application) -> Appointment | None:
    """Return the appointment that the application has: booked, arrived or called."""
    found = Appointment.objects.filter(application=application, state__in=STANDING)
    return found.select_related("slot", "point").first()


def changes_made(application: Application) -> int:
    """Count how often the candidate has moved an appointment, or given one back."""
    mine = Appointment.objects.filter(application=application)
    return sum(one.moved + (one.ending == "given_back") for one in mine)


def refusal(application: Application, setting: AppointmentSetting | None) -> str:
    """Say why this application cannot have an appointment now; empty where it can."""
    if setting is None or setting.point_id != application.point_id:
        return NOT_OFFERED
    if application.status not in BEFORE_THE_POINT:
        return "您的报名现在不需要到报名点现场审核，不能预约。"
    if application.status == Status.REGISTERED and not setting.from_registered and not application.round:
        return "提交审核以后才能预约现场审核。请先上传材料并提交审核。"
    if Appointment.objects.filter(application=application, state="absent").count() >= MOST_ABSENCES:
        return "您已三次预约后没有到场，不能再网上预约。请在办理时间直接到报名点取号。"
    return ""


def may_change_until(appointment: Appointment) -> datetime:
    """Return until when it can be moved or given back: the evening before."""
    return hours.evening_before(appointment.day)


def not_changed(appointment: Appointment, now: datetime) -> str:
    """Say why this appointment can be neither moved nor given back now; empty where it can."""
    if appointment.state != "booked":
        return "您已经到场，不能再改期或取消。"
    until = may_change_until(appointment)
    return "" if now < until else f"改期和取消的时间已于 {beginning(until)} 截止。不能按时前往的，请联系报名点。"


def _mine(pk: int, actor: Actor) -> Application:
    application = lock(pk)
    if not actor.belongs_to(application):
        raise NotAllowed("这不是您的报名。")
    return application


def _require(application: Application) -> None:
    if why := refusal(application, hours.setting_of(application.point_id)):
        raise NotAllowed(why)


@transaction.atomic
def book(pk: int, *, slot: int, actor: Actor, now: datetime | None = None) -> Appointment:
    """Book a place in this slot."""
    now = now or timezone.now()
    application = _mine(pk, actor)
    _require(application)
    if there := standing(application):
        raise NotAllowed(_has_one(there))
    if changes_made(application) > MOST_CHANGES:
        raise NotAllowed("您已经取消并重新预约过两次，不能再网上预约。请在办理时间直接到报名点取号。")

    kept = waiting.kept_for(application)
    if kept:
        hold_slots(slot, kept)
    wanted = _taken(application, slot, now)
    made = Appointment.objects.create(
        point_id=wanted.point_id, day=wanted.day, slot=wanted, application=application, booked_at=now
    )
    _write(application, wanted, "appointment_booked", now)
    return made


def _has_one(there: Appointment) -> str:
    when = beginning(there.slot.starts_at) if there.slot else "今天"
    return f"您已经预约了 {when}。要换时间，请在下面改期。"


def _taken(application: Application, key: int, now: datetime) -> Slot:
    """Take a place in the slot, and return it. Raise NotAllowed where there is none for this application."""
    wanted = Slot.objects.filter(pk=key).first()
    if wanted is None:
        raise NotAllowed(GONE)
    if wanted.point_id != application.point_id:
        raise NotAllowed(ELSEWHERE)
    if slots.waits(wanted.point_id, wanted.day) and now < hours.evening_before(wanted.day):
        raise NotAllowed(FOR_WHO_WAITS)
    if slots.take(key, now):
        return wanted
    raise NotAllowed(_why_not(key, now))


def _why_not(key: int, now: datetime) -> str:
    slot = Slot.objects.filter(pk=key).first()
    if slot is None or slot.is_closed:
        return GONE
    return PAST if slot.starts_at <= now else FULL


def _write(application: Application, slot: Slot, kind: str, now: datetime) -> None:
    """Put the appointment onto the application's row, and tell the candidate; his waiting for another day ends."""
    waiting.forget(application)
    application.appointment_at = slot.starts_at
    application.save(update_fields=["appointment_at"])
    tell(kind, application, now, {"deadline": slot.starts_at.isoformat()})


@transaction.atomic
def move(pk: int, *, slot: int, seen: int | None, actor: Actor, now: datetime | None = None) -> Appointment:
    """Move the appointment to this slot; `seen`: the slot that the page was drawn with."""
    now = now or timezone.now()
    application = _mine(pk, actor)
    _require(application)
    mine = require_changeable(application, now)
    if mine.slot_id != seen:
        raise NotAllowed(f"{_has_one(mine)}这一页是改期以前打开的，没有再改。")
    if mine.slot_id == slot:
        raise NotAllowed(f"您已经预约了这个时段（{_when(mine)}），不用改期。")
    if changes_made(application) >= MOST_CHANGES:
        raise NotAllowed("您已经改期两次，不能再改。不能按时前往的，可以取消预约，或联系报名点。")

    hold_slots(mine.slot_id, slot, waiting.kept_for(application))
    wanted = _taken(application, slot, now)
    return move_into(application, mine, wanted, now)


def hold_slots(*keys: int | None) -> None:
    """Hold these slots, in the order of their keys."""
    list(Slot.objects.select_for_update().filter(pk__in=[key for key in keys if key]).order_by("pk").values_list("pk"))


def require_changeable(application: Application, now: datetime) -> Appointment:
    """Return the appointment that may be moved or given back. Raise NotAllowed."""
    mine = standing(application)
    if mine is None:
        raise NotAllowed("您现在没有预约。请选择日期和时段重新预约。")
    if why := not_changed(mine, now):
        raise NotAllowed(why)
    return mine


def move_into(application: Application, mine: Appointment, wanted: Slot, now: datetime) -> Appointment:
    """Put the appointment into a slot of which a place has been taken, and give the former one back."""
    left, day = mine.slot_id, mine.day
    if left:
        slots.give(left)
    mine.slot, mine.day, mine.moved = wanted, wanted.day, mine.moved + 1
    mine.save(update_fields=["slot", "day", "moved"])
    _write(application, wanted, "appointment_changed", now)
    transaction.on_commit(partial(waiting.move_up, mine.point_id, day))
    return mine


def _when(appointment: Appointment) -> str:
    return beginning(appointment.slot.starts_at) if appointment.slot else "今天"


@transaction.atomic
def give_back(pk: int, *, seen: int | None, actor: Actor, now: datetime | None = None) -> Appointment:
    """Give the appointment back; the first on the waiting list of that day moves up."""
    now = now or timezone.now()
    application = _mine(pk, actor)
    mine = require_changeable(application, now)
    if mine.slot_id != seen:
        raise NotAllowed(f"{_has_one(mine)}这一页是改期以前打开的，没有取消。")
    end(application, mine, "given_back", now)
    return mine


def end(application: Application, mine: Appointment, why: str, now: datetime) -> None:
    """End an appointment of somebody who has not come. The application's row is held."""
    mine.state, mine.ending, mine.ended_at = "ended", why, now
    mine.save(update_fields=["state", "ending", "ended_at"])
    if mine.slot_id:
        slots.give(mine.slot_id)
    application.appointment_at = None
    application.save(update_fields=["appointment_at"])
    transaction.on_commit(partial(waiting.move_up, mine.point_id, mine.day))


@transaction.atomic
def accept(pk: int, *, actor: Actor, now: datetime | None = None) -> Appointment:
    """Take the place that is kept for who has moved up; an appointment on another day is moved into it."""
    now = now or timezone.now()
    application = _mine(pk, actor)
    _require(application)
    offered = Waiting.objects.filter(application=application, state="offered").first()
    if offered is None or offered.slot_id is None or offered.until is None:
        raise NotAllowed("现在没有留给您的名额：可能已过确认期限，或时段已经取消。")

    mine = standing(application)
    if mine and (why := not_changed(mine, now)):
        raise NotAllowed(why)
    if mine and changes_made(application) >= MOST_CHANGES:
        raise NotAllowed("您已经改期两次，不能再改。请保留现在的预约。")
    hold_slots(mine.slot_id if mine else None, offered.slot_id)
    place = waiting.claim(offered.pk, now)
    if place is None:
        raise NotAllowed("确认期限已过，名额已转给下一位候补的考生。")
    if mine:
        return move_into(application, mine, place, now)
    made = Appointment.objects.create(
        point_id=place.point_id, day=place.day, slot=place, application=application, booked_at=now
    )
    _write(application, place, "appointment_booked", now)
    return made
