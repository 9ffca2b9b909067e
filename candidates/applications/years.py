"""What a change of an exam session means: which states may follow, and what has to be confirmed before it is saved."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from candidates.applications.states import REVIEW, Status
from candidates.applications.workflow import beginning, moment
from candidates.models import Application, ExamSession
from candidates.models.session import WINDOWS, SessionState
from candidates.rules.refusals import NotAllowed

# which applications a window's end concerns: those whose candidates (or reviewers) are at that step
CONCERNED = {
    "registration": (Status.DRAFT,),
    "upload": (Status.DRAFT, Status.REGISTERED),
    "review": REVIEW,
    "payment": (Status.PAYMENT_DUE,),
}
# state -> those that may follow; purge_session alone leads to the last one
FOLLOWING = {
    SessionState.DRAFT: (SessionState.OPEN,),
    SessionState.OPEN: (SessionState.DRAFT, SessionState.CLOSED),
    SessionState.CLOSED: (SessionState.OPEN,),
    SessionState.PURGED: (),
}


def wrong_state(before: ExamSession | None, state: str) -> str:
    """Say why a session cannot have this state now; empty where it can. `before`: None where it is new."""
    to = SessionState(state)
    if before is None:
        return "" if to in (SessionState.DRAFT, SessionState.OPEN) else "新的考试年度只能是草稿或开放。"
    was = SessionState(before.state)
    if to == was:
        return ""
    if to not in FOLLOWING[was]:
        may_be = "、".join(one.label for one in FOLLOWING[was])
        told = f"只能改为{may_be}" if may_be else "不能再更改"
        return f"{before}现在是“{was.label}”，{told}。"
    if to == SessionState.DRAFT and (hanging := before.hanging()):
        return f"{before}不能改为草稿，已经有：{hanging}。不再受理新的报名，请改为已关闭。"
    return ""


def asks(before: ExamSession | None, after: ExamSession, now: datetime) -> list[str]:
    """Return what has to be confirmed of a change: what ends now, with how many people it concerns, what begins now.

    `before`: the session as it is, None where it is new.
    """
    seen = [one for one in (before, after) if one and one.state != SessionState.DRAFT]
    return list(_asks(before, after, now)) if seen else []  # nobody but operators knows of a draft


def _asks(before: ExamSession | None, after: ExamSession, now: datetime) -> Iterator[str]:
    for window, name in WINDOWS.items():
        was_open = before is not None and before.is_open(window, now)
        opens, closes = getattr(after, f"{window}_opens"), getattr(after, f"{window}_closes")
        closed_later = before is not None and now < getattr(before, f"{window}_closes")
        if was_open and not after.is_open(window, now):
            yield f"{after}的{name}将立即关闭，{_concerned(before, window)}。"
        elif closed_later and closes <= now:
            yield f"{after}的{name}将移到过去（{moment(closes)} 截止），不会开始，{_concerned(before, window)}。"
        elif not was_open and after.is_open(window, now):
            yield f"{after}的{name}开始时间是 {beginning(opens)}，保存后立即开始。"
        elif before is None and closes <= now:
            yield f"{after}的{name}已经是过去（{moment(closes)} 截止），不会开始。"


def _concerned(session: ExamSession | None, window: str) -> str:
    here = Application.objects.filter(session=session, status__in=CONCERNED[window])
    return f"现在有 {here.count()} 人正办到这一步"


@transaction.atomic
def set_state(year: int, state: str, *, now: datetime, confirmed: bool = False) -> tuple[ExamSession, list[str], bool]:
    """Give the session of this year another state. Return it, what has to be confirmed, and whether it was changed.

    What has to be confirmed and is not changes nothing. Raises NotAllowed where the state cannot follow.
    """
    session = ExamSession.objects.select_for_update().get(year=year)
    if why := wrong_state(session, state):
        raise NotAllowed(why)
    before = ExamSession.objects.get(pk=session.pk)
    session.state = SessionState(state)
    asked = asks(before, session, now)
    changed = before.state != session.state and (confirmed or not asked)
    if changed:
        session.save(update_fields=["state"])
    return session, asked, changed
