"""Which year a reviewers' list shows: one at a time, the one with waiting cases first."""

from collections.abc import Mapping

Counts = Mapping[int, Mapping[str, int]]  # year -> status -> how many a unit has


def shown(asked: int | None, counts: Counts, waiting: str) -> int | None:
    """Return the year that was asked for; else the oldest in which something waits, else the newest there is.

    `waiting`: the status of what waits for whom the list is for. None where the unit has nothing of any year.
    """
    if asked or not counts:
        return asked
    return min((year for year, by_status in counts.items() if by_status.get(waiting)), default=max(counts))


def others(counts: Counts, year: int | None, waiting: str) -> list[tuple[int, int]]:
    """Return every other year, with how much waits in it."""
    return [(one, counts[one].get(waiting, 0)) for one in sorted(counts) if one != year]
