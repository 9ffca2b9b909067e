"""What materials has to do after the answer (candidates/jobs.py)."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Q

from candidates import jobs
from candidates.applications.states import NO_DOCUMENTS
from candidates.models import Account, Application, ExamSession, Unit
from materials import notices


@jobs.kind("notices", "生成通知单", {"rendered": "新生成", "kept": "已有", "failed": "未能生成"})
def fill_notices(report: jobs.Report, *, point: str, year: int) -> Mapping[str, int]:
    """Print the notices of a registration point (its code) into the store."""
    keys = notices.of_unit(Unit.objects.get(code=point), ExamSession.objects.get(year=year))
    tally: Counter[str] = Counter()
    for done, key in enumerate(keys):
        report(done, len(keys))
        tally.update(outcome for outcome, _ in notices.render([key]))
    report(len(keys), len(keys))
    return tally


def ask_for_notices(units: Iterable[Unit], session: ExamSession, *, asked_by: Account | None = None) -> tuple[int, int]:
    """Ask for a job for each registration point of these units; return how many are new, and how many there are.

    By points, so that several workers share a unit, and a worker that dies takes the work of a point along.
    """
    among = Q(pk__in=[])
    for unit in units:
        among |= Q(**{unit.level: unit})

    cases = Application.objects.filter(among, session=session).exclude(status__in=NO_DOCUMENTS)
    codes = cases.order_by("point__code").values_list("point__code", flat=True).distinct()

    asked = [jobs.ask("notices", asked_by=asked_by, point=code, year=session.year) for code in codes]
    return sum(new for _, new in asked), len(asked)
