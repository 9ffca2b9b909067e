"""What several files here share: what would have been sent to people."""

import re

import pytest

from candidates.accounts import passwords
from tests.sent import Sent

SENT = Sent()


def keep(account, subject, text):
    if "验证码" in subject:
        SENT.kept.append((account, re.search(r"\d{6}", text)[0]))


@pytest.fixture
def outbox(settings):
    """The codes that would have been sent, each with its account."""
    SENT.kept.clear()
    settings.SENDER = f"{__name__}.keep"
    return SENT


@pytest.fixture
def ask(django_capture_on_commit_callbacks, outbox):
    """Ask for a code to set a new password by, and send it."""

    def asking(name, now=None, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return passwords.ask_for_code(name, now=now, **more)

    return asking
