"""candidates/management/lasting.py, with a connection that PostgreSQL really ends."""

from threading import Event

import pytest
from django.db import connection

from candidates.management.lasting import repeat


@pytest.mark.django_db(transaction=True)
def test_a_turn_that_loses_the_database_is_followed_by_another(caplog):
    stop, turns = Event(), []

    def turn():
        turns.append(len(turns))
        with connection.cursor() as cursor:
            if len(turns) == 1:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            cursor.execute("SELECT 1")
        stop.set()

    repeat(turn, stop, 0)
    assert turns == [0, 1]
    assert caplog.messages == ["The database does not answer: OperationalError"]
