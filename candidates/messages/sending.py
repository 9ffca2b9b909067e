"""Who tells people outside the portal, by what NMEC_SENDER names: a chain, the first that takes a message is used.

A sender answers in the words of senders/terms.py. One of an operator's own is a function of (account, subject, text);
`reaches` says which of an account's contacts it uses. That it returns means: sent. It raises Unreachable where there is
nowhere to send to, PerhapsSent where it cannot know whether the message has left; anything else that it raises means:
not sent, and worth another try.
"""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from candidates.messages.senders.aliyun import Aliyun
from candidates.messages.senders.tencent import Tencent
from candidates.messages.senders.terms import Answer, Letter, Sender
from candidates.models import Account
from candidates.rules.id_number import masked

log = logging.getLogger(__name__)

Function = Callable[[Account, str, str], None]
CONTACTS = {"mobile": "手机", "email": "电子邮箱"}  # an account's field → its name on screen
CONTACT_OF = {"sms": "mobile", "mail": "email"}  # a channel → the contact that it goes to
WITHOUT = {"mobile": Q(mobile_hash=None), "email": Q(email="")}


class PerhapsSent(Exception):
    """The provider was given the message and did not say what became of it: sending again might be twice."""


class Unreachable(Exception):
    """The account has no contact that the sender reaches: nothing was sent, and trying again would not help."""


def reaches(*contacts: str) -> Callable[[Function], Function]:
    """Say of a sender which contacts it uses (keys of CONTACTS); of one that does not say, all are assumed."""
    if unknown := set(contacts) - set(CONTACTS):
        raise ValueError(f"A sender reaches {', '.join(CONTACTS)}, not {', '.join(sorted(unknown))}.")

    def declared(sender: Function) -> Function:
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
        except SMTPRecipientsRefused as error:
            if all(500 <= code < 600 for code, _ in error.recipients.values()):  # for good: no such person
                raise Unreachable from error
            raise


@dataclass(frozen=True)
class Own:
    """A sender that is a function, the shipped `mail` and `console` among them."""

    name: str
    function: Function

    @property
    def reaches(self) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self.function, "reaches", tuple(CONTACTS))
        return found

    def tells(self, kind: str) -> bool:
        return True

    def send(self, letter: Letter) -> Answer:
        account = letter.account
        if account is None or (account.mobile, account.email) != (letter.mobile, letter.email):
            account = Account(kind="candidate", mobile=letter.mobile, email=letter.email)
        try:
            self.function(account, letter.subject, letter.text)
        except Unreachable:
            return Answer("unreachable")
        except PerhapsSent:
            return Answer("perhaps")
        except Exception as error:  # whatever a sender raises, go on with the others; its text may hold personal data
            return Answer("later", code=type(error).__name__)
        return Answer("sent")


SHIPPED = {"mail": "candidates.messages.sending.mail", "console": "candidates.messages.sending.console"}


def chain() -> tuple[Sender, ...]:
    """Return the senders that NMEC_SENDER names, in its order. Raises ImportError where one is none."""
    return tuple(_sender(name.strip()) for name in settings.SENDER.split(",") if name.strip())


def _sender(name: str) -> Sender:
    if name == "aliyun":
        return Aliyun(settings.ALIYUN_SMS or {})
    if name == "tencent":
        return Tencent(settings.TENCENT_SMS or {})
    return _own(SHIPPED.get(name, name))


@cache
def _own(path: str) -> Own:
    return Own(path.removeprefix("candidates.messages.sending."), import_string(path))


def chain_of(channel: str, kind: str) -> list[Sender]:
    """Return those that can tell this kind by this channel, in their order."""
    contact = CONTACT_OF[channel]
    return [one for one in chain() if contact in one.reaches and one.tells(kind)]


def contacts() -> tuple[str, ...]:
    """Return the contacts that somebody in the chain brings a code to."""
    found = {contact for one in chain() if one.tells("code") for contact in one.reaches}
    return tuple(contact for contact in CONTACTS if contact in found)


def contacts_in_words() -> str:
    """Say where a code goes, whether or not anybody has such a contact: 手机或电子邮箱."""
    return "或".join(CONTACTS[contact] for contact in contacts())


def can_reach(account: Account) -> bool:
    return any(getattr(account, contact) for contact in contacts())


def out_of_reach() -> QuerySet[Account]:
    """Return everybody whom no sender can reach: they read in the portal what they are told, or nowhere."""
    return Account.objects.filter(*(WITHOUT[contact] for contact in contacts()))
