"""Which way a message takes now: channels in order, quiet hours, the daily cap. Reads rows, sends nothing."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection

from candidates.messages import kinds, sending
from candidates.messages.kinds import CODE, DAY, NOW, STANDS_IN, VISITS
from candidates.messages.senders.terms import Letter
from candidates.models import Account, Delivery, KindRule, Message, SmsCount
from candidates.rules.contacts import is_email
from candidates.rules.moments import SHANGHAI

log = logging.getLogger(__name__)

ORDER = {CODE: ("sms", "mail"), NOW: ("sms", "mail"), DAY: ("mail", "sms")}
QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # no phone rings at night, but for a code that its owner waits for
CODE_LASTS = timedelta(minutes=10)
SPENT = ("", "sent", "perhaps", "unreachable")  # outcomes after which a channel is not used again for a message
_told_of_cap: set[tuple[date, str]] = set()


def letter(message: Message) -> Letter:
    """Return what a sender is given."""
    kind = message.kind if message.kind in kinds.KINDS else ""
    mobile, email = contacts_of(message)
    return Letter(
        kind=kind,
        mobile=mobile,
        email=email,
        subject=message.subject,
        text=message.text,
        sms=kinds.sms(kind, message.values) if kind else {},
        account=message.account,
    )


def contacts_of(message: Message) -> tuple[str, str]:
    """Return the mobile and the e-mail that it goes to: its own, or the account's."""
    if message.contact:
        return ("", message.contact) if is_email(message.contact) else (message.contact, "")
    return (message.account.mobile, message.account.email) if message.account else ("", "")


def channels(message: Message, gone: Iterable[Delivery]) -> list[str]:
    """Return the channels that are left for it, in order: not those by which it may have left, or is known not to.

    Those that refused it come only when no other is left.
    """
    mobile, email = contacts_of(message)
    there = {"sms": bool(mobile), "mail": bool(email)}
    tried = {one.channel: one.outcome for one in gone}  # the last counts
    usable = [
        channel
        for channel in order_of(message)
        if there[channel] and tried.get(channel, "later") not in SPENT and sending.chain_of(channel, message.kind)
    ]
    fresh = [one for one in usable if tried.get(one) != "refused"]
    return fresh or usable


def order_of(message: Message) -> list[str]:
    """Return the channels of its kind, without those that the candidate has switched off for what can wait."""
    order = _order(message)
    return [one for one in order if message.urgency < DAY or not unwanted(message.account, one)]


def _order(message: Message) -> tuple[str, ...]:
    """Return the channels that an operator has set for its kind, else those of its urgency."""
    rule = KindRule.objects.filter(kind=message.kind).first() if message.kind else None
    set_so = rule.channels if rule else None
    return ORDER.get(message.urgency, ()) if set_so is None else set_so


def stays_in_the_portal(message: Message) -> bool:
    """Say whether it is not to be sent at all: operators want it so, or the candidate for all that would reach.

    So does a kind that is made for no SMS, where there is a mobile and no e-mail: nobody meant it to ring a phone.
    """
    order, wanted = _order(message), order_of(message)
    mobile, email = contacts_of(message)
    there = [one for one in order if (mobile if one == "sms" else email)]
    reaching = [one for one in there if one in wanted and (one != "sms" or _may_ring(message))]
    return not order or (bool(there) and not reaching)


def _may_ring(message: Message) -> bool:
    """Say whether an SMS is meant to tell it, be its template there or not; a sender of one's own tells all."""
    kind = kinds.KINDS.get(message.kind)
    return kind is None or bool(kind.sms) or bool(sending.chain_of("sms", message.kind))


def unwanted(account: Account | None, channel: str) -> bool:
    return account is not None and bool(account.no_sms if channel == "sms" else account.no_mail)


def waits_until(message: Message, channel: str, now: datetime) -> datetime | None:
    """Return until when it has to wait, counting it against the day's cap where it has not; None where it may go.

    Codes never wait, and are not counted here.
    """
    if channel != "sms":
        return None
    if message.urgency == CODE:  # counted when it is handed over: codes in their thousands do not wait for one row
        return None
    if morning := end_of_quiet(now):
        return morning
    if count(message, now, settings.SMS_A_DAY):
        return None
    day = now.astimezone(SHANGHAI).date()
    if (day, message.kind) not in _told_of_cap:
        _told_of_cap.add((day, message.kind))
        log.error("SMS of kind %s: the day's cap is reached, the rest waits until tomorrow.", message.kind)
    return _at_eight(day + timedelta(days=1))


def end_of_quiet(now: datetime) -> datetime | None:
    """Return when the night ends, 8:00 in Shanghai; None by day."""
    local = now.astimezone(SHANGHAI)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    return _at_eight(local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0))


def _at_eight(day: date) -> datetime:
    return datetime.combine(day, QUIET_UNTIL, SHANGHAI)


def count(message: Message, now: datetime, most: int = 2**31 - 1) -> bool:
    """Count it among the day's SMS of its kind; say False where there were as many already, and do not count it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO candidates_smscount (day, kind, number) VALUES (%s, %s, 1) "
            "ON CONFLICT (day, kind) DO UPDATE SET number = candidates_smscount.number + 1 "
            "WHERE candidates_smscount.number < %s RETURNING number",
            [now.astimezone(SHANGHAI).date(), message.kind, most],
        )
        return cursor.fetchone() is not None


def cap() -> int:
    """Return how many SMS of a kind go out in a day; codes go on beyond it."""
    most: int = settings.SMS_A_DAY
    return most


def today(now: datetime) -> dict[str, int]:
    """Return how many SMS of each kind were handed over today."""
    return dict(SmsCount.objects.filter(day=now.astimezone(SHANGHAI).date()).values_list("kind", "number"))


def at_cap(now: datetime) -> list[str]:
    """Return the kinds whose SMS of today have reached the cap."""
    return sorted(kind for kind, number in today(now).items() if number >= cap() and kind not in ("code", "test"))


def is_too_late(message: Message, now: datetime) -> bool:
    """Say whether it would help nobody any more: a code that has run out."""
    return message.urgency == CODE and now >= message.at + CODE_LASTS


def is_overtaken(message: Message, gone: Iterable[Delivery], now: datetime) -> bool:
    """Say whether it would send people after what is done, or can be done no more, since it has waited for the morning
    or for a provider. It stays in the portal; one that may have left goes on, or is listed."""
    application = message.application
    if application is None or any(one.outcome == "perhaps" for one in gone):
        return False
    said = message.values.get("deadline")
    until = datetime.fromisoformat(said) if said else None
    if message.kind in VISITS:
        return application.appointment_at != until
    if message.kind == "question" and application.question is None:
        return True
    if application.status not in STANDS_IN.get(message.kind, (application.status,)):
        return True
    return until is not None and until <= now and message.kind != "appointment_lost"
