import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from candidates.sessions import SessionStore

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
    Session.objects.filter(pk=key).update(expire_date=timezone.now())
    for one in (SessionStore(key), SessionStore("x" * 32)):
        assert ("seen" in one, one.session_key) == (False, None)
