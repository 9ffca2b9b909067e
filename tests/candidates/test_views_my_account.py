"""My account: contact data, my data as a file, deleting."""

import json

import pytest

from candidates.models import Account, Application
from tests.factories import PASSWORD, make_application, make_candidate

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
    answer = change(client, mobile="13811112222", password="wrong")
    assert answer.context["form"].errors == {"password": ["密码不正确：请重新输入。"]}
    assert Account.objects.get().mobile == account.mobile


def test_a_mobile_that_another_account_has_is_refused(client, account):
    answer = change(client, mobile=make_candidate().mobile)
    assert list(answer.context["form"].errors) == ["mobile"]
    assert Account.objects.get(pk=account.pk).mobile == account.mobile


@pytest.mark.parametrize(("status", "follows"), [("draft", True), ("registered", True), ("point_review", False)])
def test_a_form_follows_until_it_is_submitted(client, status, follows):
    application = make_application(status)
    client.force_login(application.account)
    change(client, mobile="13811112222")
    application.refresh_from_db()
    assert (application.account.mobile == "13811112222", application.mobile == "13811112222") == (True, follows)


def test_the_page_shows_the_number_masked(client, account):
    page = client.get("/account/").content.decode()
    number = account.document_number
    assert (number in page, f"{number[:6]}********{number[14:]}" in page) == (False, True)


def test_my_data_is_everything_and_only_mine(client):
    application = make_application("point_review")
    other = make_application("registered")
    client.force_login(application.account)
    answer = client.get("/account/data/")
    data = json.loads(answer.content)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert data["account"]["document_number"] == application.account.document_number
    assert [one["number"] for one in data["applications"]] == [application.number]
    assert len(data["applications"][0]["images"]) == 4
    assert [one["action"] for one in data["applications"][0]["history"]] == ["完成报名", "提交审核"]
    assert other.account.document_number not in answer.content.decode()


def test_an_account_without_an_application_is_deleted_after_asking(client, account):
    assert client.get("/account/delete/").status_code == 200
    assert Account.objects.count() == 1
    client.post("/account/delete/", {"password": "wrong"})
    assert Account.objects.count() == 1
    assert client.post("/account/delete/", {"password": PASSWORD}).headers["Location"] == "/"
    assert Account.objects.count() == 0


def test_an_account_with_an_application_stays(client):
    application = make_application("withdrawn")
    client.force_login(application.account)
    client.post("/account/delete/", {"password": PASSWORD})
    assert (Account.objects.count(), Application.objects.count()) == (1, 1)
    assert "这个账号不能删除" in client.get("/account/delete/").content.decode()
