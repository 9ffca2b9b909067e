"""Registering for an exam session: starting an application, completing it, withdrawing it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from candidates.accounts import own_account
from candidates.applications.form import problems
from candidates.applications.notices import issue_notice, void_notice
from candidates.applications.numbers import next_number
from candidates.applications.personal_data import follow_account
from candidates.applications.states import Status
from candidates.applications.windows import require_window
from candidates.applications.workflow import Actor, lock, move
from candidates.models import Account, Application, ExamSession
from candidates.models.session import under_way_of
from candidates.rules import id_number
from candidates.rules.refusals import Refused


def startable(mine: Iterable[Application], sessions: Iterable[ExamSession], now: datetime) -> list[ExamSession]:
    """Return the sessions, the oldest first, that the candidate of these applications can start another one in."""
    taken = {one.session_id for one in mine if one.status != Status.WITHDRAWN}
    return [one for one in under_way_of(sessions, now) if one.pk not in taken and one.is_open("registration", now)]


@transaction.atomic
def start(account: Account, *, session: ExamSession, actor: Actor, now: datetime | None = None) -> Application:
    """Make a draft for this session, or return the one that is there.

    Raises NotAllowed outside the registration window, and where the account was deleted meanwhile.
    """
    now = now or timezone.now()
    own_account.hold(account.pk)  # locked, so that two tabs start one draft
    mine = Application.objects.filter(account=account, session=session).not_withdrawn().first()
    if mine:
        return mine

    require_window(session, "registration", now=now)
    application = Application(account=account, session=session)
    follow_account(application, account)
    application.residency = id_number.residency_of(account.document_type, account.document_number) or "mainland"
    application.save()
    return application


@transaction.atomic
def complete(pk: int, *, actor: Actor, seen: int | None = None, now: datetime | None = None) -> Application:
    """Give the application its number. Raises Refused with every problem at its field, NotAllowed, AlreadyMoved."""
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    if application.status == Status.DRAFT:
        require_window(application.session, "registration", now=now)
        found = problems(application, now=now)
        if found or application.point is None:  # which stands among the problems found
            raise Refused(found)

        application.number = next_number(application.session, application.point)
        application.registered_at = now
    move(application, "complete", actor, now=now)
    issue_notice(application, now)
    return application


@transaction.atomic
def withdraw(pk: int, *, actor: Actor, seen: int | None = None, now: datetime | None = None) -> Application:
    """Take the application back for its candidate; needs no window. Raises NotAllowed, AlreadyMoved."""
    application = lock(pk, seen=seen)
    move(application, "withdraw", actor, now=now)
    void_notice(application, now or timezone.now())
    return application
