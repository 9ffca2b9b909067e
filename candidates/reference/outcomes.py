"""What a table of any kind would do, or has done: an outcome for each of its lines.

Plain data, the same for a command and for a page: nothing here reads a file or the database.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# kind -> the word before its number; in the order in which a summary tells them
KINDS = {
    "new": "新增",
    "changed": "更改",
    "ended": "停用",
    "same": "未变",
    "refund": "待退款",  # of a statement: money that settles nothing
    "left": "未用",  # of a statement: somebody else's money
    "refused": "有误",
}
ALWAYS_TOLD = ("new", "changed", "same")
MOST_KEPT = 50_000  # outcomes; further lines of a very long table are counted only, but for those that are refused
A_TENTH = 10


class BadFile(ValueError):
    """A table that cannot be loaded; `problems` has one sentence for each fault, in order.

    `report` tells what all of its lines would do, the sound ones too; None where it could not be read as a table.
    """

    def __init__(self, problems: Iterable[str], report: "Report | None" = None):
        self.problems = list(problems)
        self.report = report
        super().__init__("\n".join(self.problems))


class Unconfirmed(Exception):
    """A table that does more than one may do without saying so: `report.asks` says what has to be confirmed."""

    def __init__(self, report: "Report"):
        self.report = report
        super().__init__("\n".join(report.asks))


@dataclass(frozen=True)
class How:
    """How a table is to be loaded.

    `complete`: what it leaves out is ended. `confirmed`: what a report asks has been answered with yes. `sheet`: the
    name of a workbook's sheet, else the first one.
    """

    dry_run: bool = False
    complete: bool = False
    confirmed: bool = False
    sheet: str = ""


WRITE, TRY = How(), How(dry_run=True)


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that changes: its heading, and both values as people read them."""

    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label} {self.before or '（空）'} → {self.after or '（空）'}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one line: a key of KINDS; `line` is 0 where the table does not have it (ended).

    `name` says what it is about, `said` why it is refused or left alone, or what else is worth telling.
    """

    kind: str
    line: int
    name: str = ""
    changes: tuple[Change, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"第 {self.line} 行" if self.line else "表中没有"

    def __str__(self) -> str:
        told = "；".join([*map(str, self.changes), *self.said])
        return f"{self.place} {KINDS[self.kind]}：" + "：".join(filter(None, (self.name, told)))


@dataclass
class Report:
    """What comes of a table: its outcomes in the order of its lines, then what it ends.

    `problems` are of the table as a whole. `asks` are sentences that somebody has to confirm before it is written.
    `told` counts candidates who were told of a change; `passwords` are one-time ones of new accounts, by user name.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    told: int = 0
    passwords: dict[str, str] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        self.counts[outcome.kind] += 1
        if len(self.outcomes) < MOST_KEPT or outcome.kind == "refused":
            self.outcomes.append(outcome)

    @property
    def sums(self) -> tuple[int, int, int, int]:
        """Return how many are new, changed, ended and the same."""
        new, changed, ended, same = (self.counts[kind] for kind in ("new", "changed", "ended", "same"))
        return new, changed, ended, same

    @property
    def not_kept(self) -> int:
        """Return how many lines are counted only."""
        return self.counts.total() - len(self.outcomes)

    @property
    def can_be_done(self) -> bool:
        return not self.problems and not self.counts["refused"]

    @property
    def summary(self) -> str:
        """Return the numbers in words."""
        told = [kind for kind in KINDS if kind in ALWAYS_TOLD or self.counts[kind]]
        return "，".join(f"{KINDS[kind]} {self.counts[kind]}" for kind in told)

    def lines(self) -> Iterator[str]:
        """Give a sentence for each outcome, as a terminal shows them."""
        yield from map(str, self.outcomes)
        if self.not_kept:
            yield f"另有 {self.not_kept} 行只计数，没有逐行列出。"

    def refusals(self) -> list[str]:
        """Return everything that is wrong with the table, one sentence a fault."""
        bad = (one for one in self.outcomes if one.kind == "refused")
        return [*(f"{one.place}：{sentence}" for one in bad for sentence in one.said), *self.problems]

    def ask_about_the_ended(self, there: int) -> None:
        """Ask where more than a tenth of what was `there` ends: a table that was cut off looks like that."""
        if (ended := self.counts["ended"]) * A_TENTH > there:
            self.asks.append(f"将停用 {ended} 项，超过现有 {there} 项的十分之一：请确认这张表是完整的。")

    def settle(self, how: How) -> None:
        """Raise BadFile where not all of it can be, Unconfirmed where somebody has to say yes first."""
        if not self.can_be_done:
            raise BadFile(self.refusals(), self)
        if self.asks and not (how.dry_run or how.confirmed):
            raise Unconfirmed(self)
