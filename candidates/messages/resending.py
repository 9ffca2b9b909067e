"""Sending a message once more, as an operator asks: as a new one, since none goes by one channel twice."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from candidates.messages.kinds import CODE, KINDS, QUIET, SECRETS
from candidates.models import Message
from candidates.rules.refusals import NotAllowed

PAUSE = timedelta(minutes=10)
TOO_SOON = "同样的消息刚刚写过：请等 10 分钟，看它是否送达。"


def may_be(message: Message) -> bool:
    """Say whether it may be sent once more: its words are known, it is no secret, and it has had its turn."""
    return (
        message.kind in KINDS
        and message.kind not in SECRETS
        and message.urgency != CODE
        and KINDS[message.kind].urgency != QUIET
        and message.account_id is not None
        and message.next_try_at is None
        and message.claimed_at is None
    )


@transaction.atomic
def resend(pk: int, *, now: datetime | None = None) -> Message:
    """Write the same words anew, to be sent at once by the ways that the candidate has now. Raise NotAllowed."""
    now = now or timezone.now()
    old = Message.objects.select_for_update(of=("self",)).select_related("application").get(pk=pk)
    if not may_be(old):
        raise NotAllowed("这条消息不能再发：它是一次性的密码，只在站内，还在等待发送，或是旧格式的消息。")
    same = Message.objects.filter(account=old.account_id, application=old.application_id, kind=old.kind)
    if same.filter(at__gt=now - PAUSE).exists():
        raise NotAllowed(TOO_SOON)

    urgency = KINDS[old.kind].urgency if old.urgency == QUIET else old.urgency  # it was told in the portal alone
    again = Message.objects.create(
        account_id=old.account_id,
        application_id=old.application_id,
        at=now,
        kind=old.kind,
        parameters=old.parameters,
        urgency=urgency,
        next_try_at=now,
    )
    return again
