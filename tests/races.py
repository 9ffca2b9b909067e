"""Two at once, without chance: one holds what the other needs, the other waits, then both outcomes are looked at."""

import threading
from contextlib import contextmanager

from django.db import connection, transaction

from tests.waiting import others_wait_for_a_lock, wait_until


class Act(threading.Thread):
    """Does something on a connection of its own; `outcome` is what it gave, or the exception that it raised."""

    def __init__(self, act, *arguments, **options):
        super().__init__()
        self.act = lambda: act(*arguments, **options)

    def run(self):
        try:
            self.outcome = self.act()
        except Exception as refusal:
            self.outcome = refusal
        finally:
            connection.close()


@contextmanager
def while_they_wait(*acts):
    """Hold what the body has locked until every act waits for it, then commit and let them finish."""
    with transaction.atomic():
        yield
        for act in acts:
            act.start()
        wait_until(lambda: others_wait_for_a_lock() == len(acts), "nobody waits")
    for act in acts:
        act.join(30)
        assert not act.is_alive()
