"""受理窗口: a point's day. Who has come gets a number; the next is called to one clerk and to no other.

Whoever changes an application's appointment holds its row first. A deed says which state it was meant for: where
somebody else was faster, nothing changes and the sentence says what is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from candidates.applications.states import BEFORE_THE_POINT
from candidates.applications.workflow import Actor, lock
from candidates.models import Account, Application, NoticeVersion, Unit
from candidates.models.session import SHANGHAI
from candidates.rules.levels import FIRST
from candidates.rules.refusals import NotAllowed
from review.appointments import bookings
from review.cases import search
from review.models import HERE, STANDING, STATES, Appointment, ParkedLine

AFTERNOON = 12  # o'clock: from then on parked lines are on the list again
NOT_HERE = "没有找到。请核对后再试：可以扫描通知单上的码，或输入报名编号、证件号码、姓名。"
DEEDS: dict[str, tuple[tuple[str, ...], str, str]] = {  # deed -> from which states, to which, its name
    "arrive": (("booked",), "arrived", "到场"),
    "unarrive": (("arrived",), "booked", "撤回到场"),
    "call": (("arrived", "called"), "called", "叫号"),
    "later": (("called",), "arrived", "过号"),
    "done": (("called",), "done", "办结"),
    "absent": (("booked",), "absent", "没有到场"),
}


def today(now: datetime) -> date:
    return timezone.localdate(now, SHANGHAI)


def of_day(point: Unit, day: date) -> QuerySet[Appointment]:
    """Select who is expected on this day or has come, in the order of the times."""
    found = Appointment.objects.filter(point=point, day=day).exclude(state="ended")
    return found.select_related("slot", "application__exam_category", "called_by").order_by(
        "slot__starts_at", "arrived_at", "pk"
    )


def parked_of(applications: Sequence[int]) -> dict[int, list[str]]:
    """Return what is still to be seen later, by the application's key."""
    found: dict[int, list[str]] = {}
    for one in ParkedLine.objects.filter(application__in=list(applications), settled_at=None):
        found.setdefault(one.application_id, []).append(one.document)
    return found


def parked_at(point: Unit) -> QuerySet[Application]:
    """Select the cases of the point of which something is still to be seen: they are on the afternoon's list."""
    parked = ParkedLine.objects.filter(settled_at=None).values("application")
    cases = Application.objects.filter(point=point, pk__in=parked, status__in=BEFORE_THE_POINT)
    return cases.select_related("exam_category").order_by("number")


def may_use(account: Account) -> bool:
    """Say whether this account works at a registration point's desk."""
    return bool(account.is_reviewer and account.unit and account.unit.level == FIRST and account.unit.is_active)


# --- who comes --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Came:
    """What a scan or a name has led to: somebody marked (`appointment`), several to choose from, or a sentence why not.

    `without`: who has no appointment today, and can get a number. `old`: the notice is void, a new one was issued.
    """

    appointment: Appointment | None = None
    without: Application | None = None
    several: tuple[Application, ...] = ()
    sentence: str = ""
    old: bool = False


def came(account: Account, text: str, *, now: datetime | None = None) -> Came:
    """Find who was scanned or typed, and mark an appointment of today as arrived."""
    now = now or timezone.now()
    found = search.find(account, text)
    if found.number:
        return _arrived(account, _by_number(found.number), now, old=_is_void(text))
    if len(found.cases) == 1 and not found.more:
        return _arrived(account, found.cases[0], now)
    if found.cases:
        return Came(several=found.cases)
    found_elsewhere = search.anywhere(text)
    if found_elsewhere and found_elsewhere.point_id == account.unit_id:  # registered here, and nothing submitted yet
        return _arrived(account, found_elsewhere, now)
    return Came(sentence=_where_to(found_elsewhere) or NOT_HERE)


def _by_number(number: str) -> Application:
    return Application.objects.select_related("exam_category", "point").get(number=number)


def _is_void(text: str) -> bool:
    """Say whether this is the code of a notice that a newer one has replaced."""
    scanned = search.NOTICE.search(text.strip().replace("、", "/"))
    if scanned is None:
        return False
    return NoticeVersion.objects.filter(code=scanned[1].upper(), replaced_at__isnull=False).exists()


