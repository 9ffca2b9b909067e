"""The rush: 2,000 people on 600 places, over a minute and all at once; the desk's list of 400 people.

Every booking is the candidate's own act, on one of as many connections as a machine's web processes have; who finds a
slot full tries another that is free, as people do. `PEOPLE=200 make bench ARGS=appointments` sends a tenth of them, on
a tenth of the places.
"""

import os
import random
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from datetime import time as time_of_day

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import Account, Application
from candidates.rules.refusals import NotAllowed
from review.appointments import bookings, desk, offers
from review.models import Appointment, AppointmentSetting, Slot
from tests.bench import crowd
from tests.bench.measure import Row
from tests.factories import make_application

PEOPLE = int(os.environ.get("PEOPLE", "2000"))
PLACES, EACH, SECONDS = PEOPLE * 3 // 10, 15, 60
AT_ONCE = 40  # connections, each kept for one person after the other
LIST = 400


def run() -> Iterator[Row]:
    template = make_application("point_review")
    AppointmentSetting.objects.create(point=template.point, is_on=True)
    _people(template)
    people = list(Application.objects.filter(pk__gt=crowd.BASE).select_related("account", "session"))
    yield from _rush("over a minute", people, template.point, SECONDS)
    yield from _rush("all at once", people, template.point, 0)
    yield _list(people, template.point)


def _people(template: Application) -> None:
    many = f"generate_series(1, {PEOPLE}) AS g"
    person = {f"{kind}_hash": "'person ' || lpad(g::text, 10, '0')" for kind in ("identity", "mobile")}
    entry = {"id": f"{crowd.BASE} + g", "account_id": f"{crowd.BASE} + g", "number": "'9' || lpad(g::text, 15, '0')"}
    with connection.cursor() as cursor, crowd.loading(cursor):
        crowd.copy(cursor, Account, template.account_id, many, {"id": f"{crowd.BASE} + g", **person})
        crowd.copy(cursor, Application, template.pk, many, {**entry, **person})


def _morning(days: int) -> datetime:
    """Return eight o'clock so many days ahead: all the slots lie on one day, whatever the hour is now."""
    return datetime.combine(
        timezone.localdate() + timedelta(days=days), time_of_day(8), timezone.get_current_timezone()
    )


def _slots(point, day) -> list[Slot]:
    Appointment.objects.all().delete()
    Slot.objects.all().delete()
    Application.objects.filter(appointment_at__isnull=False).update(appointment_at=None)
    starts = [day + timedelta(minutes=15 * at) for at in range(PLACES // EACH)]
    return Slot.objects.bulk_create(
        Slot(
            point=point,
            day=at.date(),
            starts_at=at,
            ends_at=at + timedelta(minutes=15),
            capacity=EACH + 2,
            walk_in=2,
        )
        for at in starts
    )


def _rush(name: str, people: list[Application], point, seconds: int) -> Iterator[Row]:
    slots = _slots(point, _morning(3))
    began = time.monotonic()

    def one(first: int) -> list[tuple[float, bool, str]]:
        try:
            return [in_turn(place) for place in range(first, len(people), AT_ONCE)]
        finally:
            connections.close_all()

    def in_turn(place: int) -> tuple[float, bool, str]:
        time.sleep(max(0.0, place * seconds / len(people) - (time.monotonic() - began)))
        return _book(people[place], slots[0].day)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = [outcome for many in pool.map(one, range(AT_ONCE)) for outcome in many]
    taken = list(Slot.objects.values_list("taken", flat=True))
    rows = Appointment.objects.filter(state="booked").count()
    spent = sorted(wall * 1000 for wall, is_booked, _ in outcomes if is_booked)
    others = sum(not is_booked and why not in (bookings.FULL, "full") for _, is_booked, why in outcomes)
    p95 = spent[int(len(spent) * 0.95)]
    note = (
        f"{rows} appointments, {sum(taken)} taken, at most {max(taken)} of {EACH} in a slot, {others} other refusals; "
        f"a booking {statistics.median(spent):.0f} ms, p95 {p95:.0f} ms"
    )
    yield Row(f"{PEOPLE} people {name}: appointments", f"{PLACES} places", rows / PLACES, "≥ 1", note)
    yield Row(f"{PEOPLE} people {name}: taken", f"{PLACES} places", sum(taken) / PLACES, "≤ 1")
    if seconds:
        yield Row("a booking, p95", "300 ms", p95 / 300, "≤ 1")


def _book(case: Application, day) -> tuple[float, bool, str]:
    """Book any slot that is free; return how long the booking itself took, whether it is one, and else why not."""
    actor = Actor.of(case.account)
    while free := [slot for slot in offers.times(case, day, timezone.now()) if slot.free > 0]:
        before = time.monotonic()
        try:
            bookings.book(case.pk, slot=random.choice(free).pk, actor=actor)  # nobody's secret
        except NotAllowed as refusal:
            if str(refusal) != bookings.FULL:
                return 0, False, str(refusal)
        else:
            return time.monotonic() - before, True, ""
    return 0, False, "full"


def _list(people: list[Application], point) -> Row:
    """Compare the desk's list of 400 people with one of 4, by its statements; and say how long it takes."""
    counts, spent = [], 0.0
    for number in (4, min(LIST, PLACES)):
        slots = _slots(point, _morning(1))
        day = slots[0].day
        Appointment.objects.bulk_create(
            Appointment(point=point, day=day, slot=slots[at % len(slots)], application=one, booked_at=timezone.now())
            for at, one in enumerate(people[:number])
        )
        before = time.monotonic()
        with CaptureQueriesContext(connection) as asked:
            rows = list(desk.of_day(point, day))
            [(one.slot.starts_at, one.application.exam_category.name) for one in rows]
        spent = time.monotonic() - before
        counts.append(len(asked))
    note = f"{counts[1]} statements and {spent * 1000:.0f} ms for {min(LIST, PLACES)} people"
    return Row("statements of the day's list", "one of 4 people", counts[1] / counts[0], "≤ 1", note)
