"""Messages by SMS or mail: each is claimed, then handed over, then its outcome is written; none by one channel twice.

The claim is committed before a sender is called, and so is a Delivery for each handing over. A process that dies in
between leaves both standing: settle() finds them, what may have left goes on to the next channel or is listed as in
doubt, and what had not been handed over waits again. One whose account has no contact that a sender reaches is told in
the portal only: it was not sent, it is not tried again, and unreachable() finds it.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from candidates.messages import routes, sending
from candidates.messages.kinds import CODE, SECRETS
from candidates.messages.senders.terms import Answer
from candidates.models import Account, Application, Delivery, Message
from candidates.prepared import EVER, PreparedValues

log = logging.getLogger(__name__)

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
MOST_TRIES = len(PAUSES) + 1
CODE_PAUSE = timedelta(seconds=20)  # somebody waits for it
TAKES_AT_MOST = timedelta(minutes=10)  # a claim older than this was cut short
CODES_ARE_KEPT = timedelta(days=1)
_RESTS = Q(next_try_at=None, claimed_at=None, sent_at=None, unreachable_at=None, doubtful_at=None)
STATES = {  # each message is in one of them
    "waiting": Q(next_try_at__isnull=False),
    "sending": Q(claimed_at__isnull=False),
    "sent": Q(sent_at__isnull=False),
    "unreachable": Q(unreachable_at__isnull=False),
    "doubtful": Q(doubtful_at__isnull=False),
    "given_up": _RESTS & Q(tries__gte=MOST_TRIES),
    "not_to_be_sent": _RESTS & Q(tries__lt=MOST_TRIES),
}
STATES_IN_WORDS = {
    "waiting": "待发送",
    "sending": "发送中",
    "sent": "已发送",
    "unreachable": "没有通知到",
    "doubtful": "结果不明",
    "given_up": "多次失败，已放弃",
    "not_to_be_sent": "只在站内",
}


@dataclass
class Delivered:
    """How many handings over were sent, failed and will be tried again, were given up, have no certain outcome, and
    had nowhere to be sent to."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    unclear: int = 0
    unreachable: int = 0

    @property
    def count(self) -> int:
        return self.sent + self.failed + self.given_up + self.unclear + self.unreachable


# --- one after the other ---------------------------------------------------------------------------------------------


def deliver_due(now: datetime, *, most: int = 100, channel: str = "") -> Delivered:
    """Send what is due at `now`, the most urgent first, at most `most` messages; of one channel if it is named.

    Not inside a transaction.
    """
    done = Delivered()
    while done.count < most and (taken := _take(now, channel)):
        message, way = taken
        outcome = way if way in vars(done) else ""
        if way in sending.CONTACT_OF:
            answer = _hand_over(message, way, now)
            outcome = _write(message, way, answer.outcome, now)
        if outcome:
            setattr(done, outcome, getattr(done, outcome) + 1)
    return done


@transaction.atomic(durable=True)
def _take(now: datetime, channel: str) -> tuple[Message, str] | None:
    """Take the next due message, and say what came of it: the channel that it is claimed for, committed before
    anything is sent; a count of Delivered where it has come to its end; "" where it waits for another time or sender.
    """
    free = due(now).select_for_update(of=("self",), skip_locked=True).select_related("account", "application")
    if channel:
        free = free.filter(channel__in=["", channel])
    message = free.order_by("urgency", "next_try_at", "pk").first()
    if message is None:
        return None

    gone = message.deliveries.all()
    left = routes.channels(message, gone)
    message.channel = left[0] if left else ""
    if routes.is_too_late(message, now):
        message.next_try_at, message.tries, way = None, MOST_TRIES, "given_up"
        _empty(message)
    elif routes.is_overtaken(message, gone, now) or (not left and routes.stays_in_the_portal(message)):
        message.next_try_at, way = None, ""
    elif not left:
        way = _end(message, now)
    elif channel and message.channel != channel:
        way = ""
    elif until := routes.waits_until(message, message.channel, now):
        message.next_try_at, way = until, ""
    else:
        message.next_try_at, message.claimed_at, way = None, now, message.channel
        message.tries += 1
    message.save()
    return message, way


