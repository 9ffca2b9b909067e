"""Reviewers and operators are told of what becomes of their accounts, and read it in the portal."""

import pytest
from django.core.management import call_command

from candidates.messages import outbox
from candidates.messages.writing import tell_account
from candidates.models import Account, Message
from review.operations import accounts
from tests.factories import make_operator, make_reviewer, make_units
from tests.review.casework import log_in

pytestmark = pytest.mark.django_db
PAGE = "/review/messages/"


@pytest.fixture
def units():
    return make_units()


@pytest.fixture
def anna(units):
    return make_reviewer(units["1101"], username="anna", email="anna@example.org")


def changed(account, **values):
    for name, value in values.items():
        setattr(account, name, value)
    accounts.change(account, values)
    return [(one.subject, one.contact) for one in Message.objects.filter(kind="staff").order_by("pk")]


def test_a_new_account_is_told_where_the_password_is_handed_over(units):
    accounts.add(Account(unit=units["1101"], username="new.one", name="新某", email="new@example.org"))
    told = Message.objects.get()
    assert told.text == f"您的工作账号 new.one（{units['1101'].name}）已建立。有疑问的，请联系本单位负责人或操作员。"


def test_a_new_account_without_a_contact_is_told_nothing(units):
    accounts.add(Account(unit=units["1101"], username="new.one", name="新某"))
    assert not Message.objects.exists()


def test_each_change_is_told_in_words(anna, units):
    assert changed(anna, is_head=True) == [("您的工作账号已设为负责人", None)]
    assert changed(anna, is_head=False)[1:] == [("您的工作账号不再是负责人", None)]
    assert changed(anna, is_active=False)[2:] == [("您的工作账号已停用", None)]
    assert changed(anna, is_active=True)[3:] == [("您的工作账号已重新启用", None)]
    assert changed(anna, name="另名")[4:] == []


def test_who_is_moved_is_told_of_the_unit_alone(anna, units):
    anna.is_head = True
    anna.save()
    assert changed(anna, unit=units["1102"]) == [("您的工作账号已调到新的单位", None)]


def test_a_changed_mail_is_told_to_the_old_one(anna):
    assert changed(anna, email="other@example.org") == [("您的工作账号的电子邮箱已修改", "anna@example.org")]


def test_a_command_that_switches_off_tells_it_once(anna):
    for _ in range(2):
        call_command("disable_reviewer", "anna")
    assert [one.subject for one in Message.objects.all()] == ["您的工作账号已停用"]


def test_an_operator_is_told_too(units):
    make_operator("second")
    call_command("add_operator", "second", "--off")
    assert Message.objects.get().text.startswith("您的工作账号 second（操作员）已停用。")


def test_it_goes_by_mail(anna, settings, mailoutbox):
    settings.SENDER = "mail"
    changed(anna, is_head=True)
    outbox.deliver_due(Message.objects.get().at)
    assert [(one.to, one.subject) for one in mailoutbox] == [(["anna@example.org"], "您的工作账号已设为负责人")]


def test_the_portal_shows_it_and_no_secret(client, anna):
    tell_account("staff_password", anna, username="anna", first="abcd", second="efgh", third="jkmn")
    accounts.change(anna, ["is_head"])
    log_in(client, anna)
    page = client.get(PAGE).content.decode()
    assert ("您的工作账号不再是负责人" in page, "一次性密码" in page) == (True, False)
    assert Message.objects.get(kind="staff").read_at


def test_what_is_another_ones_is_not_shown(client, anna, units):
    accounts.change(anna, ["is_head"])
    log_in(client, make_reviewer(units["1101"], username="bert"))
    assert "您的工作账号不再是负责人" not in client.get(PAGE).content.decode()


def test_the_queue_says_that_there_is_something_unread(client, anna):
    accounts.change(anna, ["is_head"])
    log_in(client, anna)
    link = '<a href="/review/messages/">有未读消息</a>'
    assert link in client.get("/review/applications/").content.decode()
    client.get(PAGE)
    assert link not in client.get("/review/applications/").content.decode()
