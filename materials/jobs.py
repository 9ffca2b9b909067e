"""What materials has to do after the answer (candidates/jobs.py)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from candidates import jobs
from candidates.applications.states import NO_DOCUMENTS
from candidates.models import Account, Application, ExamSession, Job, Unit
from materials import notices


@jobs.kind("notices", "生成通知单", {"rendered": "新生成", "kept": "已有", "failed": "未能生成"})
def fill_notices(report: jobs.Report, *, point: str, year: int) -> Mapping[str, int]:
    """Print the notices of a registration point (its code) into the store."""
    keys = notices.of_unit(Unit.objects.get(code=point), ExamSession.objects.get(year=year))
    return _filled(report, keys)


PARTS = 2  # of a batch: several workers share it


@jobs.kind("notice_batch", "成批生成通知单", {"rendered": "新生成", "kept": "已有", "failed": "未能生成"})
def fill_batch(report: jobs.Report, *, point: str, year: int, day: str, part: int) -> Mapping[str, int]:
    """Print a share of the notices that notices.batch will join, into the store; `day`: ISO date, empty for all."""
    chosen = date.fromisoformat(day) if day else None
    unit, session = Unit.objects.get(code=point), ExamSession.objects.get(year=year)
    keys = notices.submitted_to(unit, session, chosen)[part::PARTS]
    return _filled(report, keys)


def _filled(report: jobs.Report, keys: list[int]) -> Mapping[str, int]:
    tally: Counter[str] = Counter()
    for done, key in enumerate(keys):
        report(done, len(keys))
        tally.update(outcome for outcome, _ in notices.render([key]))
    report(len(keys), len(keys))
    return tally


def ask_for_batch(point: Unit, session: ExamSession, day: date | None, *, asked_by: Account) -> None:
    """Ask for the jobs that print a point's notices, of one day or all, before they are had in one PDF."""
    for part in range(PARTS):
        jobs.ask("notice_batch", asked_by=asked_by, **_arguments(point, session, day), part=part)


def batch_progress(point: Unit, session: ExamSession, day: date | None) -> list[Job]:
    """Return the newest job of each share of this batch; none where it has not been asked for."""
    asked = Job.objects.filter(kind="notice_batch", arguments__contains=_arguments(point, session, day))
    newest: dict[int, Job] = {}
    for job in asked.order_by("-id")[: PARTS * 4]:
        newest.setdefault(job.arguments["part"], job)
    return list(newest.values())


def _arguments(point: Unit, session: ExamSession, day: date | None) -> dict[str, int | str]:
    return {"point": point.code, "year": session.year, "day": day.isoformat() if day else ""}


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