def _where_to(found: Application | None) -> str:
    """Say where somebody of another point has to go; asked for by the whole number of a paper, and naming nobody."""
    if found is None or found.point is None:
        return ""
    point = found.point
    where = "，".join(filter(None, (point.address, point.telephone)))
    return f"这位考生的报名点不在这里，请到{point.name}{f'（{where}）' if where else ''}。"


def _arrived(account: Account, application: Application, now: datetime, *, old: bool = False) -> Came:
    there = Appointment.objects.filter(application=application, day=today(now), state__in=(*STANDING, "done", "absent"))
    mine = there.order_by("-pk").first()
    if mine is None or mine.state == "absent":
        return Came(without=application, old=old, sentence=_why_not_today(application))
    if mine.state == "booked":
        mine = do(mine.pk, "arrive", actor=Actor.of(account), now=now)
    return Came(appointment=mine, old=old)


def _why_not_today(application: Application) -> str:
    """Say what the candidate has instead of an appointment today."""
    other = bookings.standing(application)
    if other and other.slot:
        return f"预约的是 {other.day:%Y-%m-%d} {timezone.localtime(other.slot.starts_at, SHANGHAI):%H:%M}，不是今天。"
    return "今天没有预约。"


@transaction.atomic
def walk_in(point: Unit, *, actor: Actor, application: int | None = None, now: datetime | None = None) -> Appointment:
    """Give a number of today to somebody without an appointment today; one on a later day is given back for it.

    Raise NotAllowed for somebody of another point, or who has a number already.
    """
    now = now or timezone.now()
    case = lock(application) if application else None
    if case and not actor.belongs_to(case):
        raise NotAllowed("这位考生的报名点不在这里。")
    if case and (other := bookings.standing(case)):
        if other.day == today(now):
            raise NotAllowed(f"这位考生今天已有预约或号码（{other.called_as or '未到'}），请在名单中找到他。")
        if other.state == "booked":
            bookings.end(case, other, "desk", now)
        else:  # left over from an earlier day
            finish(other, now)
    number = _next_number(point, today(now))
    return Appointment.objects.create(
        point=point,
        day=today(now),
        application=case,
        state="arrived",
        booked_at=now,
        number=number,
        arrived_at=now,
        due_at=now,
    )


@transaction.atomic
def identify(pk: int, account: Account, text: str, *, now: datetime | None = None) -> Appointment:
    """Say whose a number without an appointment is, by what is scanned or typed. Raise NotAllowed with why not."""
    now = now or timezone.now()
    found = search.find(account, text)
    key = _by_number(found.number).pk if found.number else found.cases[0].pk if len(found.cases) == 1 else None
    if key is None:
        several = "这样的考生不止一位，请扫描通知单或输入报名编号。"
        raise NotAllowed(several if found.cases else _where_to(search.anywhere(text)) or NOT_HERE)

    application = lock(key)
    row = Appointment.objects.select_for_update(of=("self",)).select_related("point").get(pk=pk)
    if row.point_id != account.unit_id or application.point_id != row.point_id:
        raise NotAllowed(_where_to(application) or NOT_HERE)
    if row.application_id:
        raise NotAllowed(f"{row.called_as}已经记在另一位考生名下。")
    if other := bookings.standing(application):
        when = f"号码 {other.called_as}" if other.called_as else f"{other.day:%Y-%m-%d} 的预约"
        raise NotAllowed(f"这位考生已有{when}：请在名单中找到他，这个号码记为办结。")
    row.application = application
    row.save(update_fields=["application"])
    return row


