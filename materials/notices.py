"""The notices of a unit's applications, printed ahead into the store: by the command on all cores, or by jobs."""

from collections.abc import Iterable

from candidates.applications.states import NO_DOCUMENTS
from candidates.models import Application, ExamSession, Unit
from materials.printing import documents, pdf, rendered

Outcome = tuple[str, str]  # "rendered", "kept", "due" or "failed"; for a failure, the line that reports it


def of_unit(unit: Unit, session: ExamSession) -> list[int]:
    """Return the keys of the unit's applications in this session that have a notice, in the order of their numbers."""
    found = Application.objects.filter(**{unit.level: unit}, session=session).exclude(status__in=NO_DOCUMENTS)
    return list(found.order_by("number").values_list("pk", flat=True))


def render(keys: Iterable[int], *, dry_run: bool = False) -> list[Outcome]:
    """Render what the store has not got, and return what became of each. With `dry_run` nothing is rendered."""
    rows = Application.objects.select_related("session", "exam_category", "point", "site", "region")
    return [_render_one(application, dry_run) for application in rows.filter(pk__in=keys).order_by("number")]


def _render_one(application: Application, dry_run: bool) -> Outcome:
    try:
        if rendered.is_kept(documents.NOTICE.slug, application):
            return "kept", ""
        if dry_run:
            return "due", ""
        rendered.fetch(documents.NOTICE.slug, application)
    except (pdf.PdfError, documents.NoNotice) as error:
        return "failed", f"{application.number}：{error if isinstance(error, pdf.PdfError) else '没有通知单'}"
    return "rendered", ""
