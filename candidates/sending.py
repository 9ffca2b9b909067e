"""Telling people outside the portal, by what NMEC_SENDER names: codes at once, messages by candidates/outbox.py.

A sender is a function of (account, subject, text); it decides which of the account's contacts it can reach. It raises
PerhapsSent where it cannot know whether the message has left; anything else that it raises means: not sent.
"""

import logging
import sys
from smtplib import SMTPServerDisconnected
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils.module_loading import import_string

from candidates.id_number import masked
from candidates.models import Account

log = logging.getLogger(__name__)


class PerhapsSent(Exception):
    """The provider was given the message and did not say what became of it: sending again might be twice."""


def console(account: Account, subject: str, text: str) -> None:
    """For development and demos: printed where the server runs."""
    sys.stdout.write(f"[to {masked(account.mobile) if account.mobile else account}] {subject}: {text}\n")
    sys.stdout.flush()


def mail(account: Account, subject: str, text: str) -> None:
    """To the bound e-mail address, if there is one, by Django's mail settings."""
    if not account.email:
        return
    with get_connection() as connection:  # a server that does not answer raises here, before anything was said
        try:
            EmailMessage(subject, text, None, [account.email], connection=connection).send()
        except (TimeoutError, SMTPServerDisconnected) as error:
            raise PerhapsSent from error


def send_later(account: Account | None, subject: str, text: str) -> None:
    """Sends once the transaction has committed, in the background: the answer takes the same time for everybody.

    With no account nothing is sent, and the same is done.
    """
    transaction.on_commit(lambda: Thread(target=_send, args=(account, subject, text), daemon=True).start())


def _send(account: Account | None, subject: str, text: str) -> None:
    if account is None:
        return
    try:
        import_string(settings.SENDER)(account, subject, text)
    except Exception as error:  # nobody waits for this thread; what the error says may hold a person's data
        log.warning("Sending to account %s failed: %s", account.pk, type(error).__name__)
