"""Sending a message once more: as a new one, never a secret, and not twice at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.messages import outbox, resending
from candidates.messages.writing import tell, tell_account
from candidates.models import Message
from candidates.rules.refusals import NotAllowed
from tests.factories import make_application

pytestmark = pytest.mark.django_db
NOW = timezone.now()
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def gone():
    """A message that was sent yesterday."""
    message = tell("received", make_application("registered"), YESTERDAY, {"level": "site"})
    Message.objects.filter(pk=message.pk).update(next_try_at=None, sent_at=YESTERDAY)
    message.refresh_from_db()
    return message


def test_the_same_words_wait_to_be_sent_again(gone):
    again = resending.resend(gone.pk, now=NOW)
    assert (again.pk != gone.pk, again.text, again.account, again.application) == (
        True,
        gone.text,
        gone.account,
        gone.application,
    )
    assert outbox.state_of(again) == "waiting"


def test_it_is_not_written_twice_within_minutes(gone):
    resending.resend(gone.pk, now=NOW)
    with pytest.raises(NotAllowed, match="刚刚写过"):
        resending.resend(gone.pk, now=NOW + timedelta(minutes=9))
    assert resending.resend(gone.pk, now=NOW + timedelta(minutes=11)).pk > gone.pk


def test_what_waits_has_not_had_its_turn(gone):
    Message.objects.filter(pk=gone.pk).update(next_try_at=NOW, sent_at=None)
    with pytest.raises(NotAllowed, match="还在等待发送"):
        resending.resend(gone.pk, now=NOW)


def test_a_secret_is_never_sent_again(gone):
    secret = tell_account("code", gone.account, at=YESTERDAY, code="123456", purpose="手机号码")
    Message.objects.filter(pk=secret.pk).update(next_try_at=None)
    secret.refresh_from_db()
    assert resending.may_be(secret) is False
    assert resending.may_be(gone) is True
