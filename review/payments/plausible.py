"""What a provider has signed may still be impossible: it is money all the same, and must break no page."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from review.payments.providers.terms import Paid

EARLIEST_YEAR = 2000
AHEAD = timedelta(days=1)  # how far a provider's clock may be before ours
LONGEST = 64  # characters of an order's or a trade's number; the providers' own have at most 64
LONGEST_SHOWN = 100  # characters that are kept of an impossible fact
UNSHOWN = ("Cc", "Cf", "Cs", "Co")  # categories of characters that are no part of a number


@dataclass(frozen=True)
class Sound:
    """A payment that can be booked: facts that the database and every page can hold.

    `strange` says what could not be so, cleaned for display; empty where all could.
    """

    order: str
    trade_number: str
    amount: int
    at: datetime
    strange: str


def sound(paid: Paid, now: datetime) -> Sound:
    """Return what is booked of a verified payment that arrives `now`: at that moment where its own cannot be."""
    strange = "；".join(_strange(paid, now))
    order, trade_number = _number(paid.order), _number(paid.trade_number)
    return Sound(order, trade_number, paid.amount, now if strange or paid.at is None else paid.at, strange)


def _strange(paid: Paid, now: datetime) -> Iterator[str]:
    if paid.at is None or paid.at.year < EARLIEST_YEAR or paid.at > now + AHEAD:
        yield f"支付时间 {cleaned(paid.said_at or str(paid.at))}"
    for name, value in (("订单号", paid.order), ("交易号", paid.trade_number)):
        if _number(value) != value:
            yield f"{name} {cleaned(value)}"
    if not paid.amount:
        yield f"金额 {cleaned(paid.said_amount) or '没有'}"


def cleaned(text: str) -> str:
    """Return the text without what cannot be shown or kept, cut to what a page shows."""
    shown = "".join("\ufffd" if unicodedata.category(one) in UNSHOWN else one for one in text)
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[: LONGEST_SHOWN - 1]}…"


def _number(text: str) -> str:
    """Return the number as it is kept: where it is too long, its beginning and a hash that tells it from its like."""
    number = "".join("\ufffd" if unicodedata.category(one) in UNSHOWN else one for one in text)
    if len(number) <= LONGEST:
        return number
    return f"{number[:40]}…{sha256(text.encode(errors='surrogatepass')).hexdigest()[:16]}"
