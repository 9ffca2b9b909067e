"""What was posted after the session had ended: kept for an hour, for its account and its page."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client

from candidates.applications import kept
from candidates.models import Application
from tests.candidates.posting import a_section
from tests.factories import make_application

pytestmark = pytest.mark.django_db
EDIT = "/application/edit/"


@pytest.fixture
def application():
    return make_application("registered")


def logged_in(application, client=None):
    client = client or Client()
    client.force_login(application.account)
    return client


def posted_late(client, application, **changes):
    """The answer to a section that is saved once the session is gone."""
    form_of = re.search(r'name="form_of" value="([^"]+)"', unescape(client.get(EDIT).content.decode()))[1]
    client.cookies.pop("sessionid")
    return as_a_browser(client, {**a_section(application, "work", **changes), "form_of": form_of})


def as_a_browser(client, sent):
    return client.post(EDIT, urlencode(sent), content_type=kept.FORM)


def offered(client):
    """What stands in the form as typed."""
    found = re.search(r'name="post" value="([^"]*)"', client.get(EDIT).content.decode())
    return found[1]


def test_it_is_offered_after_logging_in_and_not_saved(application):
    client = logged_in(application)
    answer = posted_late(client, application, post="主治医师")
    assert answer["Location"].startswith("/login/")
    assert offered(logged_in(application, client)) == "主治医师"
    assert Application.objects.get().post == application.post


def test_another_account_never_sees_it(application):
    client = logged_in(application)
    posted_late(client, application, post="主治医师")
    other = make_application("registered", session=application.session, post="护士")
    assert offered(logged_in(other, client)) == "护士"


def test_after_an_hour_it_is_gone(application, monkeypatch):
    client = logged_in(application)
    posted_late(client, application, post="主治医师")
    logged_in(application, client)
    monkeypatch.setattr(kept, "HOUR", -1)
    assert offered(client) == application.post


def test_saving_its_section_ends_it_and_saving_another_does_not(application):
    client = logged_in(application)
    posted_late(client, application, post="主治医师")
    logged_in(application, client)
    client.post(EDIT, a_section(application, "education"))
    assert offered(client) == "主治医师"
    client.post(EDIT, a_section(application, "work", post="副主任医师"))
    assert (client.cookies[kept.COOKIE].value, offered(client)) == ("", "副主任医师")


def test_the_cookie_is_for_that_page_alone_and_shows_nobody_what_was_typed(application):
    client = logged_in(application)
    posted_late(client, application, post="attending")
    cookie = client.cookies[kept.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (EDIT, True, "Lax", 3600)
    assert "attending" not in str(kept.base64.urlsafe_b64decode(cookie.value))


@pytest.mark.parametrize("form_of", ["", "nonsense", "AAAA", "é"])
def test_without_the_forms_token_nothing_is_kept(client, application, form_of):
    answer = as_a_browser(client, {**a_section(application, "work"), "form_of": form_of})
    assert answer.status_code == 302
    assert kept.COOKIE not in client.cookies


@pytest.mark.parametrize("cookie", ["nonsense", "AAAA", "é"])
def test_a_cookie_that_is_none_of_ours_offers_nothing(application, cookie):
    client = logged_in(application)
    client.cookies[kept.COOKIE] = cookie
    assert offered(client) == application.post


def test_what_is_too_long_for_a_cookie_is_not_kept(application):
    client = logged_in(application)
    posted_late(client, application, post="字" * 2000)
    assert kept.COOKIE not in client.cookies


def test_every_section_at_its_longest_fits(application):
    client = logged_in(application)
    long = {"name": "字" * 60, "address": "字" * 80, "legal_representative": "字" * 50, "telephone": "1" * 30}
    changes = {f"{kind}_{field}": value for kind in ("employer", "trial") for field, value in long.items()}
    posted_late(client, application, post="字" * 30, **changes)
    assert offered(logged_in(application, client)) == "字" * 30


def test_a_form_of_another_account_is_not_saved(application):
    client = logged_in(application)
    form_of = kept.token(make_application("registered", session=application.session).account, EDIT)
    answer = client.post(EDIT, {**a_section(application, "work", post="主治医师"), "form_of": form_of})
    assert answer.status_code == 409
    assert "这一页是用另一个账号打开的" in answer.content.decode()
    assert Application.objects.get(pk=application.pk).post == application.post


def test_a_page_from_before_another_login_keeps_what_was_typed(application):
    client = Client(enforce_csrf_checks=True)
    logged_in(application, client)
    sent = {**a_section(application, "work", post="主治医师"), "form_of": kept.token(application.account, EDIT)}
    answer = as_a_browser(client, sent)
    assert answer.status_code == 403
    assert f'href="{EDIT}"' in answer.content.decode()
    assert offered(client) == "主治医师"
