"""A connection that is kept between requests is used while the server holds it, and made anew once it ended."""

import pytest
from django.conf import settings
from django.db import OperationalError, close_old_connections, connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def anew():
    connection.close()
    yield
    connection.close()


def backend():
    """Return the server process that answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def end(pid):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)
    other.close()


def test_one_that_lives_is_used_again(django_assert_num_queries):
    first = backend()
    close_old_connections()
    with django_assert_num_queries(1):
        assert backend() == first


def test_one_that_the_server_ended_is_made_anew_at_the_next_request():
    first = backend()
    end(first)
    close_old_connections()
    assert backend() != first


def test_one_that_ended_within_a_request_fails_there_and_is_made_anew_at_the_next():
    first = backend()
    end(first)
    with pytest.raises(OperationalError):
        backend()
    close_old_connections()
    assert backend() != first


def test_one_that_was_closed_is_made_anew_at_the_next_request():
    first = backend()
    connection.connection.close()
    close_old_connections()
    assert backend() != first


def test_the_portal_looks_at_the_connections_it_keeps():
    kept = settings.DATABASES["default"]
    assert kept["ENGINE"] == "django.db.backends.postgresql"
    assert kept["CONN_MAX_AGE"] > 0
    assert kept["CONN_HEALTH_CHECKS"] is True
