"""What a payment provider is to the portal: an address to pay at, signed notifications, and an answer when asked.

Nothing here touches the database, and nobody calls a provider while holding a row.
"""

from dataclasses import dataclass
from datetime import datetime

TIMEOUT = 10  # seconds that a provider has to answer


@dataclass(frozen=True)
class Paid:
    """A payment as its provider vouches for it; `amount` in fen, `said_at` as it came: `at` is what that means."""

    order: str
    trade_number: str
    amount: int
    at: datetime | None  # None where what was said is no moment
    said_at: str = ""


class BadNotification(ValueError):
    """Not the provider's, not for us, or not to be understood; str() is the reason, for the log."""


class Unavailable(Exception):
    """The provider did not answer, or not in a way that can be trusted; str() is the reason, for the log."""
