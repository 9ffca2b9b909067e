"""A provider that takes a message and does not answer: others' messages, and requests, go on meanwhile."""

import io
import socket
from threading import Event, Thread

import pytest
from django.db import connection

from candidates.accounts import mobiles
from candidates.management.commands.send_messages import Command
from candidates.messages.senders import https
from candidates.messages.writing import tell_account
from candidates.models import Delivery
from nmec_portal import message_settings
from review.demo import mailbox as mailboxes
from review.demo import sms_gateway
from review.demo.mailbox import Mailbox
from review.demo.sms_gateway import Gateway
from tests.waiting import wait_until


@pytest.fixture
def silent(settings, tmp_path, monkeypatch):
    """The demo's gateway, silent for as long as a test lasts, with its mailbox; three SMS at once."""
    made = Gateway(sms_gateway.secret_in(tmp_path), mailbox=Mailbox())
    made.mood = "silent"
    pages = sms_gateway.server(socket.create_server(("127.0.0.1", 0)), made)
    mails = mailboxes.server(socket.create_server(("127.0.0.1", 0)), made.mailbox)
    for running in (pages, mails):
        Thread(target=running.serve_forever, args=[0.02], daemon=True).start()
    environ = sms_gateway.environment(tmp_path, f"http://127.0.0.1:{pages.server_port}")
    settings.ALIYUN_SMS = message_settings.aliyun(environ, production=False, demo=True)
    settings.SENDER, settings.SENDING_AT_ONCE = "aliyun,mail", 3
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mails.server_address
    monkeypatch.setattr(https, "ANSWER", 60)
    yield made
    made.released.set()
    for running in (pages, mails):
        running.shutdown()
        running.server_close()


@pytest.fixture
def worker(silent):
    stop = Event()

    def send():
        Command(stdout=io.StringIO()).send_until(stop)
        connection.close()

    sending = Thread(target=send)
    sending.start()
    yield
    stop.set()
    silent.released.set()
    sending.join()


def a_code(contact):
    return tell_account("code", None, contact=contact, code="123456", purpose="手机号码")


@pytest.mark.django_db(transaction=True)
def test_a_provider_that_hangs_delays_no_other_channel_and_no_request(silent, worker):
    for serial in range(3):  # every thread of the channel waits for an answer
        a_code(f"1380000000{serial}")
    wait_until(lambda: len(silent.taken) == 3, "no SMS arrives")

    a_code("z@example.org")
    wait_until(lambda: [one.to for one in silent.mailbox.taken] == ["z@example.org"], "no mail arrives")
    mobiles.ask_for_code("13811112222")
    assert Delivery.objects.filter(channel="sms", outcome="").count() == 3  # still waiting
