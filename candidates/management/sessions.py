"""Which session a command is about: the one that is named, or the only one under way."""

from django.core.management.base import CommandError

from candidates.management.arguments import a_number
from candidates.models import ExamSession


def add_year(parser) -> None:
    words = "考试年度；不写时为进行中的年度，进行中的不止一个时必须写明"
    parser.add_argument("--session", "--year", dest="year", type=a_number, metavar="年度", help=words)


def add_only(parser) -> None:
    """For commands that take every row by its own year's dates: a timer runs them, however many years are open."""
    words = "只办理这个考试年度的；不写时各个年度都办理，各按自己的时间"
    parser.add_argument("--session", "--year", dest="year", type=a_number, metavar="年度", help=words)


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

    under_way = {one.year: one for one in ExamSession.under_way()}
    if len(under_way) == 1:
        return under_way.popitem()[1]
    if under_way:
        raise CommandError(f"进行中的考试年度有 {_years(under_way)}：请用 --session 写明年度，没有办理任何内容。")
    if not sessions:
        raise CommandError("还没有开设考试年度，请先用 open_session。")
    if len(sessions) == 1:
        return sessions.popitem()[1]
    raise CommandError(
        f"现在没有进行中的考试年度（已开设 {_years(sessions)}）：请用 --session 写明年度，没有办理任何内容。"
    )


def _told(sessions) -> str:
    return f"（已开设 {_years(sessions)}）" if sessions else "，请先用 open_session 开设"


def _years(sessions) -> str:
    return "、".join(map(str, sessions))
