"""Telling people outside the portal, by what NMEC_SENDER names: codes at once, messages by messages/outbox.py.

A sender is a function of (account, subject, text); `reaches` says which of an account's contacts it uses. That it
returns means: sent. It raises Unreachable where there is nowhere to send to, PerhapsSent where it cannot know whether
the message has left; anything else that it raises means: not sent, and worth another try.
"""

import logging
import sys
from collections.abc import Callable
from smtplib import SMTPServerDisconnected
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from candidates.models import Account
from candidates.rules.id_number import masked

log = logging.getLogger(__name__)

Sender = Callable[[Account, str, str], None]
CONTACTS = {"mobile": "手机", "email": "电子邮箱"}  # an account's field → its name on screen
WITHOUT = {"mobile": Q(mobile_hash=None), "email": Q(email="")}


class PerhapsSent(Exception):
    """The provider was given the message and did not say what became of it: sending again might be twice."""


class Unreachable(Exception):
    """The account has no contact that the sender reaches: nothing was sent, and trying again would not help."""


def reaches(*contacts: str) -> Callable[[Sender], Sender]:
    """Say of a sender which contacts it uses (keys of CONTACTS); of one that does not say, all are assumed."""
    if unknown := set(contacts) - set(CONTACTS):
        raise ValueError(f"A sender reaches {', '.join(CONTACTS)}, not {', '.join(sorted(unknown))}.")

    def declared(sender: Sender) -> Sender:
        sender.reaches = contacts  # type: ignore[attr-defined]
        return sender

    return declared


@reaches("mobile", "email")
def console(account: Account, subject: str, text: str) -> None:
    """Print the message where the server runs: for development and demos."""
    contact = account.mobile or account.email
    sys.stdout.write(f"[to {masked(contact) if contact else account}] {subject}: {text}\n")
    sys.stdout.flush()


@reaches("email")
def mail(account: Account, subject: str, text: str) -> None:
    """Mail the message to the account's address, by Django's mail settings."""
    if not account.email:
        raise Unreachable
    with get_connection() as connection:  # a server that does not answer raises here, before anything was sent
        try:
            EmailMessage(subject, text, None, [account.email], connection=connection).send()
        except (TimeoutError, SMTPServerDisconnected) as error:
            raise PerhapsSent from error


def contacts() -> tuple[str, ...]:
    """Return the contacts that NMEC_SENDER reaches."""
    found: tuple[str, ...] = getattr(import_string(settings.SENDER), "reaches", tuple(CONTACTS))
    return found


def contacts_in_words() -> str:
    """Say where a code goes, whether or not anybody has such a contact: 手机或电子邮箱."""
    return "或".join(CONTACTS[contact] for contact in contacts())


def can_reach(account: Account) -> bool:
    return any(getattr(account, contact) for contact in contacts())


def out_of_reach() -> QuerySet[Account]:
    """Return everybody whom NMEC_SENDER cannot reach: they read in the portal what they are told, or nowhere."""
    return Account.objects.filter(*(WITHOUT[contact] for contact in contacts()))


def deliver(account: Account, subject: str, text: str) -> None:
    """Hand it to NMEC_SENDER. Raises Unreachable where there is nowhere to send to, else what the sender raises."""
    if not can_reach(account):
        raise Unreachable
    import_string(settings.SENDER)(account, subject, text)


def send_later(account: Account | None, subject: str, text: str) -> None:
    """Send once the transaction has committed, in the background: the answer takes the same time for everybody.

    With no account nothing is sent, and the same is done.
    """
    transaction.on_commit(lambda: Thread(target=_send, args=(account, subject, text), daemon=True).start())


def _send(account: Account | None, subject: str, text: str) -> None:
    if account is None:
        return
    try:
        deliver(account, subject, text)
    except Exception as error:  # nobody waits for this thread; the error's text may hold personal data
        log.warning("Sending to account %s failed: %s", account.pk, type(error).__name__)
