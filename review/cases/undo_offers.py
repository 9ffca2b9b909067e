"""What a reviewer has decided last and may still take back: his log-in remembers it, so that every page offers it."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from candidates.applications.acts import act_of
from candidates.applications.workflow import undo_until
from candidates.models import Account, Application

KEY = "undo"  # in the session: number, record, name of the act, until
Session = MutableMapping[str, Any]


def offer(session: Session, application: Application, account: Account) -> None:
    """Remember the decision just made, where it may be undone; the one before it is offered no more."""
    record = application.last_record
    until = undo_until(record) if record and record.account_id == account.pk else None
    if record is None or until is None:
        forget(session)
        return
    session[KEY] = {
        "number": application.number,
        "record": record.pk,
        "what": act_of(record.action).name,
        "until": until.isoformat(),
    }


def forget(session: Session) -> None:
    session.pop(KEY, None)


def offered(session: Session, now: datetime) -> dict[str, Any] | None:
    """Return number, record, what and until of the decision that is offered; None where there is none any more."""
    kept = session.get(KEY)
    if not kept:
        return None
    until = datetime.fromisoformat(kept["until"])
    return {**kept, "until": until} if now < until else None
