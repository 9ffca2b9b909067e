"""Writing a message: one insert, in the transaction of what it tells of. The outbox sends it later."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from candidates.messages.kinds import KINDS, QUIET
from candidates.models import Account, Application, Message, Record


def message(
    kind: str,
    application: Application,
    at: datetime,
    parameters: Mapping[str, str],
    *,
    record: Record | None = None,
    urgency: int | None = None,
    held_until: datetime | None = None,
) -> Message:
    """Make a message about an application, not saved yet; `urgency` where it is not the kind's own.

    `held_until`: until then it is neither sent nor shown.
    """
    urgency = KINDS[kind].urgency if urgency is None else urgency
    return Message(
        account_id=application.account_id,
        application=application,
        record=record,
        at=at,
        kind=kind,
        parameters=sealed({"number": application.number or "", **parameters}),
        urgency=urgency,
        held_until=held_until,
        next_try_at=None if urgency == QUIET else held_until or at,
    )


def tell(
    kind: str,
    application: Application,
    at: datetime,
    parameters: Mapping[str, str],
    *,
    record: Record | None = None,
    held_until: datetime | None = None,
) -> Message:
    """Tell the candidate of an application."""
    told = message(kind, application, at, parameters, record=record, held_until=held_until)
    told.save(force_insert=True)
    return told


def tell_account(
    kind: str, account: Account | None, *, contact: str = "", at: datetime | None = None, **parameters: str
) -> Message:
    """Tell an account, or a contact that no account has yet. With neither, the same is written and nothing sent."""
    at = at or timezone.now()
    told = Message(
        account=account,
        at=at,
        kind=kind,
        parameters=sealed(parameters),
        urgency=KINDS[kind].urgency,
        next_try_at=at,
    )
    if contact:
        told.contact = contact
    told.save(force_insert=True)
    return told


def sealed(parameters: Mapping[str, str]) -> str:
    """Return the parameters as they are kept: without those that are empty."""
    return json.dumps({name: value for name, value in parameters.items() if value}, ensure_ascii=False)