def _next_number(point: Unit, day: date) -> int:
    """Return the day's next number: its row is held until the commit, so that none is given twice or left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO review_daynumbers (point_id, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (point_id, day) DO UPDATE SET last = review_daynumbers.last + 1 RETURNING last",
            [point.pk, day],
        )
        number: int = cursor.fetchone()[0]
        return number


# --- the deeds --------------------------------------------------------------------------------------------------------


@transaction.atomic
def do(pk: int, deed: str, *, actor: Actor, now: datetime | None = None) -> Appointment:
    """Do one of DEEDS with an appointment of the actor's point. Raise NotAllowed where its state is another by now."""
    now = now or timezone.now()
    before, to, name = DEEDS[deed]
    application = _held(pk)
    row = Appointment.objects.select_for_update(of=("self",)).select_related("slot", "point").get(pk=pk)
    if actor.unit is None or row.point_id != actor.unit.pk:
        raise NotAllowed("这不是本报名点的预约。")
    if row.state not in before:
        raise NotAllowed(f"{row.called_as or '这位考生'}现在是“{STATES[row.state]}”，没有再记为“{name}”。")
    if row.day != today(now) and deed not in ("done", "absent"):
        raise NotAllowed(f"这是 {row.day:%Y-%m-%d} 的预约，不是今天的。")

    changed = _follow(row, deed, actor, now)
    row.state = to
    row.save(update_fields=["state", *changed])
    if to in ("done", "absent") and application and application.appointment_at:
        application.appointment_at = None
        application.save(update_fields=["appointment_at"])
    return row


def _held(pk: int) -> Application | None:
    key = Appointment.objects.filter(pk=pk).values_list("application", flat=True).first()
    return lock(key) if key else None


def _follow(row: Appointment, deed: str, actor: Actor, now: datetime) -> list[str]:
    """Write what belongs to a deed beside the state; return the columns."""
    if deed == "arrive":
        row.number = row.number or _next_number(row.point, row.day)
        row.arrived_at, row.due_at = now, row.slot.starts_at if row.slot else now
        return ["number", "arrived_at", "due_at"]
    if deed == "unarrive":
        if row.slot_id is None:
            raise NotAllowed("没有预约的号码不能撤回到场：没有人来的，请叫号后记为办结。")
        row.arrived_at = row.due_at = None
        return ["arrived_at", "due_at"]
    if deed == "call":
        row.called_at, row.called_by, row.times_called = now, actor.account, row.times_called + 1
        return ["called_at", "called_by", "times_called"]
    if deed == "later":
        row.due_at = now  # behind those who are here already
        return ["due_at"]
    if deed == "absent" and row.slot and now < row.slot.ends_at:
        raise NotAllowed("这个时段还没有结束，不能记为没有到场。")
    row.ended_at = now
    return ["ended_at"]


@transaction.atomic
def call_next(point: Unit, *, actor: Actor, now: datetime | None = None) -> Appointment | None:
    """Call who is next, to this clerk alone; None where nobody waits.

    Rows that another clerk is just calling are passed over: two never get the same, and none waits for the other.
    """
    now = now or timezone.now()
    if actor.account is None or actor.unit is None or actor.unit.pk != point.pk:
        raise NotAllowed("只有本报名点的审核员可以叫号。")
    here = Appointment.objects.filter(point=point, day=today(now), state="arrived").order_by("due_at", "pk")
    row = here.select_for_update(skip_locked=True).first()
    if row is None:
        return None
    row.state, row.called_at, row.called_by, row.times_called = "called", now, actor.account, row.times_called + 1
    row.save(update_fields=["state", "called_at", "called_by", "times_called"])
    return row


# --- the end of a day -------------------------------------------------------------------------------------------------


def finish(row: Appointment, now: datetime) -> None:
    """End what an earlier day has left open: who was called is done, who never came was absent. The case is held."""
    ends = {"booked": ("absent", ""), "called": ("done", ""), "arrived": ("ended", "desk")}
    row.state, row.ending = ends[row.state]
    row.ended_at = now
    row.save(update_fields=["state", "ending", "ended_at"])


def settle(now: datetime | None = None) -> int:
    """Record who did not come on the days before today, and end what was left open; return how many were absent."""
    now, absent = now or timezone.now(), 0
    for pk in Appointment.objects.filter(day__lt=today(now), state__in=STANDING).values_list("pk", flat=True):
        with transaction.atomic():
            application = _held(pk)
            row = Appointment.objects.select_for_update().get(pk=pk)
            if row.state not in STANDING:
                continue
            absent += row.state == "booked"
            finish(row, now)
            if application and application.appointment_at:
                application.appointment_at = None
                application.save(update_fields=["appointment_at"])
    return absent


def numbers_here(point: Unit, day: date) -> list[Appointment]:
    """Return who has come on this day, in the order of the numbers."""
    found = Appointment.objects.filter(point=point, day=day, state__in=HERE)
    return list(found.select_related("application__exam_category", "slot").order_by("number"))