def _end(message: Message, now: datetime) -> str:
    """Write what it comes to where no channel is left, and return its count."""
    message.next_try_at, message.tries = None, message.tries + 1
    _empty(message)
    if message.deliveries.filter(outcome="perhaps").exists():
        message.doubtful_at = now
        return "unclear"
    message.unreachable_at = now
    return "unreachable"


def _hand_over(message: Message, channel: str, now: datetime) -> Answer:
    """Hand it to the senders of this channel, until one has it or says that the contact is dead."""
    letter = routes.letter(message)
    if channel == "sms" and message.urgency == CODE:
        routes.count(message, now)
    answer = Answer("refused")
    for sender in sending.chain_of(channel, message.kind):
        delivery = Delivery.objects.create(message=message, channel=channel, sender=sender.name, at=now)
        answer = sender.send(letter)
        delivery.outcome, delivery.code, delivery.provider_id = answer.outcome, answer.code, answer.provider_id
        delivery.save(update_fields=["outcome", "code", "provider_id"])
        if answer.outcome == "perhaps":
            log.error("Message %s may or may not have been sent; it is not sent that way again.", message.pk)
        elif answer.outcome != "sent":  # its own words may hold personal data: a code has none
            words = message.pk, message.tries, sender.name, answer.outcome, answer.code
            level = logging.ERROR if answer.outcome == "refused" else logging.WARNING  # an operator has to act
            log.log(level, "Message %s, try %s: %s: %s %s", *words)
        if answer.outcome not in ("refused", "later"):
            break
    return answer


def _write(message: Message, channel: str, outcome: str, now: datetime) -> str:
    """Write what comes next, and return its count; nothing where the claim has been taken for dead meanwhile."""
    claimed, message.claimed_at = message.claimed_at, None
    counted = _follow(message, channel, outcome, now)
    if message.sent_at or message.doubtful_at or message.unreachable_at:
        _empty(message)
    Message.objects.filter(pk=message.pk, claimed_at=claimed).update(
        **{one.name: one.pre_save(message, False) for one in Message._meta.concrete_fields if one.name in WRITTEN}
    )
    return counted


WRITTEN = (
    *("channel", "next_try_at", "claimed_at", "sent_at", "unreachable_at", "doubtful_at"),
    *("parameters", "contact"),
)


def _follow(message: Message, channel: str, outcome: str, now: datetime) -> str:
    if outcome == "sent":
        message.sent_at = now
        return "sent"

    left = [one for one in routes.channels(message, message.deliveries.all()) if one != channel]
    count = {"perhaps": "unclear", "unreachable": "unreachable"}.get(outcome, "failed")
    goes_on = outcome != "later" or message.urgency == CODE or message.tries >= MOST_TRIES
    if left and goes_on:
        message.channel, message.next_try_at = left[0], now
        return count
    if outcome == "perhaps":
        message.doubtful_at = now
    elif outcome == "unreachable":
        doubtful = message.deliveries.filter(outcome="perhaps").exists()
        message.doubtful_at, message.unreachable_at = (now, None) if doubtful else (None, now)
    elif message.tries < MOST_TRIES:
        message.next_try_at = now + (CODE_PAUSE if message.urgency == CODE else PAUSES[message.tries - 1])
    else:
        return "given_up"
    return count


def _empty(message: Message) -> None:
    """Keep no code longer than it is needed: whom it went to, and what it was."""
    if message.urgency == CODE:
        message.parameters, message.contact = "", message.contact and ""


# --- what was cut short, receipts, what is not needed any more -------------------------------------------------------


@transaction.atomic
def settle(now: datetime) -> int:
    """Go on with what a process that died had claimed; return how many there were."""
    rows = Message.objects.select_for_update(of=("self",), skip_locked=True).select_related("account")
    cut_short = list(rows.filter(claimed_at__lte=now - TAKES_AT_MOST)[:100])
    for message in cut_short:
        last = message.deliveries.filter(at__gte=message.claimed_at).order_by("-pk").first()
        if last:  # handed over by this claim: what its provider said, if it said it, is only not written down yet
            if not last.outcome:
                log.error("Message %s was cut short; it may or may not have been sent.", message.pk)
                last.outcome, last.code = "perhaps", "cut short"
                last.save(update_fields=["outcome", "code"])
            _write(message, last.channel, last.outcome, now)
            continue
        message.claimed_at = None
        if message.kind:  # nobody had been given it yet
            message.next_try_at = now
        else:  # before 0020 it was handed over without a Delivery
            message.doubtful_at = now
        message.save(update_fields=["claimed_at", "next_try_at", "doubtful_at"])
    return len(cut_short)


