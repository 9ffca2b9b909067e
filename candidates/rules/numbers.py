"""How an application number (报名编号) is written: session year, the point's code, serial within the point."""

import re

from candidates.rules.levels import DIGITS, FIRST

YEAR, SERIAL = 4, 5  # digits
LENGTH = YEAR + DIGITS[FIRST] + SERIAL
PATTERN = f"[0-9]{{{LENGTH}}}"


def is_number(text: str) -> bool:
    """Tell whether a text from outside can be an application number at all."""
    return re.fullmatch(PATTERN, text) is not None
