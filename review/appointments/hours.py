"""When a point sees people: the slots that its weekly hours and closed days make. Pure, but for the setting's rows."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from candidates.models import Unit
from candidates.models.session import SHANGHAI
from candidates.prepared import Prepared
from review.models import AppointmentSetting, OpeningHours

EVENING = time(18)  # of the day before: until then an appointment is changed, and places go to who waits
Span = tuple[datetime, datetime]


def setting_of(point: Unit | int | None) -> AppointmentSetting | None:
    """Return the point's setting where it offers appointments; None where it does not."""
    return _ON.one(point.pk if isinstance(point, Unit) else point) if point else None


# asked by 我的报名 and every page of appointments; a point has one
_ON = Prepared(lambda: AppointmentSetting.objects.filter(point=0, is_on=True).select_related("point").order_by())


def evening_before(day: date) -> datetime:
    return datetime.combine(day - timedelta(days=1), EVENING, SHANGHAI)


def spans(day: date, hours: Iterable[tuple[time, time]], minutes: int) -> Iterator[Span]:
    """Cut a day's hours into slots of so many minutes; what is left at the end is too short for one."""
    for opens, closes in sorted(hours):
        at, end = (datetime.combine(day, one, SHANGHAI) for one in (opens, closes))
        while at + timedelta(minutes=minutes) <= end:
            yield at, at + timedelta(minutes=minutes)
            at += timedelta(minutes=minutes)


def days_between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=at) for at in range((last - first).days + 1))


def hours_by_weekday(setting: AppointmentSetting) -> dict[int, list[tuple[time, time]]]:
    """Return the hours of each weekday, 1 is Monday."""
    found: dict[int, list[tuple[time, time]]] = {}
    for one in OpeningHours.objects.filter(setting=setting):
        found.setdefault(one.weekday, []).append((one.opens, one.closes))
    return found


def overlaps(opens: time, closes: time, others: Iterable[tuple[time, time]]) -> bool:
    """Say whether these hours meet others of the same day; ends may touch."""
    return any(opens < end and begin < closes for begin, end in others)
