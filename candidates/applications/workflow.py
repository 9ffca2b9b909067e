"""THE state machine. Nothing else assigns `Application.status`.

TRANSITIONS says what may happen and at whose level; the action that calls `move` checks what it needs
(a submission its pictures, a pass its verdicts).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.utils import timezone

from candidates.applications import people
from candidates.applications.acts import ACTS, JUDGING, act_of
from candidates.applications.states import (
    BEFORE_THE_POINT,
    ENDED,
    KEEPS_ITS_RETURN,
    OPEN_FOR_THE_FORM,
    REVIEW,
    STATUSES,
    WAITING_AT,
    Status,
)
from candidates.messages.kinds import MESSAGES
from candidates.messages.writing import tell
from candidates.models import Account, Application, ExamSession, FormDraft, Record, RecordNote, Unit
from candidates.models.session import FOR_APPLYING, WINDOWS, SessionState
from candidates.prepared import Prepared
from candidates.rules.levels import FIRST, LEVELS, ROLES, TOP, above, below
from candidates.rules.moments import beginning, moment
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from candidates.rules.text import clean

SAME = ""  # the status does not change
BACK = "back"  # the status before the last record
BEFORE_SUBMITTING = "before_submitting"  # the status that it was last submitted from
RETURNER = "returner"  # the level that returned the application
REJECTER = "rejecter"  # the level that rejected it
DECIDER = "decider"  # the very account whose pass or return is the last record

Who = tuple[str, ...]


def _after(level: str) -> str:
    """Return the status that a pass of this level leads to."""
    return WAITING_AT[above(level)] if above(level) else Status.PAYMENT_DUE


SAMPLED = {level: status for level, status in WAITING_AT.items() if level != FIRST}  # where a second look may be drawn

TRANSITIONS: dict[tuple[str, str], tuple[str, Who]] = {
    ("complete", Status.DRAFT): (Status.REGISTERED, ("candidate",)),
    ("submit", Status.REGISTERED): (WAITING_AT[FIRST], ("candidate",)),
    ("submit", Status.RETURNED): (WAITING_AT[FIRST], ("candidate",)),
    **{("pass", status): (_after(level), (level,)) for level, status in WAITING_AT.items()},
    **{("first_pass", status): (SAME, (level,)) for level, status in SAMPLED.items()},
    **{("second_pass", status): (_after(level), (level,)) for level, status in SAMPLED.items()},
    **{("second_differs", status): (SAME, (level,)) for level, status in SAMPLED.items()},
    **{
        ("second_up", status): (_after(level), (level, "operator")) for level, status in SAMPLED.items() if above(level)
    },
    **{("second_missed", status): (_after(level), ("operator",)) for level, status in SAMPLED.items()},
    **{("return", status): (Status.RETURNED, (level,)) for level, status in WAITING_AT.items()},
    ("extend", Status.RETURNED): (SAME, (RETURNER, "operator")),
    **{
        ("send_back", status): (WAITING_AT[below(level)], (level,))
        for level, status in WAITING_AT.items()
        if below(level)
    },
    **{("reject", status): (Status.REJECTED, (level,)) for level, status in WAITING_AT.items()},
    ("reject", Status.RETURNED): (Status.REJECTED, (RETURNER,)),
    ("reopen", Status.REJECTED): (BACK, (REJECTER, "operator")),
    **{("undo", status): (BACK, (DECIDER,)) for status in (*map(_after, LEVELS), Status.RETURNED)},
    ("retract", Status.PAYMENT_DUE): (WAITING_AT[TOP], (TOP, "operator")),
    ("cancel", Status.PAYMENT_DUE): (Status.CANCELLED, ("site", "region", "operator")),
    ("cancel", Status.PAID): (Status.CANCELLED, ("site", "region", "operator")),
    ("reinstate", Status.CANCELLED): (BACK, ("region", "operator")),
    ("withdraw", Status.DRAFT): (Status.WITHDRAWN, ("candidate",)),
    ("withdraw", Status.REGISTERED): (Status.WITHDRAWN, ("candidate",)),
    ("withdraw", Status.RETURNED): (Status.WITHDRAWN, ("candidate",)),
    ("recall", WAITING_AT[FIRST]): (BEFORE_SUBMITTING, ("candidate",)),
    ("pay", Status.PAYMENT_DUE): (Status.PAID, ("provider",)),
    **{("unlock", status): (Status.RETURNED, ("operator",)) for status in REVIEW},
    ("received", Status.PAYMENT_DUE): (SAME, ("site",)),
    ("received", Status.PAID): (SAME, ("site",)),
    # a question to the candidate and its answer; the status stays, nothing is unlocked
    **{("ask", status): (SAME, (level,)) for level, status in WAITING_AT.items()},
    **{("answer", status): (SAME, ("candidate",)) for status in REVIEW},
    # a picture of an original, taken at the registration point's desk: beside every round's set
    ("capture", WAITING_AT[FIRST]): (SAME, (FIRST,)),
    # the candidate's own changes to the form, recorded; the status stays
    ("amend", Status.REGISTERED): (SAME, ("candidate",)),
    ("amend", Status.RETURNED): (SAME, ("candidate",)),
    **{("move", status): (SAME, ("operator",)) for status in STATUSES if status not in ENDED},
}

RELATED = ("session", "exam_category", "point", "site", "region", "last_record")  # what the acts read of a case
ACTS_NOW: dict[str, str] = {
    **dict.fromkeys((Status.DRAFT, Status.REGISTERED, Status.RETURNED, Status.PAYMENT_DUE), ROLES["candidate"]),
    **{status: ROLES[level] for level, status in WAITING_AT.items()},
}


HELD = Prepared(lambda: Application.objects.filter(pk=0).only("pk").select_for_update())


@cache
def _with(related: tuple[str, ...], only: tuple[str, ...]) -> Prepared[Application]:
    return Prepared(lambda: Application.objects.filter(pk=0).select_related(*related).only(*only))


@dataclass(frozen=True)
class Actor:
    """Who acts: a person at a level, an operator at a terminal (no account), or a payment provider."""

    level: str  # candidate, point, site, region, operator, provider
    account: Account | None = None
    unit: Unit | None = None
    name: str = ""  # where there is no account: the operating system's user, the provider
    address: str | None = None  # the request's address
    lent_from: Unit | None = None  # whose reviewer it is who acts for `unit` as a deputy

    @classmethod
    def of(cls, account: Account, address: str | None = None) -> "Actor":
        level = account.unit.level if account.is_reviewer and account.unit else account.kind
        lent_from = account.lent_from
        name = f"{account}（{lent_from.name}派来代理）" if lent_from else str(account)
        return cls(level, account, account.unit, name, address, lent_from)

    def belongs_to(self, application: Application) -> bool:
        """Say whether it is the candidate's own, or lies in the unit (operators and providers: always)."""
        if self.level == "candidate":
            return self.account is not None and application.account_id == self.account.pk
        if self.level in LEVELS:
            return self.unit is not None and getattr(application, f"{self.level}_id") == self.unit.pk
        return True


