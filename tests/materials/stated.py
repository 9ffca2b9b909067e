"""What the specification and the exam's guide state, as it stands there: data/*.csv."""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table, by the names of its columns."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def quoted(where: str) -> str:
    """Return what the guide says word for word at this place."""
    (words,) = (row["words"] for row in rows("quoted") if where in row["where"])
    return words
