"""Two operators: one asks, another agrees within a day, and only then is it done, within a day of that.

For exports in full, purges and planned restores. NMEC_TWO_OPERATORS=0 switches it off; refunds always need two, by the
same rule (`why_not_by`). Who agrees has logged in to the portal, with the second factor: no command agrees.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from candidates.models import Account
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.text import clean
from candidates.trail import audit
from review.models import Approval
from review.models.approval import APPROVALS, ASKED_FOR

STATES = {
    "asked": "待另一位操作员确认",
    "confirmed": "已确认，等待办理",
    "begun": "已办理",
    "declined": "已作废",
    "lapsed": "已过期",
}
AGAIN = {"purge"}  # what was interrupted is gone on with, within the day, under the same approval
NO_REASON = "请写明原因。"


class Waiting(NotAllowed):
    """It needs another operator first; `approval` has been asked for."""

    def __init__(self, approval: Approval, sentence: str):
        self.approval = approval
        super().__init__(sentence)


def why_not_by(asked_by: int, asked_at: datetime, account: Account, now: datetime, what: str) -> str:
    """Say why this account may not agree to what was asked for; empty where it may. The rule, of refunds too."""
    if asked_by == account.pk:
        return f"{what}须由另一位操作员确认，不能由提出人自己确认。"
    if not (account.is_operator and account.is_active):
        return f"{what}只能由操作员确认。"
    if now > asked_at + ASKED_FOR:
        return f"提出已超过 24 小时，不能再确认：请提出人重新提出{what}。"
    return ""


@transaction.atomic
def ask(
    kind: str, *, account: Account, arguments: Mapping[str, Any], reason: str, now: datetime | None = None
) -> Approval:
    """Ask for it; what is open for the same is returned instead. Raise Refused without a reason."""
    now, reason = now or timezone.now(), clean(reason, "words")
    if not reason:
        raise Refused({"reason": NO_REASON})
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)  # twice at once is once
    kept = plain(arguments)
    for one in Approval.objects.filter(kind=kind, arguments=kept, asked_by=account):
        if one.state(now) in ("asked", "confirmed"):
            return one
    approval = Approval.objects.create(kind=kind, arguments=kept, reason=reason, asked_by=account, asked_at=now)
    _note("ask_approval", account, approval)
    return approval


def plain(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments as they are kept and compared: what is empty says nothing."""
    return {name: sorted(value) if isinstance(value, list | tuple) else value
            for name, value in arguments.items() if value}  # fmt: skip


@transaction.atomic
def confirm(pk: int, *, account: Account, now: datetime | None = None) -> Approval:
    """Agree to what another operator has asked for. Raise NotAllowed."""
    now = now or timezone.now()
    approval = _held(pk)
    if wrong := why_not_by(approval.asked_by_id, approval.asked_at, account, now, "此事"):
        raise NotAllowed(wrong)
    if approval.state(now) != "asked":
        raise NotAllowed(f"状态是“{STATES[approval.state(now)]}”，不能再确认。")
    approval.confirmed_by, approval.confirmed_at = account, now
    approval.save(update_fields=["confirmed_by", "confirmed_at"])
    _note("confirm_approval", account, approval)
    return approval


@transaction.atomic
def decline(pk: int, *, account: Account, now: datetime | None = None) -> Approval:
    """Make it void, as long as nothing has been begun: by any operator. Raise NotAllowed."""
    now = now or timezone.now()
    approval = _held(pk)
    if approval.state(now) not in ("asked", "confirmed"):
        raise NotAllowed(f"状态是“{STATES[approval.state(now)]}”，不能再作废。")
    approval.declined_by, approval.declined_at = account, now
    approval.save(update_fields=["declined_by", "declined_at"])
    _note("decline_approval", account, approval)
    return approval


def require(
    kind: str, *, account: Account | None, arguments: Mapping[str, Any], reason: str, now: datetime | None = None
) -> Approval | None:
    """Let it begin where another operator has agreed; else ask for that, and raise Waiting. None where one is enough.

    Raise NotAllowed where nobody is named who asks, Refused without a reason.
    """
    if not settings.TWO_OPERATORS:
        return None
    if account is None:
        raise NotAllowed(f"{APPROVALS[kind]}需要两位操作员：请用 --as 写明是谁在办理。")
    if approval := take(kind, account=account, arguments=arguments, now=now):
        return approval
    waiting = ask(kind, account=account, arguments=arguments, reason=reason, now=now)
    raise Waiting(
        waiting,
        f"{APPROVALS[kind]}需要另一位操作员确认：已提出，编号 {waiting.pk}。请他在 24 小时内登录后台管理，"
        "在“双人确认”里确认；确认以后 24 小时内，由您再办理一次。",
    )


@transaction.atomic
def take(kind: str, *, account: Account, arguments: Mapping[str, Any], now: datetime | None = None) -> Approval | None:
    """Use an approval that this operator has asked for and another has given: once, but for what goes on (AGAIN)."""
    now = now or timezone.now()
    rows = Approval.objects.select_for_update(of=("self",)).filter(
        kind=kind, arguments=plain(arguments), asked_by=account, declined_at=None, confirmed_at__gt=now - ASKED_FOR
    )
    if kind not in AGAIN:
        rows = rows.filter(begun_at=None)
    approval = rows.order_by("pk").last()
    if approval and approval.begun_at is None:
        approval.begun_at = now
        approval.save(update_fields=["begun_at"])
        _note("begin_approved", account, approval)
    return approval


def waiting_for(account: Account, now: datetime) -> list[Approval]:
    """Return what others have asked for and this operator may agree to, oldest first."""
    rows = Approval.objects.filter(confirmed_at=None, declined_at=None, asked_at__gt=now - ASKED_FOR)
    return list(rows.exclude(asked_by=account).select_related("asked_by").order_by("pk"))


def _held(pk: int) -> Approval:
    return Approval.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=pk)


def _note(act: str, account: Account, approval: Approval) -> None:
    audit.note(act, account, {"approval": approval.pk, "kind": approval.kind, **approval.arguments})
