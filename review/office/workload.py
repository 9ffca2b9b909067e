"""Figures for dividing the work: what each reviewer of a unit has handled, and what waits. No ranking, no verdict.

All of it is read from counters (office/counters.py) and partial indexes: one row a person, however many cases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Sum

from candidates.applications.states import WAITING_AT
from candidates.models import Account, Application, ExamSession, Unit
from review.cases import listing, overdue
from review.models import MINUTES, Absence, Hold, ReviewerDay, ReviewerFigures
from review.office import assignments, presence, samples
from review.reports.progress import DAYS, Day, of_unit_by_year, percentile

NOTHING = "—"


@dataclass(frozen=True)
class Line:
    """One reviewer in a unit and a session; `figures` is none where nothing was decided yet."""

    account: Account
    figures: ReviewerFigures | None
    today: int
    reading: int  # cases held at this moment
    assigned: int = 0  # cases that wait for this one
    absence: Absence | None = None  # of today

    def number(self, name: str) -> int:
        return getattr(self.figures, name) if self.figures else 0

    @property
    def passed(self) -> int:
        return self.number("passed")

    @property
    def handled(self) -> int:
        return sum(self.number(one) for one in ("passed", "returns", "rejections", "sent_back", "second"))

    @property
    def median(self) -> str:
        """Half of what was opened was decided within this time."""
        times = enumerate(self.figures.times) if self.figures else ()
        place = percentile(times, 50)
        return NOTHING if place is None else within(place)

    @property
    def share_returned(self) -> str:
        return share(self.number("returns"), self.handled)

    @property
    def overturned(self) -> str:
        return share(self.number("overturned"), self.passed)

    @property
    def differed(self) -> str:
        """How many of the second looks this person took part in, as the first or the second, differed."""
        looks = self.number("looked") + self.number("second")
        return f"{self.number('differed')} / {looks}" if looks else NOTHING

    @property
    def cells(self) -> list[str | int]:
        """What the table says of it, as COLUMNS names it."""
        who = [self.account.username or "", self.account.name]
        return [*who, self.today, self.handled, self.median, self.share_returned, self.overturned, self.differed]


COLUMNS = ("用户名", "姓名", "今天", "本年度办理", "一般用时", "退回补正", "通过后被上级退回", "抽查复核不同")


def within(place: int) -> str:
    """Say in words up to how long a place of ReviewerFigures.times is."""
    if place >= len(MINUTES):
        return "超过 24 小时"
    minutes = MINUTES[place]
    return f"{minutes // 60} 小时内" if minutes >= 60 and minutes % 60 == 0 else f"{minutes} 分钟内"


def share(number: int, of: int) -> str:
    """Return number and percentage: "3（12%）"; a dash where there is nothing to be a share of."""
    return f"{number}（{round(100 * number / of)}%）" if of else NOTHING


def lines(unit: Unit, session: ExamSession | None, now: datetime, today: date) -> list[Line]:
    """Return a line for everybody of the unit, by user name; of who has left or was switched off, where it counts."""
    kept = {one.account_id: one for one in ReviewerFigures.objects.filter(unit=unit, session=session)}
    people = {one.pk: one for one in Account.objects.filter(kind="reviewer", unit=unit)}
    people |= Account.objects.in_bulk([pk for pk in kept if pk not in people])
    here = [one for one in people.values() if one.pk in kept or one.is_active]

    days = ReviewerDay.objects.filter(unit=unit, session=session, day=today).values_list("account", "number")
    numbers, reading = dict(days), _reading(people, now)
    assigned, away = assignments.loads(unit), presence.absent(people, today)
    made = (
        Line(
            one,
            kept.get(one.pk),
            numbers.get(one.pk, 0),
            reading.get(one.pk, 0),
            assigned.get(one.pk, 0),
            away.get(one.pk),
        )
        for one in here
    )
    return sorted(made, key=lambda line: line.account.username or "")


def own_line(account: Account, session: ExamSession | None, now: datetime, today: date) -> list[Line]:
    """Return the one line of this reviewer, in the own unit."""
    kept = ReviewerFigures.objects.filter(unit=account.unit, session=session, account=account).first()
    days = ReviewerDay.objects.filter(unit=account.unit, session=session, account=account, day=today)
    number = days.values_list("number", flat=True).first()
    return [Line(account, kept, number or 0, _reading([account.pk], now).get(account.pk, 0))]


def _reading(people: Iterable[int], now: datetime) -> dict[int, int]:
    held = Hold.objects.filter(account__in=list(people), until__gt=now)
    return dict(held.values_list("account").annotate(number=Count("pk")).order_by())


def days(unit: Unit, session: ExamSession | None, until: date, account: Account | None = None) -> list[Day]:
    """Count what was decided in the unit (by one of it) on each of the DAYS to `until`, for the chart."""
    rows = ReviewerDay.objects.filter(unit=unit, session=session, day__gt=until - timedelta(days=DAYS), day__lte=until)
    rows = rows.filter(account=account) if account else rows
    numbers = dict(rows.values_list("day").annotate(sum=Sum("number")).order_by())
    span = (until - timedelta(days=ago) for ago in reversed(range(DAYS)))
    return [Day(day, (numbers.get(day, 0),)) for day in span]


@dataclass(frozen=True)
class Waiting:
    """What waits at a unit, each number in words: exact up to a thousand, but for the whole queue."""

    by_year: Mapping[int, int]  # of the whole queue, where there are any
    late: str  # empty where the level has no term
    last_day: str
    second: int
    head: int
    asked: int
    answered: int
    duplicates: int

    @property
    def all(self) -> int:
        return sum(self.by_year.values())


def waiting(unit: Unit, now: datetime, session: ExamSession | None = None) -> Waiting:
    """Count what waits at the unit, of a session or of all."""
    status = WAITING_AT[unit.level]
    cases = Application.objects.filter(**{unit.level: unit}, status=status)
    cases = cases.filter(session=session) if session else cases
    late, last_day = "", ""
    if cutoffs := overdue.cutoffs(status, now):
        late = listing.count(cases.filter(status_since__lt=cutoffs.late))
        last_day = listing.count(cases.filter(status_since__gte=cutoffs.late, status_since__lt=cutoffs.last_day))
    looks = samples.waiting_at(unit.pk, session)
    counted = sorted(of_unit_by_year(unit).items())
    by_year = {year: of[status] for year, of in counted if of[status] and (session is None or year == session.year)}
    return Waiting(
        by_year=by_year,
        late=late,
        last_day=last_day,
        second=looks["second"],
        head=looks["head"],
        asked=cases.filter(question__isnull=False).count(),
        answered=cases.filter(question_answered=True).count(),
        duplicates=cases.exclude(duplicates=[]).count(),
    )
