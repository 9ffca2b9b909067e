"""The demo's registration point with appointments: today's slots with people of every state, and two weeks to book."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from candidates.applications.workflow import Actor
from candidates.models import Account, Application, ExamSession, Unit
from candidates.models.session import SHANGHAI
from review.appointments import board, bookings, desk, lines, slots
from review.demo import load
from review.models import WEEKDAYS, Appointment, AppointmentSetting, OpeningHours, Slot

HOURS = ((time(9), time(11, 30)), (time(13, 30), time(17)))
MINUTES, CAPACITY, WALK_IN, DAYS = 30, 6, 1, 14
STEP = timedelta(minutes=MINUTES)


def tell(people: Mapping[int, Application], reviewers: Mapping[int, Account], now: datetime) -> None:
    """`people` by their serial, `reviewers` by the key of their unit."""
    point = people[load.NOTED].point
    if point is None:
        raise ValueError("the demo's people have a registration point")
    setting = AppointmentSetting.objects.create(
        point=point, is_on=True, from_registered=True, minutes=MINUTES, capacity=CAPACITY, walk_in=WALK_IN
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(setting=setting, weekday=weekday, opens=opens, closes=closes)
        for weekday in WEEKDAYS
        for opens, closes in HOURS
    )
    board.renew(point, by=Account.objects.get(unit=point, is_head=True), now=now)

    today = _today(point, now)
    tomorrow = desk.today(now) + timedelta(days=1)
    last = min(tomorrow + timedelta(days=DAYS), (slots.bounds(ExamSession.current(now), now) or (tomorrow,) * 2)[1])
    slots.make(point, tomorrow, last, now=now)
    _day(today, {serial: people[serial] for serial in load.TODAY}, Actor.of(reviewers[point.pk]))


def _today(point: Unit, now: datetime) -> list[Slot]:
    """Make today's slots: from nine, or from an hour ago where that is earlier, so that some of the day is over."""
    local = now.astimezone(SHANGHAI)
    midnight = datetime(local.year, local.month, local.day, tzinfo=SHANGHAI)
    ago = local.replace(minute=local.minute // MINUTES * MINUTES, second=0, microsecond=0) - 2 * STEP
    begins = max(midnight, min(midnight + timedelta(hours=9), ago))
    spans = [(begins + at * STEP, begins + (at + 1) * STEP) for at in range(8)]
    return Slot.objects.bulk_create(
        Slot(point=point, day=local.date(), starts_at=at, ends_at=end, capacity=CAPACITY, walk_in=WALK_IN)
        for at, end in spans
        if end <= midnight + timedelta(days=1)
    )


def _day(today: list[Slot], people: Mapping[int, Application], clerk: Actor) -> None:
    """Let them book yesterday, and let the first half hour of the desk go by."""
    first, second = today[0], today[1]
    before = first.starts_at - timedelta(days=1)
    coming, called, absent, arrived = (people[serial] for serial in load.TODAY)
    for case, slot in ((called, first), (absent, first), (arrived, second), (coming, today[-1])):
        bookings.book(case.pk, slot=slot.pk, actor=Actor.of(case.account), now=before)

    at = first.starts_at + timedelta(minutes=5)
    _do(called, "arrive", clerk, at)
    done, _ = (desk.walk_in(first.point, actor=clerk, now=at) for _ in range(2))
    desk.do(done.pk, "call", actor=clerk, now=at)
    desk.do(done.pk, "done", actor=clerk, now=at)
    _do(arrived, "arrive", clerk, at)
    _do(called, "call", clerk, at)
    papers = [one.line.document for one in lines.of_case(called)]
    marks = {papers[0]: ("seen", ""), papers[1]: ("seen", ""), papers[2]: ("later", "")}
    lines.mark(called.pk, marks, actor=clerk, now=at)
    _do(absent, "absent", clerk, first.ends_at)


def _do(case: Application, deed: str, clerk: Actor, at: datetime) -> None:
    row = Appointment.objects.filter(application=case).latest("pk")
    desk.do(row.pk, deed, actor=clerk, now=at)
