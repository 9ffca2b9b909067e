"""Confirming a mobile by a code (the pages: test_views_mobiles)."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from candidates.accounts import mobiles
from candidates.models import OneTimeCode
from candidates.rules.refusals import NotAllowed, Refused
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db

MOBILE = "13811112222"
NOW = datetime(2026, 3, 1, 9, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def ask(outbox, django_capture_on_commit_callbacks):
    def asking(now=NOW):
        with django_capture_on_commit_callbacks(execute=True):
            return mobiles.ask_for_code(MOBILE, now=now)

    return asking


def test_the_code_goes_to_the_number_itself_whoever_has_it(ask, outbox):
    make_candidate(mobile=MOBILE)
    ask()
    [(receiver, _)] = outbox
    assert receiver.mobile == MOBILE
    assert receiver.pk is None
    assert OneTimeCode.objects.get().account_id is None


def test_a_code_is_used_up_by_confirming(ask, outbox):
    token, code = ask(), outbox[0][1]
    mobiles.confirm(token, code, now=NOW)
    assert OneTimeCode.objects.get().used_at == NOW
    with pytest.raises(Refused):
        mobiles.confirm(token, code, now=NOW)


def test_a_wrong_code_is_counted_and_refused(ask, outbox):
    token = ask()
    wrong = f"{(int(outbox[0][1]) + 1) % 1_000_000:06}"
    with pytest.raises(Refused) as refused:
        mobiles.confirm(token, wrong, now=NOW)
    assert refused.value.problems == {"code": "验证码不正确或已失效：请用最近一次收到的，或重新获取。"}
    assert OneTimeCode.objects.get().tries == 1


def test_the_next_code_has_to_wait_a_minute(ask, outbox):
    ask()
    with pytest.raises(NotAllowed):
        ask(NOW + timedelta(seconds=59))
    ask(NOW + timedelta(seconds=60))
    assert len(outbox) == 2


def test_where_no_message_reaches_a_mobile_no_code_is_made(settings):
    settings.SENDER = "candidates.messages.sending.mail"
    with pytest.raises(NotAllowed) as refused:
        mobiles.ask_for_code(MOBILE)
    assert str(refused.value) == mobiles.no_way()
    assert OneTimeCode.objects.count() == 0


def test_where_one_does_nothing_stands_in_the_way():
    assert mobiles.no_way() == ""
