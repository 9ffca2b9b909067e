"""What the portal holds about one candidate, whole, as plain data; and who has looked at it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from candidates.applications import form_drafts, summary
from candidates.applications.access import RELATED
from candidates.applications.acts import act_of
from candidates.applications.states import REVIEW
from candidates.messages.kinds import KINDS, MESSAGES
from candidates.models import Account, Application, LoginSession, Look, Message, PictureLook, Record, Unit
from candidates.rules.levels import ROLES
from materials.models import MaterialImage, RenderedDocument, Submission
from materials.rules.catalogue import BY_CODE
from review.models import PaymentOrder, Verdict

LOOKED_AT = {"case": "案卷", "packet": "材料册", "export": "导出", "picture": "图片"}
OPERATORS = "系统操作员"
# acts whose reasons the candidate reads: what a second person says against a first is the office's own
TOLD = {action for (action, _), kind in MESSAGES.items() if "{reason}" in KINDS[kind].text}
OPINIONS = {"return", "unlock"}  # acts that say of each picture, category and section what is wrong
MOST_MESSAGES = 2000


def of(account: Account) -> dict[str, Any]:
    mine = Application.objects.filter(account=account).select_related(*RELATED).order_by("-session__year", "-pk")
    return {
        "account": _account(account),
        "consents": [{"version": one.version, "at": one.at} for one in account.consents.all()],
        "log_ins": [
            {"last_used_at": one.last_at, "ends_at": one.expire_date}
            for one in LoginSession.objects.filter(account=account, expire_date__gt=timezone.now())
        ],
        "applications": [_application(one) for one in mine],
        "messages": [_message(one) for one in Message.objects.told(account)[:MOST_MESSAGES]],
        "mobile_changes": [
            {"at": one.asked_at, "mobile": one.mobile, "reason": one.reason, "changed_at": one.agreed_at}
            for one in account.mobile_changes.all()
        ],
        "looked_at_by": [{"day": day, "unit": unit, "what": what} for day, unit, what in looks_at(account)],
        "made_at": timezone.now(),
    }


def _account(account: Account) -> dict[str, Any]:
    names = (
        *("name", "document_type", "document_number", "valid_until", "sex", "birth_date", "mobile", "email"),
        *("former_contact", "contact_changed_at", "no_sms", "no_mail", "consent_version", "consented_at"),
    )
    return {"registered_at": account.date_joined, **{name: getattr(account, name) for name in names}}


def _message(message: Message) -> dict[str, Any]:
    handed_over = [
        {"at": one.at, "channel": one.channel, "outcome": one.outcome, "delivered_at": one.delivered_at}
        for one in message.deliveries.all()
    ]
    return {"at": message.at, "subject": message.subject, "text": message.text, "handed_over": handed_over}


def _application(application: Application) -> dict[str, Any]:
    return {
        "session": application.session.year,
        "number": application.number,
        "status": application.get_status_display(),
        "form": _form(application),
        "unsaved": {
            section: form_drafts.answers_in(draft)
            for section, draft in form_drafts.of(application, timezone.now()).items()
        },
        "submissions": [
            {
                "round": one.round,
                "at": one.at,
                "declared_at": one.declared_at,
                "form": one.filled,
                "images": [str(key) for key in one.images],
                "recalled_at": one.recalled_at,
            }
            for one in Submission.every.filter(application=application).order_by("pk")
        ],
        "images": [_image(application, one) for one in MaterialImage.objects.filter(application=application)],
        "notices": [
            {"version": one.version, "issued_at": one.issued_at, "printed_at": one.printed_at, "void": one.replaced_at}
            for one in application.notice_versions.all()
        ],
        "documents": [
            {"document": one.slug, "made_at": one.rendered_at}
            for one in RenderedDocument.objects.filter(application=application)
        ],
        "questions": [
            {"at": one.at, "question": one.words, "answered_at": one.answered_at, "answer": one.answer}
            for one in application.questions.all()
        ],
        "appointments": [
            {"at": one.booked_at, "day": one.day, "state": one.get_state_display(), "came_at": one.arrived_at}
            for one in application.appointments.all()
        ],
        "orders": [_order(one) for one in PaymentOrder.objects.filter(application=application)],
        "history": [_record(one) for one in application.records.select_related("note", "unit")],
    }


def _form(application: Application) -> dict[str, str]:
    return {line.field: line.words for _, lines in summary.of(application) for line in lines}


def _image(application: Application, image: MaterialImage) -> dict[str, Any]:
    return {
        "id": str(image.id),
        "category": BY_CODE[image.category].label,
        "at": image.uploaded_at,
        "bytes": image.size,
        "sha256": image.sha256,
        "submitted": image.submitted,
        "removed_at": image.removed_at,
        "warnings": image.warnings,
        "verdicts": [
            {"at": one.at, "level": ROLES[one.level], "verdict": one.get_verdict_display(), "reason": one.reason}
            for one in _verdicts(application, image)
        ],
    }


def _verdicts(application: Application, image: MaterialImage) -> Iterable[Verdict]:
    """Return what stood of it at the end of each round: while units read, and among themselves, it is their own."""
    given = Verdict.objects.filter(image=image, undone_at=None).order_by("pk")
    if application.status in REVIEW:
        given = given.exclude(round=application.round)
    return {one.round: one for one in given}.values()


def _order(order: PaymentOrder) -> dict[str, Any]:
    return {
        "number": order.number,
        "fen": order.amount,
        "state": order.get_state_display(),
        "created_at": order.created_at,
        "paid_at": order.paid_at,
        "payments": [
            {
                "provider": one.get_provider_display(),
                "trade_number": one.trade_number,
                "fen": one.amount,
                "received_at": one.received_at,
                "refunds": [
                    {"fen": back.amount, "reason": back.reason, "state": back.state, "at": back.finished_at}
                    for back in one.refunds.all()
                ],
            }
            for one in order.payments.all()
        ],
    }


def _record(record: Record) -> dict[str, Any]:
    """Say what was done; why, where the candidate is told; the network's address of one's own acts. Nobody's name."""
    is_own = record.level == "candidate"
    note = getattr(record, "note", None) if is_own or record.action in TOLD | OPINIONS else None
    return {
        "at": record.at,
        "action": act_of(record.action).name,
        "by": ROLES.get(record.level, record.level),
        "unit": record.unit.name if record.unit else "",
        "reason": note.reason if note and (is_own or record.action in TOLD) else "",
        "words": note.data if note and (is_own or record.action in OPINIONS) else {},
        "address": note.address if note and is_own else None,
    }


