"""What a payment provider is to the portal: an address to pay at, signed notifications, and an answer when asked.

Nothing here touches the database, and nobody calls a provider while holding a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

TIMEOUT = 10  # seconds that a provider has to answer


@dataclass(frozen=True)
class Paid:
    """A payment as its provider vouches for it; `amount` in fen, `said_at` as it came: `at` is what that means."""

    order: str
    trade_number: str
    amount: int
    at: datetime | None  # None where what was said is no moment
    said_at: str = ""


class Provider(Protocol):
    """One way to pay, made of its settings (nmec_portal/payment_settings.py) and the portal's own address."""

    name: ClassVar[str]  # in addresses, and in the database (review.models.PROVIDERS)
    label: ClassVar[str]
    words: ClassVar[str]  # how one pays, said beside its button
    scan: ClassVar[str]  # what to do with the code, where its address is a code to scan; else empty: it is a page

    def __init__(self, config: Mapping[str, str], base: str) -> None: ...

    def address(self, number: str, amount: int, subject: str, until: datetime) -> str:
        """Return where `amount` fen are paid for this order. Raise Unavailable."""

    def notified(self, headers: Mapping[str, str], body: bytes, fields: Mapping[str, str]) -> Paid | None:
        """Return the payment that a verified notification tells of, None where it tells of none.

        Raise BadNotification.
        """

    def acknowledged(self, accepted: bool) -> tuple[str, str]:
        """Return what the provider expects to read of its notification: content type and body."""

    def query(self, number: str) -> Paid | None:
        """Return what the provider says of this order now; None where it is not paid. Raise Unavailable."""


class BadNotification(ValueError):
    """Not the provider's, not for us, or not to be understood; str() is the reason, for the log."""


class Unavailable(Exception):
    """The provider did not answer, or not in a way that can be trusted; str() is the reason, for the log."""
