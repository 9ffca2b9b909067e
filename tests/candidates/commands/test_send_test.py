"""A test message, and what each provider answers."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from candidates.messages import sending
from candidates.models import Message, OperatorAct

pytestmark = pytest.mark.django_db
SENT: list[str] = []


@sending.reaches("mobile")
def keep(account, subject, text):
    SENT.append(account.mobile)


@sending.reaches("mobile")
def fail(account, subject, text):
    raise OSError(account.mobile)


@pytest.fixture(autouse=True)
def senders(settings):
    SENT.clear()
    settings.SENDER = f"{__name__}.fail,{__name__}.keep,mail"


def said(*arguments):
    call_command("send_test", *arguments, stdout=(output := StringIO()))
    return output.getvalue()


def test_every_provider_of_the_chain_is_asked_and_its_answer_shown():
    assert said("138 1111 2222") == f"{__name__}.fail：稍后再试（OSError）\n{__name__}.keep：已发送\n"
    assert (SENT, Message.objects.count()) == (["13811112222"], 0)
    assert "13811112222" not in str(list(OperatorAct.objects.values()))


def test_an_address_is_mailed():
    assert said("z@example.org") == "mail：已发送\n"
    assert [one.to for one in mail.outbox] == [["z@example.org"]]


def test_a_dry_run_sends_nothing():
    assert said("13811112222", "--dry-run") == f"将经由：{__name__}.fail、{__name__}.keep（未发送）。\n"
    assert SENT == []


def test_where_nobody_has_sent_it_that_is_an_error(settings):
    settings.SENDER = f"{__name__}.fail"
    with pytest.raises(CommandError, match="没有一个服务商发出"):
        said("13811112222")


@pytest.mark.parametrize("contact", ["12345", "z@", "张某"])
def test_what_is_no_contact_is_refused(contact):
    with pytest.raises(CommandError, match="不是手机号码，也不是电子邮箱"):
        said(contact)


def test_where_no_mobile_is_reached_it_says_what_to_set(settings):
    settings.SENDER = "mail"
    with pytest.raises(CommandError, match="请检查 NMEC_SENDER"):
        said("13811112222")
