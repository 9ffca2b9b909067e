"""What an account has not read yet: the newest, but neither secrets nor what waits for a decision to stand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.messages.unread import SHOWN, unread_by
from candidates.models import Message
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db


def told(account, **facts):
    return Message.objects.create(account=account, **{"kind": "email_changed", "at": timezone.now(), **facts})


def test_the_newest_come_first_and_no_more_than_are_shown():
    person = make_candidate()
    messages = [told(person) for _ in range(SHOWN + 1)]
    assert unread_by(person) == messages[:0:-1]


def test_only_what_this_account_may_read_and_has_not():
    person, now = make_candidate(), timezone.now()
    told(person, read_at=now)
    told(person, held_until=now + timedelta(minutes=5))
    told(person, kind="code")
    told(make_candidate())
    over = told(person, held_until=now)
    assert unread_by(person) == [over]
