"""Which session a command is about: the one that is named, or the only open one; and how a timer's tells of each."""

from collections.abc import Iterator, Mapping

from django.core.management.base import CommandError

from candidates.management.arguments import a_year
from candidates.models import ExamSession
from candidates.models.session import SessionState


def add_year(parser) -> None:
    words = "考试年度；不写时为开放的年度，开放的不止一个时必须写明"
    parser.add_argument("--session", "--year", dest="year", type=a_year, metavar="年度", help=words)


def add_only(parser) -> None:
    """For commands that take every row by its own year's dates: a timer runs them, however many years are open."""
    words = "只办理这个考试年度的；不写时各个年度都办理，各按自己的时间"
    parser.add_argument("--session", "--year", dest="year", type=a_year, metavar="年度", help=words)


def only(year: int | None, field: str) -> dict[str, ExamSession]:
    """Return the filter for rows of that year, none where no year was named. Raises CommandError."""
    return {field: session_of(year)} if year else {}


def session_of(year: int | None) -> ExamSession:
    """Return the session of that year. Raises CommandError, with the years there are, where it is unclear which."""
    sessions = {one.year: one for one in ExamSession.objects.order_by("year")}
    if year:
        if year not in sessions:
            raise CommandError(f"没有 {year} 年度{_told(sessions)}。")
        return sessions[year]

    found = {year: one for year, one in sessions.items() if one.state == SessionState.OPEN}
    if len(found) == 1:
        return found.popitem()[1]
    if found:
        raise CommandError(f"开放的考试年度有 {years_in_words(found)}：请用 --session 写明年度，没有办理任何内容。")
    if not sessions:
        raise CommandError("还没有开设考试年度，请先用 open_session。")
    if len(sessions) == 1:
        return sessions.popitem()[1]
    raise CommandError(
        f"现在没有开放的考试年度（已开设 {years_in_words(sessions)}）：请用 --session 写明年度，没有办理任何内容。"
    )


def sessions_of(year: int | None) -> list[ExamSession]:
    """Return the session of that year, or all in which something may be going on. Raises CommandError."""
    going_on = ExamSession.objects.filter(state__in=(SessionState.OPEN, SessionState.CLOSED)).order_by("year")
    return [session_of(year)] if year else list(going_on)


def by_year(counts: Mapping[int, Mapping[str, int]], year: int | None) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Name each year of which something was done (0: not known), with its counts; else the one asked for, or all."""
    for one in sorted(counts):
        yield f"{one} 年度" if one else "年度不明", counts[one]
    if not counts:
        yield f"{year} 年度" if year else "各年度", {}


def years_in_words(years) -> str:
    return "、".join(map(str, sorted(years)))


def _told(sessions) -> str:
    return f"（已开设 {years_in_words(sessions)}）" if sessions else "，请先用 open_session 开设"
