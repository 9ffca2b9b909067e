"""Mail as production sends it, through a real mail server: what is sent, and what each failure means."""

import logging
import socket

import pytest
from django.utils import timezone

from candidates.messages import sending
from candidates.messages.outbox import Delivered, deliver_due
from candidates.messages.sending import PerhapsSent
from candidates.models import Message
from tests.candidates.messages.smtp_server import mail_server
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def through(settings):
    """Mail goes through this server from now on."""

    def use(address: tuple[str, int]) -> None:
        settings.SENDER = "candidates.messages.sending.mail"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.DEFAULT_FROM_EMAIL = "noreply@nmec.example"

    return use


def a_message() -> Message:
    now = timezone.now()
    account = make_candidate(email="z@example.org")
    return Message.objects.create(
        account=account, at=now, next_try_at=now, old_subject="材料被退回，请补正", old_text="请补正。"
    )


def test_a_message_arrives_as_it_was_written(through):
    message = a_message()
    with mail_server() as server:
        through(server.server_address)
        assert deliver_due(timezone.now()) == Delivered(sent=1)
    [(recipient, mail)] = server.kept
    assert recipient == "z@example.org"
    assert (mail["To"], mail["From"]) == ("z@example.org", "noreply@nmec.example")
    assert mail["Subject"] == "材料被退回，请补正"
    assert mail.get_content().strip() == "请补正。"
    message.refresh_from_db()
    assert message.sent_at is not None
    assert message.next_try_at is None


@pytest.mark.parametrize("fails_at", ["content"])
def test_what_the_server_refuses_was_not_sent_and_is_tried_again(through, fails_at, caplog):
    message = a_message()
    with mail_server(fails_at) as server:
        through(server.server_address)
        assert deliver_due(timezone.now()) == Delivered(failed=1)
    message.refresh_from_db()
    assert message.sent_at is None
    assert message.next_try_at > timezone.now()
    assert "z@example.org" not in caplog.text


def test_where_nobody_answers_nothing_was_sent_and_it_is_tried_again(through):
    message = a_message()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        through(nobody.getsockname())
        assert deliver_due(timezone.now()) == Delivered(failed=1)
    message.refresh_from_db()
    assert message.next_try_at is not None


def test_a_server_that_hangs_up_after_the_content_may_have_sent_it_so_it_is_not_sent_twice(through, caplog):
    message = a_message()
    with mail_server("hangs up") as server:
        through(server.server_address)
        with pytest.raises(PerhapsSent), caplog.at_level(logging.ERROR):
            sending.mail(message.account, message.subject, message.text)
        assert deliver_due(timezone.now()) == Delivered(unclear=1)
        assert deliver_due(timezone.now()) == Delivered()
    message.refresh_from_db()
    assert (message.sent_at, message.next_try_at) == (None, None)
    assert (message.claimed_at, message.doubtful_at is None) == (None, False)


def test_an_address_that_the_server_does_not_know_is_out_of_reach(through, caplog):
    message = a_message()
    with mail_server("recipient") as server:
        through(server.server_address)
        assert deliver_due(timezone.now()) == Delivered(unreachable=1)
    message.refresh_from_db()
    assert message.unreachable_at is not None
    assert "z@example.org" not in caplog.text
