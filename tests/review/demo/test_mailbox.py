"""The demo's mailbox, as Django's mail speaks to it, and on the gateway's page."""

import socket
from threading import Thread

import pytest
from django.core.mail import EmailMessage, get_connection

from review.demo import mailbox as mailboxes
from review.demo.mailbox import Mailbox
from review.demo.sms_gateway import Gateway


@pytest.fixture
def mailbox():
    made = Mailbox()
    running = mailboxes.server(socket.create_server(("127.0.0.1", 0)), made)
    made.port = running.server_address[1]
    Thread(target=running.serve_forever, args=[0.02], daemon=True).start()
    yield made
    running.shutdown()
    running.server_close()


def mail(mailbox, subject, text):
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with get_connection(backend, host="127.0.0.1", port=mailbox.port) as connection:
        EmailMessage(subject, text, "noreply@example.org", ["z@example.org"], connection=connection).send()


def test_what_is_mailed_is_kept_as_it_was_written(mailbox):
    mail(mailbox, "电子邮箱验证码", ".第一行\n您的验证码是 123456。")
    [kept] = mailbox.taken
    assert (kept.to, kept.subject, kept.text) == ("z@example.org", "电子邮箱验证码", ".第一行\n您的验证码是 123456。")


def test_the_gateways_page_shows_it_as_text(mailbox):
    mail(mailbox, "<b>", "您的验证码是 123456。")
    page = Gateway("secret", mailbox=mailbox)._page()
    assert ("z@example.org" in page, "您的验证码是 123456。" in page, "<b>&lt;b&gt;</b>" in page) == (True, True, True)


def test_a_mailbox_is_for_this_machine_only():
    with socket.create_server(("0.0.0.0", 0)) as listening, pytest.raises(ValueError, match="this machine"):
        mailboxes.server(listening, Mailbox())
