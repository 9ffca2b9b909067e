"""My account: contact data, my data as a file, deleting."""

import json
from threading import Thread

import pytest
from django.contrib.auth import get_user
from django.db import connection, transaction
from django.utils import timezone

from candidates.accounts import own_account
from candidates.applications import registration
from candidates.applications.workflow import Actor
from candidates.messages import outbox
from candidates.messages.writing import tell_account
from candidates.models import Account, Application, Delivery, Message
from candidates.views import my_account
from tests.factories import PASSWORD, make_application, make_candidate, make_session
from tests.waiting import others_wait_for_a_lock, wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(client):
    account = make_candidate()
    client.force_login(account)
    return account


def change(client, **values):
    return client.post("/account/", {"email": "", "password": PASSWORD, **values})


def test_mobile_and_email_are_changed_with_the_password(client, account):
    change(client, mobile="13811112222", email="zhang@example.com")
    account.refresh_from_db()
    assert (account.mobile, account.email) == ("13811112222", "zhang@example.com")


def test_without_the_password_nothing_changes(client, account):
    change(client, mobile="13811112222", password="wrong")
    answer = client.get("/account/")
    assert answer.context["form"].errors == {"password": ["密码不正确：请重新输入。多次输错请稍后再试。"]}
    assert Account.objects.get().mobile == account.mobile


def test_a_mobile_that_another_account_has_is_refused(client, account):
    change(client, mobile=make_candidate().mobile)
    answer = client.get("/account/")
    assert list(answer.context["form"].errors) == ["mobile"]
    assert Account.objects.get(pk=account.pk).mobile == account.mobile


@pytest.mark.parametrize(("status", "follows"), [("draft", True), ("registered", True), ("point_review", False)])
def test_a_form_follows_until_it_is_submitted(client, status, follows):
    application = make_application(status)
    client.force_login(application.account)
    change(client, mobile="13811112222")
    application.refresh_from_db()
    assert application.account.mobile == "13811112222"
    assert (application.mobile == "13811112222") == follows


def test_the_page_shows_the_number_masked(client, account):
    page = client.get("/account/").content.decode()
    number = account.document_number
    assert number not in page
    assert f"{number[:6]}********{number[14:]}" in page


def test_my_data_is_everything_and_only_mine(client):
    application = make_application("point_review")
    other = make_application("registered")
    client.force_login(application.account)
    answer = client.get("/account/data/")
    data = json.loads(answer.content)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="my-data.json"; ')
    assert data["account"]["document_number"] == application.account.document_number
    assert [one["number"] for one in data["applications"]] == [application.number]
    assert len(data["applications"][0]["images"]) == 4
    assert [one["action"] for one in data["applications"][0]["history"]] == ["完成报名", "提交审核"]
    assert other.account.document_number not in answer.content.decode()


def test_the_contact_from_before_is_in_my_data(client, account):
    own_account.change_contact(account.pk, mobile="13811112222", email="")
    client.force_login(Account.objects.get(pk=account.pk))
    data = json.loads(client.get("/account/data/").content)
    assert (data["account"]["former_contact"], data["mobile_changes"]) == (account.mobile, [])


def test_an_account_without_an_application_is_deleted_after_asking(client, account):
    assert client.get("/account/delete/").status_code == 200
    assert Account.objects.count() == 1
    client.post("/account/delete/", {"password": "wrong"})
    assert Account.objects.count() == 1
    assert client.post("/account/delete/", {"password": PASSWORD}).headers["Location"] == "/"
    assert Account.objects.count() == 0


def test_an_account_with_an_application_stays(client):
    application = make_application("point_review")
    client.force_login(application.account)
    client.post("/account/delete/", {"password": PASSWORD})
    assert (Account.objects.count(), Application.objects.count()) == (1, 1)
    assert "这个账号不能删除" in client.get("/account/delete/").content.decode()


def answered_after(act, client, address, data):
    """What the address answers that is asked while `act` has been done and not yet committed."""
    answers = []

    def ask():
        try:
            answers.append(client.post(address, data))
        finally:
            connection.close()

    asking = Thread(target=ask)
    with transaction.atomic():
        act()
        asking.start()
        wait_until(others_wait_for_a_lock, "the second act did not wait for the first")
    asking.join(30)
    return answers[0]


