"""A point's slots closed, enlarged, shrunk. Who loses an appointment by it is named first, and told when it is done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from candidates.messages.writing import tell
from candidates.models import Application, Unit
from candidates.rules.refusals import Refused
from review.appointments import waiting
from review.models import Appointment, Slot, Waiting

CHANGED = "在您确认以前，受影响的考生有变化。请按下面新的名单再确认一次。"


@dataclass(frozen=True)
class Change:
    """What becomes of the chosen slots; None leaves it as it is."""

    capacity: int | None = None
    walk_in: int | None = None
    closed: bool | None = None

    def places(self, slot: Slot) -> int:
        """Return how many can be booked in this slot after the change."""
        capacity, walk_in = self.sizes(slot)
        return 0 if self.is_closed(slot) else capacity - walk_in

    def sizes(self, slot: Slot) -> tuple[int, int]:
        capacity = slot.capacity if self.capacity is None else self.capacity
        return capacity, slot.walk_in if self.walk_in is None else self.walk_in

    def is_closed(self, slot: Slot) -> bool:
        return slot.is_closed if self.closed is None else self.closed


def affected(slots: Iterable[Slot], change: Change) -> list[Appointment]:
    """Return who would lose the appointment: of each slot those who have booked last. Who has come stays."""
    lost: list[Appointment] = []
    for slot in slots:
        if slot.taken > (places := change.places(slot)):
            over = max(0, _booked_or_kept(slot) - places)
            booked = Appointment.objects.filter(slot=slot, state="booked").select_related("application", "slot")
            lost += booked.order_by("-booked_at", "-pk")[:over]
    return sorted(lost, key=lambda one: (one.slot_id or 0, one.pk))


def _booked_or_kept(slot: Slot) -> int:
    """Count what is taken of the slot without the places kept for who may move up: those go first."""
    return slot.taken - Waiting.objects.filter(slot=slot, state="offered").count()


@transaction.atomic
def change(
    point: Unit, keys: Collection[int], wanted: Change, *, confirmed: Collection[int], now: datetime | None = None
) -> list[Appointment]:
    """Change these slots; `confirmed`: the appointments that were named as lost. Return those that are.

    Raise Refused under `capacity` for sizes that cannot be, under `confirmed` where others are affected by now.
    """
    now = now or timezone.now()
    slots = Slot.objects.filter(point=point, pk__in=list(keys), starts_at__gt=now)
    lost = affected(slots, wanted)
    held = Application.objects.select_for_update().filter(pk__in=[one.application_id for one in lost]).order_by("pk")
    applications = {one.pk: one for one in held}
    chosen = list(slots.select_for_update().order_by("pk"))
    if not chosen:
        raise Refused({"capacity": "选中的时段已经过去，或者不是本报名点的。请刷新页面，重新选择。"})
    if any(walk_in > capacity for capacity, walk_in in map(wanted.sizes, chosen)):
        raise Refused({"capacity": "留给没有预约的人的名额不能多于时段的名额。"})

    now_lost = affected(chosen, wanted)
    held_all = all(one.application_id in applications for one in now_lost)
    if {one.pk for one in now_lost} != set(confirmed) or not held_all:
        raise Refused({"confirmed": CHANGED})
    for one in now_lost:
        _lose(one, applications[one.application_id or 0], now)
    for slot in chosen:
        _resize(slot, wanted, [one for one in now_lost if one.slot_id == slot.pk])
    for day in {slot.day for slot in chosen}:
        transaction.on_commit(partial(waiting.move_up, point.pk, day))
    return now_lost


def _lose(appointment: Appointment, application: Application, now: datetime) -> None:
    """End an appointment whose place is gone, and tell. Its application and slot are held."""
    appointment.state, appointment.ending, appointment.ended_at = "ended", "slot", now
    appointment.save(update_fields=["state", "ending", "ended_at"])
    application.appointment_at = None
    application.save(update_fields=["appointment_at"])
    starts = appointment.slot.starts_at if appointment.slot else now
    tell("appointment_lost", application, now, {"deadline": starts.isoformat()})


def _resize(slot: Slot, wanted: Change, lost: list[Appointment]) -> None:
    """Give the slot its new sizes; a place kept for who may move up goes back to the list where none is left."""
    slot.taken -= len(lost)
    places = wanted.places(slot)
    if slot.taken > places:
        kept = list(Waiting.objects.filter(slot=slot, state="offered").order_by("-pk")[: slot.taken - places])
        Waiting.objects.filter(pk__in=[one.pk for one in kept]).update(state="waiting", slot=None, until=None)
        slot.taken -= len(kept)
    if slot.taken > places and not wanted.is_closed(slot):
        raise Refused({"capacity": f"{slot.taken} 位预约的考生已经到场，名额不能比这更少。"})
    if not wanted.is_closed(slot):
        slot.capacity, slot.walk_in = wanted.sizes(slot)
    slot.is_closed = wanted.is_closed(slot)
    slot.save(update_fields=["taken", "capacity", "walk_in", "is_closed"])
