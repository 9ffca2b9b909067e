"""What the tests of appointments stand on: moments, slots, bookings made by the candidate's own act."""

from datetime import datetime, timedelta

from candidates.applications.workflow import Actor
from candidates.rules.moments import SHANGHAI
from review.appointments import bookings
from review.models import Appointment, Slot, Waiting

NOW = datetime(2027, 3, 4, 10, tzinfo=SHANGHAI)  # a Thursday
MONDAY = datetime(2027, 3, 8, tzinfo=SHANGHAI)
EVE = datetime(2027, 3, 7, 18, tzinfo=SHANGHAI)
NINE = MONDAY + timedelta(hours=9)


def make_slot(point, starts=NINE, capacity=2, **changes):
    values = {"day": starts.date(), "ends_at": starts + timedelta(minutes=30), "capacity": capacity, **changes}
    return Slot.objects.create(point=point, starts_at=starts, **values)


def me(case):
    return Actor.of(case.account)


def book(case, slot, now=NOW):
    return bookings.book(case.pk, slot=slot.pk, actor=me(case), now=now)


def taken(*slots):
    """How many places each slot says are taken."""
    return [Slot.objects.get(pk=slot.pk).taken for slot in slots]


def counted(slot):
    """How many places are taken indeed: by who has not gone back on it, and kept for who may move up."""
    standing = Appointment.objects.filter(slot=slot).exclude(state="ended").count()
    return standing + Waiting.objects.filter(slot=slot, state="offered").count()


def states(case):
    return list(Appointment.objects.filter(application=case).order_by("pk").values_list("state", "ending"))
