"""What a payment provider is to the portal: ways to pay, signed notifications, refunds, and an answer when asked.

Nothing here touches the database, and nobody calls a provider while holding a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from candidates.rules.devices import Device

TIMEOUT = 10  # seconds that a provider has to answer
PAGE, CODE, WINDOW, NOWHERE = "page", "code", "window", ""  # what a way opens; a row without a button opens nothing


@dataclass(frozen=True)
class Way:
    """How one pays on a device: `name` as in the settings, `words` beside its button, or why there is none here."""

    name: str
    opens: str
    words: str


@dataclass(frozen=True)
class Bill:
    """What is to be paid, until when; `amount` in fen, `payer_address` that of the browser."""

    number: str
    amount: int
    subject: str
    until: datetime
    payer_address: str = "127.0.0.1"


@dataclass(frozen=True)
class Paid:
    """A payment as its provider vouches for it; `amount` in fen, `said_at` as it came: `at` is what that means.

    `amount` is 0 where what was said (`said_amount`) is no amount that could have been paid.
    """

    order: str
    trade_number: str
    amount: int
    at: datetime | None  # None where what was said is no moment
    said_at: str = ""
    said_amount: str = ""


@dataclass(frozen=True)
class Refund:
    """Money that is to go back to who paid it, at most what that was; amounts in fen.

    `number` is ours: a provider that is told of it twice returns the money once.
    """

    number: str
    trade_number: str
    amount: int
    paid: int
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What a provider says of a refund: `state` done, processing or failed, with its own number and words."""

    state: str
    number: str = ""
    words: str = ""


@dataclass(frozen=True)
class Returned:
    """What a verified notification says of a refund: `number` is ours, `amount` in fen.

    `is_sum`: the amount is that of all refunds of this trade together, as 支付宝 says it.
    """

    number: str
    trade_number: str
    amount: int
    outcome: Outcome
    is_sum: bool = False


class Provider(Protocol):
    """A provider, made of its settings (nmec_portal/payment_settings.py) and the portal's own address."""

    name: ClassVar[str]  # in addresses, and in the database (review.models.PROVIDERS)
    label: ClassVar[str]

    def __init__(self, config: Mapping[str, str], base: str) -> None: ...

    def way(self, device: Device) -> Way:
        """Return how one pays here; one that opens nothing where no way would do anything."""

    def address(self, bill: Bill, way: Way) -> str:
        """Return where the bill is paid by this way. Raise Unavailable."""

    def notified(self, headers: Mapping[str, str], body: bytes, fields: Mapping[str, str]) -> Paid | Returned | None:
        """Return the payment, or the refund, that a verified notification tells of; None where it tells of neither.

        Raise BadNotification.
        """

    def acknowledged(self, accepted: bool) -> tuple[str, str]:
        """Return what the provider expects to read of its notification: content type and body."""

    def query(self, number: str) -> Paid | None:
        """Return what the provider says of this order now; None where it is not paid. Raise Unavailable."""

    def refund(self, wanted: Refund) -> Outcome:
        """Give the money back, once however often it is asked. Raise Unavailable where it may have been taken."""

    def refunded(self, wanted: Refund) -> Outcome | None:
        """Return what became of a refund; None where the provider knows none. Raise Unavailable."""


class BadNotification(ValueError):
    """Not the provider's, not for us, or not to be understood; str() is the reason, for the log."""


class Unavailable(Exception):
    """The provider did not answer, or not in a way that can be trusted; str() is the reason, for the log."""