def lock(
    pk: int, *, seen: int | None = None, related: tuple[str, ...] = RELATED, only: tuple[str, ...] = ()
) -> Application:
    """Return the application with its row held until the transaction ends, and with it what the act reads.

    `related` is what lies beside it; `only` names its fields where all would take longer than what is done with them.
    `seen` is the id of the last record that the page was drawn with, 0 where there was none yet.
    Raises AlreadyMoved where another record has been written since.
    """
    # two statements: after waiting for the row, one that joins would still join what it saw before it waited
    HELD.one(pk)
    application = _with(related, only).one(pk)
    if application is None:
        raise Application.DoesNotExist(pk)
    if seen is not None and (application.last_record_id or 0) != seen:
        raise AlreadyMoved(application.last_record)
    return application


def levels_for(action: str, application: Application) -> frozenset[str]:
    """Return the levels whose act this is now; none where the state does not know the action."""
    _, who = TRANSITIONS.get((action, application.status), ("", ()))
    return frozenset(filter(None, (_level(one, application) for one in who)))


def _level(who: str, application: Application) -> str:
    if who == RETURNER:
        return application.returned_level
    if who == REJECTER:
        return application.last_record.level if application.last_record else ""
    if who == DECIDER:
        last = application.last_record
        return last.level if last and act_of(last.action).may_be_undone else ""
    return who


