"""A candidate's thumbnails: asked once in a log-in, kept by the browser alone, and nobody else's afterwards."""

import re

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    application = factories.make_application("registered")
    factories.upload_required(application)
    return application


@pytest.fixture
def candidate(client, application):
    return logged_in(client, application)


def logged_in(client, application):
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def addresses(client):
    return re.findall(r'<img src="([^"]*/thumbnail/[^"]*)"', client.get("/materials/").content.decode())


def test_every_picture_has_one_address_in_a_log_in(candidate, application):
    first, again = addresses(candidate), addresses(candidate)
    assert len(set(first)) == application.images.count()
    assert again == first


def test_the_browser_may_keep_it_and_no_cache_on_the_way(candidate):
    answer = candidate.get(addresses(candidate)[0])
    assert answer.headers["Cache-Control"] == "private, max-age=43200, immutable"
    assert answer.content[:2] == b"\xff\xd8"


def test_the_next_log_in_asks_for_another_address_and_the_old_one_opens_nothing(candidate, application):
    before = addresses(candidate)
    candidate.post("/logout/")
    after = addresses(logged_in(Client(), application))
    assert set(before) & set(after) == set()
    assert logged_in(Client(), application).get(before[0]).status_code == 404


def test_logging_out_has_the_browser_forget_what_it_kept(candidate):
    assert candidate.post("/logout/").headers["Clear-Site-Data"] == '"cache"'


def test_the_address_tells_neither_the_log_in_nor_the_bytes(candidate, application):
    key, found = candidate.session.session_key, addresses(candidate)
    assert [one for one in found if key in one] == []
    assert [one for one in found for image in application.images.all() if image.sha256[:12] in one] == []
