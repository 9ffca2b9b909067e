"""What several files here share: what would have been sent to people."""

import re

import pytest

from candidates.accounts import passwords
from candidates.models import Account

SENT: list[tuple[Account, str]] = []


def keep(account, subject, text):
    SENT.append((account, re.search(r"\d{6}", text)[0]))


class _AtOnce:
    def __init__(self, target, args, daemon):
        self.start = lambda: target(*args)


@pytest.fixture
def outbox(settings, monkeypatch):
    """The codes that would have been sent, each with its account, at once."""
    SENT.clear()
    settings.SENDER = f"{__name__}.keep"
    monkeypatch.setattr("candidates.messages.sending.Thread", _AtOnce)
    return SENT


@pytest.fixture
def ask(django_capture_on_commit_callbacks, outbox):
    """Ask for a code to set a new password by, and send it."""

    def asking(name, now=None, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return passwords.ask_for_code(name, now=now, **more)

    return asking
