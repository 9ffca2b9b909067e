"""Amounts: fen (integers) inside, yuan with two decimals for people and providers."""

import re

LARGEST = 2_000_000_000  # fen; what the database's column holds, rounded down
YUAN = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")


def yuan(fen: int) -> str:
    """Write 26000 fen as "260.00"."""
    return f"{fen // 100}.{fen % 100:02}"


def fen(text: str) -> int:
    """Read "260.00", "260.5" or "260" yuan as fen. Raise ValueError for anything else, nothing, and too much."""
    found = YUAN.fullmatch(text)
    if not found:
        raise ValueError(text)
    whole, part = found.groups(default="")
    amount = int(whole) * 100 + int(part.ljust(2, "0") or "0")
    if not 0 < amount <= LARGEST:
        raise ValueError(text)
    return amount
