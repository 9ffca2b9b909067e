"""The levels of units, in the order in which a case passes them: one table, and what follows from it.

A unit's code is its path: it begins with the code of the unit above. An application has a column for each level, of
the level's name, that holds its unit; applications/states.py has a status for each, in which the level has its turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Level:
    code: str  # in the database
    label: str
    digits: int  # of a unit's code


TABLE = (Level("point", "报名点", 7), Level("site", "考点", 4), Level("region", "考区", 2))

LEVELS = tuple(level.code for level in TABLE)  # from the candidate up
DOWNWARDS = LEVELS[::-1]  # as people choose a unit
FIRST, TOP = LEVELS[0], LEVELS[-1]
LABELS: Mapping[str, str] = {level.code: level.label for level in reversed(TABLE)}
# everybody who acts on an application
ROLES: Mapping[str, str] = {**LABELS, "candidate": "考生", "operator": "操作员", "provider": "支付平台"}
DIGITS: Mapping[str, int] = {level.code: level.digits for level in reversed(TABLE)}


def above(level: str) -> str:
    """Return the level one above; nothing above the top."""
    return dict(pairwise(LEVELS)).get(level, "")


def below(level: str) -> str:
    """Return the level one below; nothing below the first. Below no level at all is the top."""
    return dict(pairwise(("", *DOWNWARDS))).get(level, "")


def is_code(text: str) -> bool:
    """Say whether a text from outside can be a unit's code at all."""
    return text.isascii() and text.isdecimal() and len(text) in DIGITS.values()


def level_of(code: str) -> str:
    """Return the level of the unit with this code; nothing where no level has codes so long."""
    return next((level for level, digits in DIGITS.items() if digits == len(code)), "")


def code_above(code: str) -> str:
    """Return the code of the unit one above; nothing for a unit at the top."""
    level = above(level_of(code))
    return code[: DIGITS[level]] if level else ""