@pytest.mark.django_db(transaction=True)
def test_an_application_started_while_the_account_is_deleted_is_refused(client, account):
    make_session()
    answer = answered_after(lambda: own_account.delete_account(account.pk), client, "/application/start/", {})
    assert answer.status_code == 409
    assert "这个账号已经删除" in answer.content.decode()
    assert (Account.objects.count(), Application.objects.count()) == (0, 0)
    assert client.get("/application/").headers["Location"] == "/login/?next=/application/"


@pytest.mark.django_db(transaction=True)
def test_an_account_deleted_while_an_application_is_started_stays_and_stays_logged_in(client, account):
    session = make_session()
    start = lambda: registration.start(account, session=session, actor=Actor.of(account))  # noqa: E731
    answer = answered_after(start, client, "/account/delete/", {"password": PASSWORD})
    assert answer.status_code == 409
    assert "账号不能自行删除" in answer.content.decode()
    assert (Account.objects.count(), Application.objects.count()) == (1, 1)
    assert get_user(client) == account


@pytest.mark.django_db(transaction=True)
def test_contact_data_changed_while_the_account_is_deleted_is_refused(client, account):
    data = {"mobile": "13811112222", "email": "", "password": PASSWORD}
    answer = answered_after(lambda: own_account.delete_account(account.pk), client, "/account/", data)
    assert answer.headers["Location"] == "/account/"
    assert client.get("/account/").headers["Location"].startswith("/login/")
    assert Account.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_deletions_at_once_the_second_says_that_it_is_done(client, account):
    remove = lambda: own_account.delete_account(account.pk)  # noqa: E731
    answer = answered_after(remove, client, "/account/delete/", {"password": PASSWORD})
    assert answer.status_code == 409
    assert "这个账号已经删除" in answer.content.decode()


# --- by which channels I am told


def test_i_choose_how_i_am_told_what_can_wait(client):
    mine = make_candidate()
    client.force_login(mine)
    assert client.post("/account/channels/", {"mail": "on"}).headers["Location"] == "/account/"
    mine.refresh_from_db()
    assert (mine.no_sms, mine.no_mail) == (True, False)
    page = client.get("/account/").content.decode()
    assert [f'name="{name}" id="channel-{name}" checked' in page for name in ("sms", "mail")] == [False, True]


def test_a_channel_that_cannot_reach_me_says_what_is_missing(client):
    client.force_login(make_candidate(email=""))
    page = client.get("/account/").content.decode()
    assert ("还没有填写电子邮箱，收不到" in page, "还没有填写手机号码，收不到" in page) == (True, False)


def test_a_channel_that_the_portal_has_not_is_not_offered(client, settings):
    settings.SENDER = "mail"
    client.force_login(make_candidate())
    page = client.get("/account/").content.decode()
    assert ("channel-mail" in page, "channel-sms" in page) == (True, False)


def test_who_could_not_be_reached_is_asked_to_check_the_number(client):
    mine, now = make_candidate(), timezone.now()
    client.force_login(mine)
    message = tell_account("contact_changed", mine, which="手机号码")
    Delivery.objects.create(message=message, channel="sms", sender="aliyun", at=now, outcome="unreachable")
    assert "发到您手机的消息没有送达" in client.get("/account/").content.decode()
    Delivery.objects.create(message=message, channel="sms", sender="aliyun", at=now, outcome="sent")
    assert "发到您手机的消息没有送达" not in client.get("/account/").content.decode()


def test_what_did_not_reach_the_old_number_says_nothing_of_the_new_one():
    mine = make_candidate()
    message = tell_account("contact_changed", mine, which="手机号码")
    Delivery.objects.create(message=message, channel="sms", sender="x", at=timezone.now(), outcome="unreachable")
    assert outbox.unreached(mine) == "手机"
    assert outbox.unreached(own_account.change_contact(mine.pk, mobile="13811112222", email="")) == ""


def test_a_changed_contact_is_told_to_the_old_one():
    mine = make_candidate(email="a@example.org")
    old = mine.mobile
    own_account.change_contact(mine.pk, mobile="13811112222", email="a@example.org")
    told = Message.objects.get(kind="contact_changed")
    assert (told.contact, told.subject) == (old, "您的手机号码已修改")


def test_who_tries_many_mobiles_of_others_waits(client, account, settings):
    settings.REGISTER_TRIES = 2
    theirs = make_candidate().mobile
    for _ in range(3):
        change(client, mobile=theirs)
    change(client, mobile="13811112222")
    assert client.get("/account/").context["form"].errors == {"__all__": [my_account.TOO_MANY]}
    assert Account.objects.get(pk=account.pk).mobile == account.mobile
