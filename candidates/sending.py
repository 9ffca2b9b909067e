"""Telling people outside the portal: by what NMEC_SENDER names, after the commit, off the request's time.

A sender is a function of (account, subject, text); it decides which of the account's contacts it can reach.
"""

import logging
import re
import sys
from threading import Thread

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.module_loading import import_string

from candidates.id_number import masked
from candidates.models import Account

log = logging.getLogger(__name__)


def console(account: Account, subject: str, text: str) -> None:
    """For development and demos: printed where the server runs."""
    sys.stdout.write(f"[to {masked(account.mobile) if account.mobile else account}] {subject}: {text}\n")
    sys.stdout.flush()


def mail(account: Account, subject: str, text: str) -> None:
    """To the bound e-mail address, if there is one, by Django's mail settings."""
    if account.email:
        send_mail(subject, text, None, [account.email])


def send_later(account: Account, subject: str, text: str) -> None:
    """Sends once the transaction has committed, in the background: the answer takes the same time for everybody."""
    transaction.on_commit(lambda: Thread(target=_send, args=(account, subject, text), daemon=True).start())


def _send(account: Account, subject: str, text: str) -> None:
    try:
        import_string(settings.SENDER)(account, subject, text)
    except OSError as error:  # a provider that does not answer; no personal data in the line
        log.warning("Sending to account %s failed: %s", account.pk, re.sub(r"\S+@\S+", "…", str(error)))
