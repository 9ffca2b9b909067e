"""Reminding candidates of what they have not done yet: at most once a day each, by the outbox of messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from candidates.applications.states import Status
from candidates.applications.workflow import moment
from candidates.models import Application, ExamSession, Message

CHUNK = 500


@dataclass(frozen=True)
class Kind:
    """Who is reminded of what: `window` must be open, or, where it is none, the application's own deadline ahead."""

    status: str
    window: str
    label: str
    subject: str
    text: str


KINDS = {
    "drafts": Kind(
        Status.DRAFT,
        "registration",
        "报名表没有填完",
        "报名表还没有填完，请在截止前完成报名",
        "您的报名表还没有完成。网上报名 {deadline} 截止，请登录填完并点击“完成报名”。",
    ),
    "not_submitted": Kind(
        Status.REGISTERED,
        "upload",
        "材料没有提交",
        "材料还没有提交，请在截止前提交审核",
        "您的材料还没有提交审核。上传材料 {deadline} 截止，请登录上传相关材料并点击“提交审核”。",
    ),
    "returned": Kind(
        Status.RETURNED,
        "",
        "退回后没有再提交",
        "退回的内容还没有补正，请在期限前再次提交",
        "您的申请已被退回补正，期限是 {deadline}。请登录按页面上标出的原因补正，并再次提交审核。",
    ),
    "unpaid": Kind(
        Status.PAYMENT_DUE,
        "payment",
        "没有缴费",
        "还没有缴费，请在截止前缴费",
        "您的审核已通过，还没有缴费。缴费 {deadline} 截止，请登录缴费。",
    ),
}
SUBJECTS = [kind.subject for kind in KINDS.values()]


def due(kind: Kind, session: ExamSession, now: datetime) -> QuerySet[Application]:
    """Select those to be reminded now: of this state, while there is time, and not reminded of anything today."""
    cases = Application.objects.filter(session=session, status=kind.status, account__is_active=True)
    if not kind.window:
        cases = cases.filter(return_deadline__gt=now)
    elif not session.is_open(kind.window, now):
        return cases.none()
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    told = Message.objects.filter(
        account=OuterRef("account"), application=OuterRef("pk"), record=None, subject__in=SUBJECTS, at__gte=today
    )
    return cases.filter(~Exists(told))


def remind(kind: Kind, session: ExamSession, now: datetime) -> Iterator[int]:
    """Write the messages, to be sent at once, a chunk in a transaction. Yield how many each chunk had."""
    keys = list(due(kind, session, now).order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(keys), CHUNK):
        with transaction.atomic():
            held = Application.objects.select_for_update().filter(pk__in=keys[at : at + CHUNK]).order_by("pk")
            list(held.values_list("pk"))
            # asked anew once the rows are held: somebody may have submitted, or reminded, in the meantime
            still = due(kind, session, now).filter(pk__in=keys[at : at + CHUNK]).order_by("pk")
            yield len(Message.objects.bulk_create([_message(kind, one, session, now) for one in still]))


def _message(kind: Kind, application: Application, session: ExamSession, now: datetime) -> Message:
    deadline = getattr(session, f"{kind.window}_closes") if kind.window else application.return_deadline
    return Message(
        account_id=application.account_id,
        application=application,
        at=now,
        subject=kind.subject,
        text=kind.text.format(deadline=moment(deadline) if deadline else ""),
        next_try_at=now,
    )
