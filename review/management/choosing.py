"""Which applications a command is about: those of a session, of a unit, in some states."""

from django.core.management.base import CommandError
from django.db.models import QuerySet

from candidates.applications.states import STATUSES
from candidates.management.arguments import a_code
from candidates.management.sessions import add_year
from candidates.models import Application, ExamSession, Unit


def add_choice(parser) -> None:
    add_year(parser)
    parser.add_argument("--unit", type=a_code, metavar="代码", help="只要这个考区、考点或报名点的")
    states = "、".join(f"{code} {name}" for code, name in STATUSES.items())
    parser.add_argument(
        "--status",
        action="append",
        type=a_code,
        choices=list(STATUSES),
        help=f"只要这些状态的，可以重复：{states}",
    )


def unit_of(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise CommandError(f"没有代码为 {code} 的考区、考点或报名点。")
    return unit


def chosen(session: ExamSession, *, unit: str | None, status: list[str] | None) -> QuerySet[Application]:
    cases = Application.objects.filter(session=session)
    if unit:
        of = unit_of(unit)
        cases = cases.filter(**{of.level: of})
    return cases.filter(status__in=status) if status else cases
