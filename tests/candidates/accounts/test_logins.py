from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.accounts import logins
from candidates.accounts.logins import SessionStore
from candidates.models import Account, LoginSession
from tests.factories import make_candidate, make_operator

pytestmark = pytest.mark.django_db


def stored(**values):
    session = SessionStore()
    session.update(values)
    session.save()
    return session.session_key


def test_a_session_is_found_by_its_key():
    key = stored(seen="here")
    assert SessionStore(key)["seen"] == "here"


def test_an_expired_or_unknown_one_is_empty_and_loses_its_key():
    key = stored(seen="here")
    LoginSession.objects.filter(pk=key).update(expire_date=timezone.now())
    for one in (SessionStore(key), SessionStore("x" * 32)):
        assert "seen" not in one
        assert one.session_key is None


def test_a_key_that_no_text_can_hold_is_none(client):
    cookie = 'sessionid="' + r"\000" * 32 + '"'  # as it stands in the header
    answer = client.get("/login/", headers={"cookie": cookie})
    assert (answer.status_code, answer.wsgi_request.COOKIES["sessionid"]) == (200, "\0" * 32)
    assert SessionStore("\0" * 32).session_key is None


def test_the_worker_forgets_expired_ones_only():
    old, fresh = stored(seen="old"), stored(seen="fresh")
    LoginSession.objects.filter(pk=old).update(expire_date=timezone.now() - timedelta(seconds=1))
    logins.forget_expired(timezone.now())
    assert list(LoginSession.objects.values_list("pk", flat=True)) == [fresh]


def logged_in(client):
    client.force_login(make_candidate(), backend="candidates.accounts.auth.LoginNameBackend")
    return LoginSession.objects.get()


def queries(client):
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/account/").status_code == 200
    return len(asked)


def test_whose_a_session_is_comes_with_it(client):
    found = logged_in(client)
    assert str(found.account_id) == found.get_decoded()[SESSION_KEY]
    queries(client)  # what is read once in a process has been
    with_it = queries(client)
    LoginSession.objects.update(account=None)  # as from before the column was there
    assert queries(client) == with_it + 2  # the session alone, and its account


def test_the_account_beside_it_proves_nothing(client):
    """What the session says is signed; the column only spares a query."""
    found, other = logged_in(client), make_candidate()
    LoginSession.objects.update(account=other)
    page = client.get("/account/")
    assert page.context["user"].pk == found.account_id


@pytest.mark.parametrize("change", [{"is_active": False}, {"session_epoch": 1}, {"password": "!"}])
def test_a_change_of_the_account_ends_its_sessions_at_once(client, change):
    logged_in(client)
    assert client.get("/account/").status_code == 200
    Account.objects.update(**change)
    assert client.get("/account/").status_code == 302


def test_a_session_ends_with_its_account():
    account = make_candidate()
    stored(**{SESSION_KEY: str(account.pk)})
    account.delete()
    assert not LoginSession.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_login_of_an_account_that_is_deleted_meanwhile_ends():
    session = SessionStore()
    session[SESSION_KEY] = "1"  # nobody has it any more
    with pytest.raises(SessionInterrupted):
        session.create()


def test_a_login_lasts_as_long_as_its_kind_of_account_may_rest(settings):
    settings.IDLE_CANDIDATES, settings.IDLE_STAFF = 50, 20
    for account in (make_candidate(), make_operator()):
        Client().force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    rest = [row.expire_date - row.last_at for row in LoginSession.objects.order_by("account__kind")]
    assert rest == [timedelta(minutes=50), timedelta(minutes=20)]
