"""How often one account may ask for something: counted by each process for itself, forgotten every minute.

That bounds what a script takes away; it is no secret, so that a count shared by all processes is not worth a write of
the database at every key.
"""

import time
from collections import Counter
from collections.abc import Callable


class Pace:
    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic):
        self.most, self.clock = most, clock  # times a minute; seconds
        self.minute, self.counts = -1, Counter[int]()

    def is_too_often(self, account: int) -> bool:
        """Count one more, and return whether that is too many."""
        minute = int(self.clock() // 60)
        if minute != self.minute:
            self.minute, self.counts = minute, Counter()
        self.counts[account] += 1
        return self.counts[account] > self.most
