"""Speed as a ratio: two ways of doing a thing, run in turns in one process, so that a noisy machine disturbs both."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of the report: what was measured, against which floor, and what was asked for."""

    subject: str
    floor: str  # what it is compared with
    ratio: float  # subject / floor, by the median of the rounds
    target: str  # "≤ 0.5", "≥ 1.2", or "" where it is told only
    note: str = ""  # absolute figures with their units

    @property
    def met(self) -> bool | None:
        if not self.target:
            return None
        sign, limit = self.target.split()
        return self.ratio <= float(limit) if sign == "≤" else self.ratio >= float(limit)


@dataclass(frozen=True)
class Times:
    """Medians over the rounds, in seconds: CPU of this process, and wall clock."""

    cpu: float
    wall: float


def in_turns(works: Sequence[Work], *, rounds: int = 15, warm: int = 2) -> list[Times]:
    """Runs each work once a round, in an order that turns round with the rounds; gives the medians of each."""
    taken: list[list[tuple[float, float]]] = [[] for _ in works]
    for turn in range(warm + rounds):
        order = range(len(works)) if turn % 2 else reversed(range(len(works)))
        for index in order:
            cpu, wall = time.process_time(), time.perf_counter()
            works[index]()
            spent = (time.process_time() - cpu, time.perf_counter() - wall)
            if turn >= warm:
                taken[index].append(spent)
    return [
        Times(statistics.median(cpu for cpu, _ in one), statistics.median(wall for _, wall in one)) for one in taken
    ]


def compared(subject: str, work: Work, floor: str, base: Work, target: str = "", *, rounds: int = 15) -> Row:
    """The ratio of CPU times, with both in milliseconds as the note."""
    mine, other = in_turns([work, base], rounds=rounds)
    note = f"{mine.cpu * 1000:.1f} ms / {other.cpu * 1000:.1f} ms of CPU"
    return Row(subject, floor, mine.cpu / other.cpu, target, note)