def _may(action: str, application: Application, actor: Actor) -> bool:
    if actor.level not in levels_for(action, application) or not actor.belongs_to(application):
        return False
    _, who = TRANSITIONS[action, application.status]
    last = application.last_record
    return DECIDER not in who or (
        last is not None and actor.account is not None and last.account_id == actor.account.pk
    )


def actions_for(application: Application, account: Account) -> tuple[str, ...]:
    """Return what this account may do with this application now, by the same table."""
    actor = Actor.of(account)
    found = [one for one, status in TRANSITIONS if status == application.status and _may(one, application, actor)]
    barred = JUDGING if JUDGING & set(found) and judged_elsewhere(application, actor) else ()
    return tuple(one for one in found if one not in barred)


def judged_elsewhere(application: Application, actor: Actor) -> str:
    """Say that this person has decided on the case at another level; empty where that is not so."""
    level = people.level_elsewhere(application, actor.account, actor.level)
    if not level:
        return ""
    return (
        f"您在{ROLES[level]}一级对这份申请作出过决定，不能再在{ROLES[actor.level]}一级作决定。"
        "请由本单位的其他审核员办理；没有其他人的，请上一级单位派人代理。"
    )


def require(action: str, application: Application, actor: Actor) -> None:
    """Raise NotAllowed, with who acts now, where the table does not allow it."""
    if _may(action, application, actor):
        if action in JUDGING and (why := judged_elsewhere(application, actor)):
            raise NotAllowed(why)
        return
    acts = ACTS_NOW.get(application.status)
    if acts == ROLES[actor.level] == ROLES["candidate"]:
        raise NotAllowed(
            f"您的报名现在是“{STATUSES[application.status]}”，不能进行“{ACTS[action].name}”。"
            "请打开“我的报名”，查看现在可以做什么。"
        )
    raise NotAllowed(
        f"该申请的状态是“{STATUSES[application.status]}”，"
        + (f"现在由{acts}处理，" if acts else "")
        + f"不能由您进行“{ACTS[action].name}”。"
    )


def begin(pk: int, action: str, actor: Actor, *, seen: int | None, related: tuple[str, ...] = RELATED) -> Application:
    """Lock the application for an act that the table allows this actor now. Raise AlreadyMoved, NotAllowed."""
    application = lock(pk, seen=seen, related=related)
    require(action, application, actor)
    return application


def move(
    application: Application,
    action: str,
    actor: Actor,
    *,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    note: Mapping[str, Any] | None = None,
    since: datetime | None = None,
    now: datetime | None = None,
    unpaid: bool = False,
) -> Record:
    """Move a locked application by the table, append the record, write the candidate's message, save.

    `data` holds ids and hashes only; `note` words and values that retention may empty; `since` is when the new status
    began, where that was before now; `unpaid`: its money has gone back, so that a way back ends before the payment.
    Raise NotAllowed; Refused under the key "reason" where one is needed and missing.
    """
    require(action, application, actor)
    reason = reason_for(action, reason)
    before, now = application.status, now or timezone.now()
    target = _target(action, application)
    _change_status(application, Status.PAYMENT_DUE if unpaid and target == Status.PAID else target, since or now)

    record = _append(application, action, actor, before, data or {}, now)
    words = dict(note or {})
    RecordNote.objects.create(record=record, actor_name=actor.name, address=actor.address, reason=reason, data=words)
    application.last_record = record
    people.remember(application, action, actor.level, actor.account)
    application.save()
    if before in OPEN_FOR_THE_FORM and application.status not in OPEN_FOR_THE_FORM:
        FormDraft.objects.filter(application=application).delete()

    _tell(application, record, reason)
    return record


