"""The sessions and their windows over the months, as bars to be drawn."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from candidates.models import ExamSession
from candidates.models.session import SHANGHAI, WINDOWS
from candidates.rules.moments import beginning, moment

MARGIN = timedelta(days=15)
FIRST_LINE, LINE = 22, 25  # thousandths
Place = Callable[[datetime], int]


@dataclass(frozen=True)
class Bar:
    """One window: `left`, `width` and `top` in thousandths of the calendar's width; `is_open` at that moment."""

    name: str
    opens: datetime
    closes: datetime
    left: int
    width: int
    top: int  # of its line
    is_open: bool
    words: str


@dataclass(frozen=True)
class Row:
    session: ExamSession
    bars: tuple[Bar, ...]
    owed: int | None  # where 31 August ends, in thousandths


@dataclass(frozen=True)
class Month:
    name: str
    left: int


@dataclass(frozen=True)
class Calendar:
    rows: tuple[Row, ...]
    months: tuple[Month, ...]
    today: int | None


def of(sessions: Iterable[ExamSession], now: datetime) -> Calendar:
    """Lay out these sessions: from a fortnight before the first window to a fortnight after the last."""
    there = list(sessions)
    if not there:
        return Calendar((), (), None)
    moments = [getattr(one, f"{window}_{end}") for one in there for window in WINDOWS for end in ("opens", "closes")]
    moments += [one.owed_until for one in there]
    first, last = min(moments) - MARGIN, max(moments) + MARGIN

    def place(at: datetime) -> int:
        return round(1000 * ((at - first) / (last - first)))

    rows = []
    for session in there:
        bars = tuple(
            _bar(session, window, FIRST_LINE + LINE * number, place, now) for number, window in enumerate(WINDOWS)
        )
        rows.append(Row(session, bars, place(session.owed_until)))
    today = place(now) if first <= now <= last else None
    return Calendar(tuple(rows), tuple(_months(first, last, place)), today)


def _bar(session: ExamSession, window: str, top: int, place: Place, now: datetime) -> Bar:
    opens, closes = getattr(session, f"{window}_opens"), getattr(session, f"{window}_closes")
    left = place(opens)
    words = f"{WINDOWS[window]} {beginning(opens)} 至 {moment(closes)}"
    return Bar(
        WINDOWS[window], opens, closes, left, max(4, place(closes) - left), top, session.is_open(window, now), words
    )


def _months(first: datetime, last: datetime, place: Place) -> Iterable[Month]:
    day = first.astimezone(SHANGHAI).date()
    month = date(day.year, day.month, 1)
    while (begins := datetime(month.year, month.month, 1, tzinfo=SHANGHAI)) <= last:
        if begins >= first:
            yield Month(f"{month.year} 年" if month.month == 1 else f"{month.month} 月", place(begins))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
