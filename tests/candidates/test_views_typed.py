"""Forms around the account that are refused: shown again by pages that can be reloaded and gone back to."""

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from candidates.encryption import decrypt
from candidates.models import Account, LoginSession
from candidates.views import typed
from tests.candidates.posting import a_registration
from tests.factories import make_application, make_candidate

pytestmark = pytest.mark.django_db
SECRET = "kestrel-9-kestrel"
# page -> what is sent there, all of it refused; the first is shown again
REFUSED = {
    "/login/": {"username": "13800000001", "password": SECRET},
    "/register/": a_registration(document_number="123", password1=SECRET, password2=SECRET + "x"),
    "/password/": {"username": ""},
    "/password/change/": {"password": SECRET, "password1": SECRET, "password2": SECRET},
    "/account/": {"mobile": "138", "email": "a@example.com", "password": SECRET},
    "/account/delete/": {"password": SECRET},
}


def client_of(page):
    client = Client()
    if page.startswith(("/account/", "/password/change/")):
        client.force_login(make_candidate(), backend="candidates.accounts.auth.LoginNameBackend")
    return client


def sealed(answer):
    """What is kept in the browser."""
    return {name: one.value for name, one in answer.cookies.items() if name.startswith("typed_")}


@pytest.mark.parametrize("page", REFUSED)
def test_what_is_refused_leads_to_a_page_that_can_be_reloaded(page):
    client, sent = client_of(page), REFUSED[page]
    answer = client.post(page, sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    first, again = client.get(page), client.get(page)
    assert [one.status_code for one in (first, again)] == [200, 200]
    told = first.context["form"].errors
    assert (bool(told), again.context["form"].errors) == (True, told)
    shown = [value for name, value in sent.items() if value and not name.startswith(("password", "consent"))]
    assert [value for value in shown if f'value="{value}"' not in again.content.decode()] == []


@pytest.mark.parametrize("page", REFUSED)
def test_no_password_is_kept(page):
    answer = client_of(page).post(page, REFUSED[page])
    [kept] = sealed(answer).values()
    opened = decrypt(base64.urlsafe_b64decode(kept), typed.PURPOSE)
    assert SECRET not in opened
    assert page in opened


def test_no_code_is_kept(client, settings):
    account = make_candidate()
    client.post("/password/", {"username": account.mobile})
    answer = client.post("/password/code/", {"code": "918273", "password1": SECRET, "password2": SECRET})
    [kept] = sealed(answer).values()
    opened = decrypt(base64.urlsafe_b64decode(kept), typed.PURPOSE)
    assert [one in opened for one in ("918273", SECRET, "/password/code/")] == [False, False, True]


def test_the_cookie_is_for_its_page_alone_and_no_script_reads_it(client):
    answer = client.post("/register/", REFUSED["/register/"])
    cookie = answer.cookies["typed_register_"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/register/", True, "Lax")
    assert cookie["max-age"] == typed.LASTS
    assert LoginSession.objects.count() == 0  # a guesser's tries are no rows


def test_where_the_person_wanted_to_go_is_not_forgotten(client):
    answer = client.post("/login/", {"username": "13800000001", "password": SECRET, "next": "/messages/"})
    assert answer.headers["Location"] == "/login/?next=%2Fmessages%2F"
    assert 'name="next" value="/messages/"' in client.get(answer.headers["Location"]).content.decode()


def test_once_it_is_accepted_nothing_is_kept(client):
    client.post("/register/", a_registration(consent=""))
    answer = client.post("/register/", a_registration())
    assert (Account.objects.count(), answer.cookies["typed_register_"]["max-age"]) == (1, 0)


def test_another_account_is_not_shown_what_one_typed():
    client, other = client_of("/account/"), client_of("/account/")
    client.post("/account/", REFUSED["/account/"])
    other.cookies["typed_account_"] = client.cookies["typed_account_"].value
    assert "a@example.com" in client.get("/account/").content.decode()
    assert "a@example.com" not in other.get("/account/").content.decode()


def test_another_pages_cookie_and_one_of_ones_own_making_are_not_read(client):
    client.post("/register/", REFUSED["/register/"])
    client.cookies["typed_login_"] = client.cookies["typed_register_"].value
    assert client.get("/login/").context["form"].is_bound is False
    client.cookies["typed_login_"] = "AAAA"
    assert client.get("/login/").context["form"].is_bound is False


def test_after_a_quarter_of_an_hour_it_is_not_shown(client, monkeypatch):
    client.post("/login/", REFUSED["/login/"])
    late = timezone.now() + timedelta(seconds=typed.LASTS + 1)
    monkeypatch.setattr(typed.timezone, "now", lambda: late)
    assert client.get("/login/").context["form"].is_bound is False


def test_what_no_cookie_holds_is_drawn_at_once_as_typed(client):
    answer = client.post("/login/", {"username": "1" * 4000, "password": SECRET})
    assert (answer.status_code, sealed(answer)) == (200, {})
    assert "1" * 4000 in answer.content.decode()


def test_a_longest_registration_with_everything_wrong_is_kept(client):
    """The longest name, e-mail and number that are accepted, and a sentence beside each field."""
    sent = a_registration(name="﨎" * 51, email="a" * 240 + "@example", document_number="1" * 40, mobile="1" * 40)
    answer = client.post("/register/", sent | {"valid_until": "x", "password1": "1", "password2": "2", "consent": ""})
    assert answer.status_code == 302
    assert len(client.get("/register/").context["form"].errors) >= 7


def test_what_waits_does_not_pass_for_the_accounts_own(client):
    application = make_application("draft")
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    client.post("/account/", REFUSED["/account/"])
    client.get("/account/")
    assert Account.objects.get().email == application.account.email