# --- who has looked ---


def looks_at(account: Account) -> list[tuple[date, str, str]]:
    """Return day, unit and what was looked at, once each, the newest first; nobody by name."""
    mine = Application.objects.filter(account=account)
    looks = Look.objects.filter(application__in=mine).values_list("at", "unit", "account", "kind")
    pictures = PictureLook.objects.filter(application__in=mine).values_list("at", "unit", "account")
    rows = [*looks, *((at, unit, who, "picture") for at, unit, who in pictures)]

    units = _units((unit, who) for _, unit, who, _ in rows)
    seen: dict[tuple[date, str], set[str]] = {}
    for at, unit, who, kind in rows:
        seen.setdefault((timezone.localdate(at), units[unit, who]), set()).add(kind)
    return [
        (day, unit, "、".join(words for kind, words in LOOKED_AT.items() if kind in kinds))
        for (day, unit), kinds in sorted(seen.items(), reverse=True)
    ]


def _units(looked: Iterable[tuple[int | None, int | None]]) -> dict[tuple[int | None, int | None], str]:
    """Return the unit's name for each (unit, account): where none was written down, the one that they are of now."""
    pairs = set(looked)
    of_accounts = dict(Account.objects.filter(pk__in=[who for _, who in pairs]).values_list("pk", "unit"))
    names = dict(Unit.objects.values_list("pk", "name")) if pairs else {}
    return {(unit, who): names.get(unit or of_accounts.get(who or 0) or 0, OPERATORS) for unit, who in pairs}