def reason_for(action: str, reason: str) -> str:
    """Return the reason as it is kept. Raise Refused under the key "reason" where the act needs one."""
    reason = clean(reason, "lines")
    if ACTS[action].reason and not reason:
        raise Refused({"reason": f"请填写“{ACTS[action].name}”的原因。"})
    return reason


def _change_status(application: Application, status: str, since: datetime) -> None:
    if status != application.status:
        application.status_since, application.assigned_to = since, None
        # a question belongs to the state in which it was asked
        application.question, application.question_until, application.question_answered = None, None, False
    application.status = status
    if status not in BEFORE_THE_POINT:
        application.appointment_at = None  # the place in its slot follows (review.0031)
    if status not in KEEPS_ITS_RETURN:  # a rejected one may be reopened to what it was
        application.unlocked, application.passed_images = {}, []
        application.return_deadline, application.returned_level = None, ""


def _target(action: str, application: Application) -> str:
    to, _ = TRANSITIONS[action, application.status]
    if to == BACK and application.last_record:
        return application.last_record.from_status
    if to == BEFORE_SUBMITTING:
        return Record.objects.filter(application=application, action="submit").latest("id").from_status
    return to or application.status


def _append(
    application: Application, action: str, actor: Actor, before: str, data: Mapping[str, Any], now: datetime
) -> Record:
    last = application.last_record
    record = Record(
        application=application,
        at=now,
        action=action,
        from_status=before,
        to_status=application.status,
        level=actor.level,
        account=actor.account,
        unit=actor.unit,
        round=application.round,
        data={**data, "lent_from": actor.lent_from.pk} if actor.lent_from else dict(data),
        previous_hash=last.hash if last else "",
    )
    record.hash = record.computed_hash()
    record.save(force_insert=True)
    return record


def _tell(application: Application, record: Record, reason: str) -> None:
    kind = MESSAGES.get((record.action, record.to_status)) or MESSAGES.get((record.action, ""))
    if kind is None:
        return

    deadline = application.return_deadline or application.question_until
    if kind == "reinstated_to_pay":
        deadline = application.payment_deadline
    closes = application.session.upload_closes
    values = {
        "level": record.level,
        "next": above(record.level) if record.level in LEVELS else "",
        "status": application.status,
        "reason": reason,
        "deadline": deadline.isoformat() if deadline else "",
        "closes": closes.isoformat() if kind == "recalled" else "",
    }
    tell(kind, application, record.at, values, record=record, held_until=undo_until(record))


def undo_until(record: Record) -> datetime | None:
    """Return until when this act may be undone, and its message waits; None where it never may."""
    if "look" in record.data:  # what a second look has ended is not taken back
        return None
    minutes = record.unit.undo_minutes if record.unit and act_of(record.action).may_be_undone else 0
    return record.at + timedelta(minutes=minutes) if minutes else None


def window_closed(session: ExamSession, window: str, now: datetime) -> str:
    """Say why this window is not open, with its date: the one sentence of its kind; empty while it is open."""
    opens, closes = getattr(session, f"{window}_opens"), getattr(session, f"{window}_closes")
    if window in FOR_APPLYING and session.state != SessionState.OPEN:
        return f"{session}已停止{WINDOWS[window]}。"
    if now < opens:
        return f"{WINDOWS[window]}将于 {beginning(opens)} 开始。"
    return f"{WINDOWS[window]}已于 {moment(closes)} 截止。" if now >= closes else ""


def broken_link(records: list[Record]) -> Record | None:
    """Return the first record of an application, in order, whose hash or link to the one before does not hold."""
    previous = ""
    for record in records:
        if record.previous_hash != previous or record.hash != record.computed_hash():
            return record
        previous = record.hash
    return None
