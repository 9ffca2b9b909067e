"""Waiting for what another thread, process or connection does, no longer than needed."""

from time import monotonic, sleep

from django.db import connection


def wait_until(true, complaint, seconds=30):
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, complaint
        sleep(0.02)


def others_wait_for_a_lock():
    """How many other sessions of this database wait for what somebody holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw first
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]
