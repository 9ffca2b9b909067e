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
from materials import submitting
from materials.desk import RELATED, Desk
from materials.models import MaterialImage

CHUNK = 500


@dataclass(frozen=True)
class Kind:
    """Who is reminded of what: `window` must be open, or, where it is none, the application's own deadline ahead.

    `last_step`: subject and text for those who have done all but submit.
    """

    status: str
    window: str
    label: str
    subject: str
    text: str
    last_step: tuple[str, str] = ("", "")


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
        (
            "还差一步：提交审核",
            "您的材料都已上传，但还没有提交，审核单位看不到。请在 {deadline} 前登录点击“提交审核”。",
        ),
    ),
    "returned": Kind(
        Status.RETURNED,
        "",
        "退回后没有再提交",
        "退回的内容还没有补正，请在期限前再次提交",
        "您的申请已被退回补正，期限是 {deadline}。请登录按页面上标出的原因补正，并再次提交审核。",
        (
            "还差一步：再次提交审核",
            "退回的内容都已补正，但还没有再次提交，审核单位看不到。请在 {deadline} 前登录点击“提交审核”。",
        ),
    ),
    "unpaid": Kind(
        Status.PAYMENT_DUE,
        "payment",
        "没有缴费",
        "还没有缴费，请在截止前缴费",
        "您的审核已通过，还没有缴费。缴费 {deadline} 截止，请登录缴费。",
    ),
}
SUBJECTS = [subject for kind in KINDS.values() for subject in (kind.subject, kind.last_step[0]) if subject]


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
        ready = _ready(kind, keys[at : at + CHUNK], now)
        with transaction.atomic():
            held = Application.objects.select_for_update().filter(pk__in=keys[at : at + CHUNK]).order_by("pk")
            list(held.values_list("pk"))
            # asked anew once the rows are held: somebody may have submitted, or reminded, in the meantime
            still = due(kind, session, now).filter(pk__in=keys[at : at + CHUNK]).order_by("pk")
            yield len(
                Message.objects.bulk_create([_message(kind, one, session, now, one.pk in ready) for one in still])
            )


def _ready(kind: Kind, keys: list[int], now: datetime) -> set[int]:
    """Return those that lack nothing but the submission. Asked before the rows are held: it takes its time."""
    if not kind.last_step[0]:
        return set()
    with_pictures = MaterialImage.objects.filter(application=OuterRef("pk"), removed_at=None)
    cases = Application.objects.filter(Exists(with_pictures), pk__in=keys).select_related(*RELATED)
    return {one.pk for one in cases if submitting.is_ready(Desk.of(one, now))}


def _message(kind: Kind, application: Application, session: ExamSession, now: datetime, is_ready: bool) -> Message:
    subject, text = kind.last_step if is_ready else (kind.subject, kind.text)
    deadline = getattr(session, f"{kind.window}_closes") if kind.window else application.return_deadline
    return Message(
        account_id=application.account_id,
        application=application,
        at=now,
        subject=subject,
        text=text.format(deadline=moment(deadline) if deadline else ""),
        next_try_at=now,
    )
