"""Messages by mail or SMS: each is claimed, then sent, then its outcome is written, so that no event is told twice.

The claim is committed before the sender is called. A process that dies between claim and outcome leaves the claim
standing: that message is never sent again by itself, and stuck() finds it. One whose account has no contact that the
sender reaches is told in the portal only: it was not sent, it is not tried again, and unreachable() finds it.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from candidates.messages import sending
from candidates.messages.sending import PerhapsSent, Unreachable
from candidates.models import Message

log = logging.getLogger(__name__)

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
MOST_TRIES = len(PAUSES) + 1
TAKES_AT_MOST = timedelta(minutes=10)  # a claim older than this was cut short
_RESTS = Q(next_try_at=None, claimed_at=None, sent_at=None, unreachable_at=None)
STATES = {  # each message is in one of them
    "waiting": Q(next_try_at__isnull=False),
    "sending": Q(claimed_at__isnull=False),
    "sent": Q(sent_at__isnull=False),
    "unreachable": Q(unreachable_at__isnull=False),
    "given_up": _RESTS & Q(tries__gte=MOST_TRIES),
    "not_to_be_sent": _RESTS & Q(tries__lt=MOST_TRIES),
}
STATES_IN_WORDS = {
    "waiting": "待发送",
    "sending": "发送中或结果不明",
    "sent": "已发送",
    "unreachable": "没有联系方式",
    "given_up": "多次失败，已放弃",
    "not_to_be_sent": "只在站内",
}


@dataclass
class Delivered:
    """How many messages were sent, failed and will be tried again, were given up, have no certain outcome, and had
    nowhere to be sent to."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    unclear: int = 0
    unreachable: int = 0

    @property
    def count(self) -> int:
        return self.sent + self.failed + self.given_up + self.unclear + self.unreachable


def deliver_due(now: datetime, *, most: int = 100) -> Delivered:
    """Send what is due at `now`, the longest due first, at most `most` messages. Not inside a transaction."""
    done = Delivered()
    while done.count < most and (message := _claim(now)):
        outcome = _send(message)
        if outcome != "unclear":
            _write(message, outcome, now)
        setattr(done, outcome, getattr(done, outcome) + 1)
    return done


@transaction.atomic(durable=True)
def _claim(now: datetime) -> Message | None:
    """Claim the next due message for this sender alone, committed before anything is sent."""
    free = due(now).select_for_update(of=("self",), skip_locked=True).select_related("account")
    message = free.order_by("next_try_at", "pk").first()
    if message is None:
        return None
    message.next_try_at, message.claimed_at = None, now
    message.tries += 1
    message.save(update_fields=["next_try_at", "claimed_at", "tries"])
    return message


def _send(message: Message) -> str:
    """Send, and return the outcome by the name of its count in Delivered."""
    try:
        sending.deliver(message.account, message.subject, message.text)
    except Unreachable:
        return "unreachable"
    except PerhapsSent:
        log.error("Message %s may or may not have been sent; it is not sent again.", message.pk)
        return "unclear"
    except Exception as error:  # whatever a sender raises, go on with the others; its text may hold personal data
        log.warning("Message %s, try %s: %s", message.pk, message.tries, type(error).__name__)
        return "failed" if message.tries < MOST_TRIES else "given_up"
    return "sent"


def _write(message: Message, outcome: str, now: datetime) -> None:
    message.claimed_at = None
    if outcome == "sent":
        message.sent_at = now
    elif outcome == "failed":
        message.next_try_at = now + PAUSES[message.tries - 1]
    elif outcome == "unreachable":
        message.unreachable_at = now
    message.save(update_fields=["claimed_at", "sent_at", "next_try_at", "unreachable_at"])


def state_of(message: Message) -> str:
    """Return the message's key in STATES."""
    facts = {
        "waiting": message.next_try_at,
        "sending": message.claimed_at,
        "sent": message.sent_at,
        "unreachable": message.unreachable_at,
    }
    rests = "given_up" if message.tries >= MOST_TRIES else "not_to_be_sent"
    return next((state for state, at in facts.items() if at), rests)


def due(now: datetime):
    """Return the messages whose time to be sent, or to be tried again, has come."""
    return Message.objects.filter(next_try_at__lte=now)


def stuck(now: datetime):
    """Return the messages whose sending was cut short, oldest first: only the provider knows whether they left."""
    return Message.objects.filter(claimed_at__lte=now - TAKES_AT_MOST).order_by("claimed_at", "pk")


def given_up():
    """Return the messages that failed as often as they may, and were never sent."""
    return Message.objects.filter(STATES["given_up"]).order_by("pk")


def unreachable() -> QuerySet[Message]:
    """Return the messages that had nowhere to be sent and are unread in the portal too, oldest first."""
    return Message.objects.filter(STATES["unreachable"], read_at=None).order_by("unreachable_at", "pk")
