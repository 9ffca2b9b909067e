"""Senders: what each reaches, and that nothing counts as sent that had nowhere to go."""

import re

import pytest
from django.core import mail as mailing

from candidates.accounts import passwords
from candidates.messages import sending
from candidates.messages.sending import Unreachable
from candidates.messages.writing import tell_account
from candidates.models import Account, OneTimeCode
from tests.factories import make_candidate
from tests.sent import hand_over_all

pytestmark = pytest.mark.django_db
MAIL = "candidates.messages.sending.mail"
SENT: list[str] = []


def undeclared(account, subject, text):
    SENT.append(subject)


@sending.reaches("mobile")
def text_messages(account, subject, text):
    SENT.append(subject)


@pytest.fixture(autouse=True)
def nothing_sent():
    SENT.clear()


def use(settings, sender):
    settings.SENDER = f"{__name__}.{sender.__name__}"


# --- what a sender reaches


def test_mail_goes_to_the_address_of_the_account():
    sending.mail(make_candidate(email="z@example.org"), "标题", "内容")
    assert [(one.to, one.subject) for one in mailing.outbox] == [(["z@example.org"], "标题")]


def test_mail_without_an_address_is_not_sent_and_says_so():
    with pytest.raises(Unreachable):
        sending.mail(make_candidate(email=""), "标题", "内容")
    assert mailing.outbox == []


@pytest.mark.parametrize(
    ("sender", "contacts", "words"),
    [
        (MAIL, ("email",), "电子邮箱"),
        ("candidates.messages.sending.console", ("mobile", "email"), "手机或电子邮箱"),
        (f"{__name__}.text_messages", ("mobile",), "手机"),
        (f"{__name__}.undeclared", ("mobile", "email"), "手机或电子邮箱"),
    ],
)
def test_a_sender_says_what_it_reaches_or_is_taken_to_reach_all(settings, sender, contacts, words):
    settings.SENDER = sender
    assert (sending.contacts(), sending.contacts_in_words()) == (contacts, words)


def test_a_contact_that_nobody_has_cannot_be_declared():
    with pytest.raises(ValueError, match="A sender reaches mobile, email, not pigeon"):
        sending.reaches("pigeon")


@pytest.mark.parametrize("sender", [undeclared, text_messages])
def test_no_sender_is_asked_to_send_to_nobody(settings, sender):
    use(settings, sender)
    tell_account("code", None, code="123456", purpose="重置密码")
    hand_over_all()
    assert SENT == []


def test_a_chain_is_asked_in_its_order_and_only_by_who_reaches_the_contact(settings):
    settings.SENDER = f"mail, {__name__}.text_messages,console"
    assert [one.name for one in sending.chain_of("sms", "paid")] == [f"{__name__}.text_messages", "console"]
    assert [one.name for one in sending.chain_of("mail", "paid")] == ["mail", "console"]


@pytest.mark.parametrize("sender", [MAIL, "candidates.messages.sending.console", f"{__name__}.text_messages"])
def test_who_is_out_of_reach_is_asked_of_the_database_as_of_each_account(settings, sender):
    settings.SENDER = sender
    everybody = [make_candidate(), make_candidate(email="z@example.org")]
    out_of_reach = {account for account in everybody if not sending.can_reach(account)}
    assert set(sending.out_of_reach()) == out_of_reach


# --- codes


@pytest.fixture
def by_mail(settings):
    settings.SENDER = MAIL


def asked(django_capture_on_commit_callbacks, name: str) -> int:
    """How many mails a request for a new password has sent."""
    before = len(mailing.outbox)
    with django_capture_on_commit_callbacks(execute=True):
        passwords.ask_for_code(name)
    hand_over_all()
    return len(mailing.outbox) - before


def test_a_code_goes_to_those_who_can_be_reached(by_mail, django_capture_on_commit_callbacks):
    with_address, without = make_candidate(email="z@example.org"), make_candidate()
    assert asked(django_capture_on_commit_callbacks, with_address.mobile) == 1
    assert asked(django_capture_on_commit_callbacks, without.mobile) == 0


def test_for_who_cannot_be_reached_the_same_is_written_as_for_nobody(by_mail, django_capture_on_commit_callbacks):
    asked(django_capture_on_commit_callbacks, make_candidate().mobile)
    asked(django_capture_on_commit_callbacks, "13800009999")
    assert list(OneTimeCode.objects.values_list("account", "purpose")) == [(None, "password")] * 2


def test_pages_about_a_new_password_say_where_a_code_can_go_and_never_that_it_was_sent(client, by_mail):
    mine = make_candidate()
    said = []
    for name in (mine.mobile, "13800009999"):
        client.post("/password/", {"username": name})
        said.append(re.sub(r'value="[^"]*"|nonce-\S+', "", client.get("/password/code/").content.decode()))
    assert said[0] == said[1]
    assert "账号又绑定了电子邮箱，验证码会发到那里" in said[0]
    assert "已发送" not in said[0]
    assert "手机或" not in said[0]
    assert "验证码会发到您绑定的电子邮箱" in client.get("/password/").content.decode()


def test_where_no_mobile_is_reached_registering_says_so_at_once_and_writes_nothing(client, by_mail, settings):
    settings.CONFIRM_MOBILE = True
    no_way = "现在不能向手机发送验证码，没有发出"
    assert no_way in client.get("/mobile/").content.decode()
    answer = client.post("/mobile/", {"mobile": "13811112222"}, follow=True)
    assert answer.redirect_chain == [("/mobile/", 302)]
    assert no_way in answer.content.decode()
    assert OneTimeCode.objects.count() == 0
    assert client.get("/mobile/code/").status_code == 302


def test_a_new_mobile_that_cannot_be_confirmed_is_refused_beside_its_field(client, by_mail, settings):
    settings.CONFIRM_MOBILE = True
    mine = make_candidate(password="heron-by-the-river")
    client.force_login(mine)
    sent = {"mobile": "13811112222", "email": "", "password": "heron-by-the-river"}
    answer = client.post("/account/", sent, follow=True)
    assert answer.context["form"].errors["mobile"][0].startswith("现在不能向手机发送验证码，没有发出")
    assert Account.objects.get().mobile == mine.mobile


def test_a_code_for_a_mobile_is_on_its_way_not_sent(client, settings):
    settings.CONFIRM_MOBILE = True
    use(settings, undeclared)
    client.post("/mobile/", {"mobile": "13811112222"})
    page = client.get("/mobile/code/").content.decode()
    assert "验证码会发到" in page
    assert "已发送" not in page


@pytest.mark.parametrize(
    ("sender", "words"), [(MAIL, "用来登录。"), ("candidates.messages.sending.console", "用来登录和接收通知。")]
)
def test_a_form_promises_notices_to_a_mobile_only_where_one_can_go_there(client, settings, sender, words):
    settings.SENDER = sender
    assert f">{words}" in client.get("/register/").content.decode()
