"""What is typed after a command, in its one spelling (candidates/rules/text.py)."""

from collections.abc import Callable
from typing import Any

from candidates.rules.text import clean


def typed(kind: str, read: Callable[[str], Any] = str) -> Callable[[str], Any]:
    """Return an argument's type: a text of this kind, a key of KINDS, then read as what it stands for."""

    def argument(text: str) -> Any:
        return read(clean(text, kind))

    argument.kind = kind  # type: ignore[attr-defined]
    argument.__name__ = getattr(read, "__name__", kind)  # what argparse calls it where it cannot be read
    return argument


a_code = typed("identifier")  # of a unit, a state, a category; a user name, an application number
a_number = typed("identifier", int)
