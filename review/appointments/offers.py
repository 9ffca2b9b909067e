"""What a candidate is offered: days with free places, then times; what the overview says of the appointment."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from candidates.applications.states import BEFORE_THE_POINT
from candidates.models import Application
from candidates.models.session import SHANGHAI
from candidates.rules.moments import whole_day
from review.appointments import bookings, hours, waiting
from review.models import WEEKDAYS, Appointment, Slot, Waiting


@dataclass(frozen=True)
class Day:
    """One day of the point: how many places are free, and how many people wait for one."""

    day: date
    free: int
    waiting: int
    can_wait: bool

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.isoweekday()]

    @property
    def is_full(self) -> bool:
        """Full, or what gets free is for those who wait."""
        return self.free <= 0 or (self.waiting > 0 and self.can_wait)


def days(application: Application, now: datetime) -> list[Day]:
    """List the days of the application's point on which anything is, full ones too: two statements."""
    ahead = Slot.objects.filter(point=application.point_id, is_closed=False, starts_at__gt=now)
    free = F("capacity") - F("walk_in") - F("taken")
    found = ahead.values("day").annotate(left=Sum(free), slots=Count("pk")).order_by("day")
    rows = Waiting.objects.filter(point=application.point_id, state="waiting").values("day")
    waits = dict(rows.annotate(number=Count("pk")).values_list("day", "number"))
    return [
        Day(one["day"], one["left"], waits.get(one["day"], 0), can_wait=now < hours.evening_before(one["day"]))
        for one in found
    ]


def times(application: Application, day: date, now: datetime) -> list[Slot]:
    """List the slots of a day that have not begun, full ones too."""
    rows = Slot.objects.filter(point=application.point_id, day=day, is_closed=False, starts_at__gt=now)
    return list(rows.order_by("starts_at"))


@dataclass(frozen=True)
class Card:
    """What the overview says: the appointment or the waiting there is, or that one can be booked."""

    words: str
    label: str
    until: datetime | None = None
    appointment: Appointment | None = None


def card(application: Application, now: datetime) -> Card | None:
    """Return what the overview shows of appointments; None where the point offers none, or they mean nothing now."""
    if application.status not in BEFORE_THE_POINT or not application.point_id:
        return None
    if bookings.refusal(application, hours.setting_of(application.point_id)):
        return None
    entry = waiting.listed(application)
    if entry and entry.state == "offered" and entry.slot and entry.until:
        words = f"您候补的日子有了名额：{span(entry.slot)}。请在期限前确认，逾期转给下一位。"
        return Card(words, "去确认", entry.until)
    mine = bookings.standing(application)
    if mine and mine.slot:
        return Card(f"已预约 {span(mine.slot)}，请按时到报名点。", "查看或改期", appointment=mine)
    if mine:
        return Card(f"您今天的号码是 {mine.called_as}，请在报名点等候叫号。", "查看", appointment=mine)
    if entry:
        return Card(f"您在 {whole_day(entry.day)}的候补名单上，有名额时会通知您。", "查看")
    return Card("报名点的现场审核可以预约时间，到时不用久等。", "预约时间")


def span(slot: Slot) -> str:
    """Say when a slot is: 2027 年 3 月 8 日（星期一）9:00–9:30."""
    at, end = (timezone.localtime(one, SHANGHAI) for one in (slot.starts_at, slot.ends_at))
    return f"{at.year} 年 {at.month} 月 {at.day} 日（{WEEKDAYS[at.isoweekday()]}）{at:%H:%M}–{end:%H:%M}"


def has_history(application: Application) -> bool:
    """Say whether there is anything to show to who can book nothing now."""
    return Appointment.objects.filter(Q(application=application) & ~Q(state="ended")).exists()
