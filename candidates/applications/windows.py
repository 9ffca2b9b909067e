"""May this be done today? The windows of the exam session, and the time that a return gives."""

from datetime import datetime

from candidates.applications.workflow import moment, window_closed
from candidates.models import Application, ExamSession
from candidates.rules.refusals import NotAllowed


def require_window(session: ExamSession, *windows: str, now: datetime) -> None:
    """Refuse with NotAllowed and the dates of the first, unless one of these windows is open."""
    if not any(session.is_open(window, now) for window in windows):
        raise NotAllowed(window_closed(session, windows[0], now))


def payment_closed(application: Application, now: datetime) -> str:
    """Say why it cannot be paid now, with the date; empty while it can: everybody's window, or its own longer time."""
    until = application.payment_deadline
    if until is None or until <= application.session.payment_closes:
        return window_closed(application.session, "payment", now)
    return "" if now < until else f"缴费已于 {moment(until)} 截止。"


def require_correction_time(application: Application, now: datetime) -> None:
    """Refuse with NotAllowed once the deadline of a return has passed."""
    if closed := correction_closed(application, now):
        raise NotAllowed(closed)


def correction_closed(application: Application, now: datetime) -> str:
    """Say that the deadline of a return has passed, and what to do; empty while it has not, or where there is none."""
    until = application.return_deadline
    if until is None or now < until:
        return ""
    return f"补正期限已于 {moment(until)} 截止。如需延长，请联系退回您报名的单位。"
