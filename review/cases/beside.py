"""What there is beside a case, asked in one query: of most there is nothing, and nothing more is asked then."""

from dataclasses import dataclass

from django.db import connection

from candidates.models import Account, Application, Delivery, Message, MobileChange
from review.models import Assignment, Capture, DraftVerdicts, Note, OnsiteTick, ParkedLine, Question


@dataclass(frozen=True)
class Beside:
    """Whether there is any of it at all: who may see it, and whether it still stands, is for those who read it."""

    drafts: bool  # what this reviewer had put in, in this round
    ticks: bool  # on the on-site list, in this round
    questions: bool
    notes: bool
    assignments: bool
    mobile_change: bool  # asked for, and neither agreed to nor dropped
    failures: bool  # of messages to this candidate that may tell of a wrong contact
    unreached: bool  # messages about this application that reached nobody
    parked: bool  # lines of the on-site list that are still to be seen
    captures: bool


def _of(model, where: str) -> str:
    return f"EXISTS (SELECT FROM {model._meta.db_table} AS it WHERE {where})"


THERE = ", ".join(
    (
        _of(DraftVerdicts, "application_id = %(case)s AND account_id = %(reader)s AND round = %(round)s"),
        _of(OnsiteTick, "application_id = %(case)s AND round = %(round)s"),
        _of(Question, "application_id = %(case)s"),
        _of(Note, "application_id = %(case)s"),
        _of(Assignment, "application_id = %(case)s"),
        _of(MobileChange, "account_id = %(candidate)s AND agreed_at IS NULL AND dropped_at IS NULL"),
        _of(
            Message,
            "account_id = %(candidate)s AND contact IS NULL AND EXISTS (SELECT FROM "
            f"{Delivery._meta.db_table} AS sent WHERE sent.message_id = it.id "
            "AND (sent.outcome = 'unreachable' OR sent.failed_at IS NOT NULL))",
        ),
        _of(Message, "application_id = %(case)s AND unreachable_at IS NOT NULL"),
        _of(ParkedLine, "application_id = %(case)s AND settled_at IS NULL"),
        _of(Capture, "application_id = %(case)s"),
    )
)


def of(application: Application, reader: Account) -> Beside:
    with connection.cursor() as cursor:
        values = {"case": application.pk, "reader": reader.pk, "round": application.round}
        cursor.execute(f"SELECT {THERE}", {**values, "candidate": application.account_id})
        return Beside(*cursor.fetchone())
