"""What runs until it is told to stop, and outlasts the hours in which the database is away."""

import logging
from collections.abc import Callable
from threading import Event

from django.db import DatabaseError, InterfaceError, connection

log = logging.getLogger(__name__)


def repeat(turn: Callable[[], object], stop: Event, pause: float) -> None:
    """Call `turn` again and again, `pause` seconds apart, until `stop` is set."""
    while not stop.is_set():
        try:
            connection.close_if_unusable_or_obsolete()
            turn()
        except (DatabaseError, InterfaceError) as error:
            # it will come back; psycopg2 has no class of its own for a lost connection
            log.warning("The database does not answer: %s", type(error).__name__)
            connection.close()
        stop.wait(pause)