@transaction.atomic
def receipt(sender: str, provider_id: str, *, delivered: bool, code: str, now: datetime) -> bool:
    """Write down what a provider says became of a message; one that did not arrive goes on to the next channel.

    False where we know of no such handing over. Told twice, it counts once.
    """
    found = Delivery.objects.select_for_update().filter(sender=sender, provider_id=provider_id, outcome="sent").first()
    if found is None or not provider_id:
        return False
    if found.delivered_at or found.failed_at:
        return True
    message = Message.objects.select_for_update(of=("self",)).select_related("account").get(pk=found.message_id)
    if delivered:
        found.delivered_at = now
    else:
        found.failed_at, found.code = now, code[:80]
    found.save(update_fields=["delivered_at", "failed_at", "code"])
    if not delivered and message.sent_at and message.urgency != CODE:
        message.sent_at = None
        left = routes.channels(message, message.deliveries.all())
        if left:
            message.channel, message.next_try_at = left[0], now
        else:
            message.unreachable_at = now
        message.save()
    return True


def forget_codes(now: datetime) -> None:
    """Delete codes that are a day old: of one that was sent no more than that is kept."""
    Message.objects.filter(kind__in=[*SECRETS, "registered_before"], at__lt=now - CODES_ARE_KEPT).delete()


# --- lists -----------------------------------------------------------------------------------------------------------


def state_of(message: Message) -> str:
    """Return the message's key in STATES."""
    facts = {
        "waiting": message.next_try_at,
        "sending": message.claimed_at,
        "sent": message.sent_at,
        "unreachable": message.unreachable_at,
        "doubtful": message.doubtful_at,
    }
    rests = "given_up" if message.tries >= MOST_TRIES else "not_to_be_sent"
    return next((state for state, at in facts.items() if at), rests)


def due(now: datetime):
    """Return the messages whose time to be sent, or to be tried again, has come."""
    return Message.objects.filter(next_try_at__lte=now)


def doubtful(now: datetime):
    """Return the messages that may or may not have left, oldest first: only the provider knows."""
    cut_short = Q(claimed_at__lte=now - TAKES_AT_MOST)
    return Message.objects.filter(STATES["doubtful"] | cut_short).order_by("pk")


def given_up():
    """Return the messages that failed as often as they may, and were never sent; codes that came too late are none."""
    return Message.objects.filter(STATES["given_up"]).exclude(kind="code").order_by("pk")


def unreachable() -> QuerySet[Message]:
    """Return the messages that had nowhere to be sent and are unread in the portal too, oldest first."""
    told = Message.objects.filter(STATES["unreachable"], read_at=None)
    return told.exclude(urgency=CODE).order_by("unreachable_at", "pk")


def unreached(account: Account) -> str:
    """Say in words which contacts the last message did not reach, so that they may be wrong; empty where none."""
    told = _OUTCOMES(account.pk, account.contact_changed_at or EVER, *SAY_SOMETHING)
    last = {channel: outcome == "unreachable" or failed_at for channel, outcome, failed_at in reversed(told)}
    return "和".join(UNREACHED[channel] for channel in UNREACHED if last.get(channel))


UNREACHED = {"sms": "手机", "mail": "电子邮箱"}
LOOKED_AT = 20  # deliveries: the last of each channel is among them
SAY_SOMETHING = ("sent", "unreachable")  # outcomes that tell whether a contact is right
# channel, outcome and failure, newest first; what is told of a change of the contact goes to the new one
_OUTCOMES = PreparedValues(
    lambda: (
        Delivery.objects.filter(message__account=0)
        .filter(at__gte=EVER)
        .filter(message__contact__isnull=True, outcome__in=SAY_SOMETHING)
        .order_by("-pk")
        .values_list("channel", "outcome", "failed_at")[:LOOKED_AT]
    )
)


def unread_and_unreached(application: Application) -> int:
    """Return how many messages of this application reached nobody, and were not read in the portal either."""
    return unreachable().filter(application=application).order_by().count()
