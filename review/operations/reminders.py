"""Reminding candidates of what they have not done yet: at most once a day each, by the outbox of messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from candidates.applications.states import BEFORE_THE_POINT, REVIEW, Status
from candidates.messages.kinds import NOW
from candidates.messages.writing import message
from candidates.models import Application, ExamSession, KindRule, Message
from candidates.models.application import PAYS_UNTIL
from materials import submitting
from materials.desk import RELATED, Desk
from materials.models import MaterialImage
from review.appointments.hours import EVENING

CHUNK = 500


@dataclass(frozen=True)
class Kind:
    """Who is reminded of what: `window` must be open, or the application's own deadline ahead where it has one.

    `told` and `ready` are kinds of candidates/messages/kinds.py; `ready`: for those who have done all but submit.
    `days`: how many before the deadline they are reminded by date, where operators have set no others (KindRule).
    """

    statuses: tuple[str, ...]
    window: str
    label: str
    told: str
    days: tuple[int, ...]
    ready: str = ""


VISIT = "visit"  # stands for a window: until the on-site appointment begins; told whatever else is told that day
# windows of which an application may have its own end
OWN = {"": F("return_deadline"), "payment": PAYS_UNTIL, VISIT: F("appointment_at")}
OWED = "owed"  # stands for a window: until when what is owed may be handed in
KINDS = {
    "drafts": Kind((Status.DRAFT,), "registration", "报名表没有填完", "reminder_draft", (7, 3, 1)),
    "not_submitted": Kind(
        (Status.REGISTERED,), "upload", "材料没有提交", "reminder_upload", (7, 3, 1), "reminder_upload_ready"
    ),
    "returned": Kind((Status.RETURNED,), "", "退回后没有再提交", "reminder_return", (3, 1), "reminder_return_ready"),
    "unpaid": Kind((Status.PAYMENT_DUE,), "payment", "没有缴费", "reminder_payment", (7, 3, 1)),
    "owed": Kind((*REVIEW, Status.PAYMENT_DUE, Status.PAID), OWED, "待补材料没有补交", "reminder_owed", (30, 7, 1)),
    "visits": Kind(BEFORE_THE_POINT, VISIT, "明天有现场审核预约", "appointment_eve", (1,)),
}
TOLD = [kind for one in KINDS.values() if one.window != VISIT for kind in (one.told, one.ready) if kind]
DAY = timedelta(days=1)
SOON = timedelta(hours=48)  # before a deadline: told as what is urgent


def due(kind: Kind, session: ExamSession, now: datetime, *, by_date: bool = False) -> QuerySet[Application]:
    """Select those to be reminded now: of this state, while there is time, and not reminded of anything today.

    Of an appointment always on the evening before it. `by_date`: of them only those whose deadline is so many days
    away as the kind says.
    """
    cases = Application.objects.filter(session=session, status__in=kind.statuses, account__is_active=True)
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if kind.window == OWED:
        cases = cases.exclude(owed=[])
    if kind.window == VISIT:
        if now < today + timedelta(hours=EVENING.hour):
            return cases.none()
        by_date = True
    if kind.window in OWN:
        if kind.window == "payment" and now < getattr(session, f"{kind.window}_opens"):
            return cases.none()
        cases = cases.alias(until=OWN[kind.window]).filter(until__gt=now)
        if by_date:
            cases = cases.filter(reduce(or_, (_ends_on(day) for day in _days(kind, today))))
    elif not _is_open(kind, session, now) or (by_date and not _closes_on_a_day(kind, session, today)):
        return cases.none()
    told = Message.objects.filter(
        account=OuterRef("account"), application=OuterRef("pk"), record=None, kind__in=_told(kind), at__gte=today
    )
    return cases.filter(~Exists(told))


def _told(kind: Kind) -> list[str]:
    """Return the kinds of message of which one a day is enough."""
    return [kind.told] if kind.window == VISIT else TOLD


def _days(kind: Kind, today: datetime) -> list[datetime]:
    """Return the beginnings of the days on which a deadline has to end."""
    return [today + number * DAY for number in days_of(kind)]


def days_of(kind: Kind) -> tuple[int, ...]:
    """Return how many days before the deadline they are reminded: as operators have set it, else the kind's own."""
    rule = KindRule.objects.filter(kind=kind.told).exclude(days="").first()
    return tuple(int(one) for one in rule.days.split(",")) if rule else kind.days


def _closes_on_a_day(kind: Kind, session: ExamSession, today: datetime) -> bool:
    return any(day < _closes(kind, session) <= day + DAY for day in _days(kind, today))


def _ends_on(day: datetime) -> Q:
    return Q(until__gt=day, until__lte=day + DAY)  # 24:00 ends it


def _closes(kind: Kind, session: ExamSession) -> datetime:
    closes: datetime = session.owed_until if kind.window == OWED else getattr(session, f"{kind.window}_closes")
    return closes


def _is_open(kind: Kind, session: ExamSession, now: datetime) -> bool:
    return now < session.owed_until if kind.window == OWED else bool(session.is_open(kind.window, now))


def remind(kind: Kind, session: ExamSession, now: datetime, *, by_date: bool = False) -> Iterator[int]:
    """Write the messages, to be sent at once, a chunk in a transaction. Yield how many each chunk had."""
    keys = list(due(kind, session, now, by_date=by_date).order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(keys), CHUNK):
        ready = _ready(kind, keys[at : at + CHUNK], now)
        with transaction.atomic():
            held = Application.objects.select_for_update().filter(pk__in=keys[at : at + CHUNK]).order_by("pk")
            list(held.values_list("pk"))
            # asked anew once the rows are held: somebody may have submitted, or reminded, in the meantime
            still = due(kind, session, now).filter(pk__in=keys[at : at + CHUNK]).order_by("pk")
            yield len(
                Message.objects.bulk_create([_message(kind, one, session, now, one.pk in ready) for one in still])
            )


def _ready(kind: Kind, keys: list[int], now: datetime) -> set[int]:
    """Return those that lack nothing but the submission. Asked before the rows are held: it takes its time."""
    if not kind.ready:
        return set()
    with_pictures = MaterialImage.objects.filter(application=OuterRef("pk"), removed_at=None)
    cases = Application.objects.filter(Exists(with_pictures), pk__in=keys).select_related(*RELATED)
    return {one.pk for one in cases if submitting.is_ready(Desk.of(one, now))}


def _message(kind: Kind, application: Application, session: ExamSession, now: datetime, is_ready: bool) -> Message:
    application.session = session
    ends = {"": application.return_deadline, "payment": application.pays_until, VISIT: application.appointment_at}
    deadline = ends[kind.window] if kind.window in ends else _closes(kind, session)
    if deadline is None:
        raise ValueError(f"application {application.pk} has no deadline")
    urgency = NOW if deadline - now <= SOON else None
    told = kind.ready if is_ready else kind.told
    return message(told, application, now, {"deadline": deadline.isoformat()}, urgency=urgency)
