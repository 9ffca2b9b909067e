"""What is typed after a command, in its one spelling (candidates/rules/text.py)."""

import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import Any

from candidates.rules.text import clean

FOUR_DIGITS = re.compile(r"[1-9][0-9]{3}")  # of a year: 0 names none, and must not stand for all of them


def typed(kind: str, read: Callable[[str], Any] = str) -> Callable[[str], Any]:
    """Return an argument's type: a text of this kind, a key of KINDS, then read as what it stands for."""

    def argument(text: str) -> Any:
        return read(clean(text, kind))

    argument.kind = kind  # type: ignore[attr-defined]
    argument.__name__ = getattr(read, "__name__", kind)  # what argparse calls it where it cannot be read
    return argument


a_code = typed("identifier")  # of a unit, a state, a category; a user name, an application number


def _year(text: str) -> int:
    if not FOUR_DIGITS.fullmatch(text):
        raise ArgumentTypeError(f"“{text}”不是考试年度，请写成 2027")
    return int(text)


a_year = typed("identifier", _year)
