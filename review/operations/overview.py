"""Everything about one application or one account, read for the back office's page, which masks numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from candidates.accounts.second_factor import factor_of
from candidates.applications.acts import act_of
from candidates.applications.states import STATUSES
from candidates.applications.workflow import ROLES
from candidates.messages import outbox, resending
from candidates.models import Account, Application, LoginSession, Look, Message, MobileChange, OperatorAct
from materials.models import RenderedDocument, Submission
from review.models import DuplicateSettled, Note, Payment, Question, Refund, ReviewerAct, SecondLook, Verdict

SHOWN = 200  # rows of a kind: no application has more but by mistake


@dataclass(frozen=True)
class RoundLine:
    """One submission: `verdicts` counts what was judged in it, by verdict."""

    submission: Submission
    verdicts: Mapping[str, int]


@dataclass(frozen=True)
class MessageLine:
    message: Message
    state: str
    deliveries: list[Any]
    may_be_resent: bool


@dataclass(frozen=True)
class RecordLine:
    record: Any
    name: str
    states: str
    level: str
    who: str
    reason: str


def records_of(application: Application) -> list[RecordLine]:
    rows = application.records.select_related("note", "account", "unit").order_by("-pk")[:SHOWN]
    return [_record(one) for one in rows]


def _record(record: Any) -> RecordLine:
    before, after = (STATUSES.get(one, one) for one in (record.from_status, record.to_status))
    note = getattr(record, "note", None)
    is_candidate = record.level == "candidate"
    return RecordLine(
        record=record,
        name=act_of(record.action).name,
        states=after if before == after else f"{before} → {after}",
        level=ROLES.get(record.level, record.level),
        who="" if is_candidate else (note.actor_name if note else "") or str(record.account or ""),
        reason=note.reason if note else "",
    )


def rounds_of(application: Application) -> list[RoundLine]:
    counted = Verdict.objects.filter(image__application=application, undone_at=None).values("round").order_by("round")
    verdicts = {
        one["round"]: {"ok": one["ok"], "not_ok": one["not_ok"]}
        for one in counted.annotate(ok=Count("pk", Q(verdict="ok")), not_ok=Count("pk", Q(verdict="not_ok")))
    }
    submissions = Submission.every.filter(application=application).order_by("-at").defer("form", "before", "asked")
    return [RoundLine(one, verdicts.get(one.round, {}) if not one.recalled_at else {}) for one in submissions[:SHOWN]]


def messages_of(rows: Any, now: datetime) -> list[MessageLine]:
    told = rows.prefetch_related("deliveries").order_by("-pk")[:SHOWN]
    return [
        MessageLine(
            one, outbox.STATES_IN_WORDS[outbox.state_of(one)], list(one.deliveries.all()), resending.may_be(one)
        )
        for one in told
    ]


def money_of(application: Application) -> dict[str, Any]:
    orders = list(application.payment_orders.order_by("-pk")[:SHOWN])
    payments = list(Payment.objects.filter(order__in=orders).select_related("order").order_by("-pk")[:SHOWN])
    refunds = Refund.objects.filter(payment__in=payments).select_related("payment", "asked_by", "confirmed_by")
    return {"orders": orders, "payments": payments, "refunds": list(refunds.order_by("-pk")[:SHOWN])}


def of_application(application: Application, now: datetime) -> dict[str, Any]:
    """Return what the page shows, by name."""
    documents = RenderedDocument.objects.filter(application=application).order_by("slug")
    looks = Look.objects.filter(application=application).select_related("account__unit").order_by("-pk")
    return {
        "records": records_of(application),
        "rounds": rounds_of(application),
        "told": messages_of(Message.objects.filter(application=application), now),
        **money_of(application),
        "notices": list(application.notice_versions.order_by("-version")[:SHOWN]),
        "documents": list(documents[:SHOWN]),
        "looks": list(looks[:SHOWN]),
        "notes": list(Note.objects.filter(application=application).order_by("-pk")[:SHOWN]),
        "questions": list(Question.objects.filter(application=application).order_by("-pk")[:SHOWN]),
        "second_looks": list(SecondLook.objects.filter(application=application).order_by("-pk")[:SHOWN]),
        "duplicates": list(DuplicateSettled.objects.filter(application=application).order_by("-pk")[:SHOWN]),
    }


def of_account(account: Account, now: datetime) -> dict[str, Any]:
    """Return what the page of an account shows, by name."""
    applications = Application.objects.filter(account=account).select_related("session", "point")
    alone = Message.objects.filter(account=account, application=None)
    acts = ReviewerAct.objects.filter(account=account).select_related("by").order_by("-pk")
    changes = MobileChange.objects.filter(account=account).select_related("application", "asked_by", "agreed_by")
    own = OperatorAct.objects.filter(account=account).order_by("-pk") if account.is_operator else ()
    return {
        "applications": list(applications.order_by("-session__year", "-pk")[:SHOWN]),
        "told": messages_of(alone, now),
        "acts": list(acts[:SHOWN]) if account.is_reviewer else [],
        "own": list(own[:50]),
        "changes": list(changes.order_by("-pk")[:SHOWN]),
        "sessions": LoginSession.objects.filter(account=account, expire_date__gt=now).count(),
        "factor": None if account.is_candidate else factor_of(account),
    }
