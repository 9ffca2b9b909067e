"""Registering, logging in and out."""

import pytest
from django.contrib.auth import get_user
from django.test import Client

from candidates.models import Account
from candidates.registration import PRIVACY_VERSION
from tests.candidates.posting import a_registration
from tests.factories import (
    PASSWORD,
    a_resident_id,
    make_candidate,
    make_operator,
    make_reviewer,
    make_session,
    make_units,
)

pytestmark = pytest.mark.django_db


def log_in(client, username, password=PASSWORD, **more):
    return client.post("/login/", {"username": username, "password": password, **more})


def test_registering_logs_in_and_keeps_what_was_agreed_to(client):
    answer = client.post("/register/", a_registration(name="𠮷𬀩㛃", mobile="+86 138 0000 7777"))
    account = Account.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/application/")
    assert (account.name, account.mobile, account.consent_version) == ("𠮷𬀩㛃", "13800007777", PRIVACY_VERSION)
    assert get_user(client) == account


def test_a_document_that_is_valid_for_good_has_no_last_day(client):
    client.post("/register/", a_registration(valid_until="long_term"))
    assert Account.objects.get().valid_until is None


@pytest.mark.parametrize(
    ("taken", "field"), [("document_number", "document_number"), ("mobile", "mobile")], ids=["number", "mobile"]
)
def test_what_another_account_has_is_said_beside_its_field(client, taken, field):
    first, second = a_registration(), a_registration()
    client.post("/register/", first)
    answer = Client().post("/register/", second | {taken: first[taken]})
    assert (list(answer.context["form"].errors), Account.objects.count()) == ([field], 1)


def test_a_refusal_loses_nothing_typed_but_the_passwords(client):
    sent = a_registration(document_number="123")
    answer = client.post("/register/", sent)
    page = answer.content.decode()
    kept = [value for name, value in sent.items() if name not in ("password1", "password2", "email", "consent")]
    assert [value for value in kept if f'value="{value}"' not in page] == []
    assert PASSWORD not in page


def test_a_refusal_logs_nobody_in(client):
    client.post("/register/", a_registration(consent=""))
    assert (Account.objects.count(), get_user(client).is_authenticated) == (0, False)


# --- logging in ---


@pytest.mark.parametrize("spelling", ["{0}", " {0} ", "{1}", "+86 {1}"], ids=["number", "spaces", "mobile", "+86"])
def test_a_candidate_logs_in_by_number_or_mobile(client, spelling):
    account = make_candidate(document_number=a_resident_id(7))
    answer = log_in(client, spelling.format(account.document_number, account.mobile))
    assert (get_user(client), answer.headers["Location"]) == (account, "/application/")


def test_everybody_is_led_to_their_own_pages():
    unit = make_units()["1101"]
    make_reviewer(unit, username="site-1101"), make_operator("operator")
    homes = [log_in(Client(), name).headers["Location"] for name in ("site-1101", "operator")]
    assert homes == ["/review/applications/", "/admin/"]


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/materials/", "/materials/"),
        ("https://elsewhere.example/", "/application/"),
        ("//elsewhere.example/", "/application/"),
        ("/admin/", "/application/"),
        ("", "/application/"),
    ],
)
def test_next_leads_only_to_ones_own_pages_here(client, wanted, led):
    account = make_candidate()
    assert log_in(client, account.mobile, next=wanted).headers["Location"] == led


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer():
    account = make_candidate()
    answers = [
        log_in(Client(), name, "not-the-password") for name in (account.mobile, "13999999999", "990101199003070000")
    ]
    assert {tuple(answer.context["form"].non_field_errors()) for answer in answers} == {
        ("账号或密码不正确：请核对后重新输入。",)
    }
    assert {answer.status_code for answer in answers} == {200}


def test_an_account_that_is_switched_off_gets_that_answer_too(client):
    account = make_candidate()
    Account.objects.update(is_active=False)
    answer = log_in(client, account.mobile)
    assert answer.context["form"].non_field_errors() == ["账号或密码不正确：请核对后重新输入。"]


def test_ten_wrong_passwords_lock_the_account_and_say_how_long(client):
    account = make_candidate()
    for _ in range(10):
        answer = log_in(client, account.mobile, "not-the-password")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "请在 15 分钟后再试" in answer.content.decode()
    assert log_in(client, account.mobile).status_code == 429
    assert get_user(client).is_authenticated is False


def test_a_new_password_comes_first_where_somebody_else_has_set_it(client):
    make_operator("operator", must_change_password=True)
    assert log_in(client, "operator").headers["Location"] == "/password/change/"
    assert client.get("/admin/").headers["Location"] == "/password/change/"
    client.post(
        "/password/change/", {"password": PASSWORD, "password1": "a-new-one-of-mine", "password2": "a-new-one-of-mine"}
    )
    assert client.get("/admin/").status_code == 200


# --- logging out ---


def test_getting_the_address_asks_and_posting_logs_out(client):
    client.force_login(make_candidate())
    assert client.get("/logout/").status_code == 200
    assert get_user(client).is_authenticated is True
    assert client.post("/logout/").headers["Location"] == "/"
    assert get_user(client).is_authenticated is False


def test_who_is_logged_in_needs_no_login_page(client):
    client.force_login(make_candidate())
    assert [client.get(path).headers["Location"] for path in ("/login/", "/register/")] == ["/application/"] * 2


@pytest.mark.parametrize("path", ["/application/", "/application/edit/", "/messages/", "/account/", "/account/data/"])
def test_a_stranger_is_led_to_the_login_page_and_staff_find_nothing(client, path):
    make_session()
    assert client.get(path).headers["Location"] == f"/login/?next={path}"
    for staff in (make_operator(), make_reviewer(make_units()["1101"])):
        client.force_login(staff)
        assert client.get(path).status_code == 404
