"""Numbers of certificates, folded: what is one number however it was written. Pure."""

from itertools import groupby

NUMBERS = ("diploma_number", "degree_number", "licence_number", "practice_number")  # fields of the form
SHORTEST, FEWEST_DIGITS = 6, 4  # less says too little to be one certificate's


def folded(number: str) -> str:
    """Return letters and digits alone, in capitals; nothing where it cannot tell one certificate from another.

    So are words that stand for a number that is not known yet (无, 待发), and rows of one digit.
    """
    kept = "".join(one for one in number.upper() if one.isalnum())
    digits = [one for one in kept if one.isdecimal()]
    if len(kept) < SHORTEST or len(digits) < FEWEST_DIGITS or len(list(groupby(digits))) == 1:
        return ""
    return kept
