"""A connection that is kept between requests is used while the server holds it, and made anew once it ended."""

import pytest
from django.conf import settings
from django.db import OperationalError, close_old_connections, connection, transaction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def anew():
    connection.close()
    yield
    connection.close()


def backend():
    """The server process that answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def end(pid):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)
    other.close()


def test_one_that_lives_is_used_again_and_nothing_is_asked(django_assert_num_queries):
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


def test_one_that_was_closed_or_left_a_transaction_open_is_not_usable():
    assert (connection.is_usable(), backend() > 0, connection.is_usable()) == (False, True, True)
    with transaction.atomic():
        backend()
        assert not connection.is_usable()
    assert connection.is_usable()
    connection.connection.close()
    assert not connection.is_usable()


def test_the_portal_looks_at_the_connections_it_keeps():
    kept = settings.DATABASES["default"]
    assert (kept["ENGINE"], kept["CONN_MAX_AGE"] > 0, kept["CONN_HEALTH_CHECKS"]) == (
        "nmec_portal.database",
        True,
        True,
    )
