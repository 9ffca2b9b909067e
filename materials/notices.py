"""The notices of a unit's applications, printed ahead into the store: by the command on all cores, or by jobs.

What is printed ahead can be had as one PDF (batch), joined from the store.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from candidates.applications.states import NO_DOCUMENTS
from candidates.models import Application, ExamSession, Unit
from candidates.models.session import SHANGHAI
from materials.printing import documents, pdf, rendered

if TYPE_CHECKING:
    import pikepdf

Outcome = tuple[str, str]  # "rendered", "kept", "due" or "failed"; for a failure, the line that reports it


def of_unit(unit: Unit, session: ExamSession) -> list[int]:
    """Return the keys of the unit's applications in this session that have a notice, in the order of their numbers."""
    found = Application.objects.filter(**{unit.level: unit}, session=session).exclude(status__in=NO_DOCUMENTS)
    return list(found.order_by("number").values_list("pk", flat=True))


def submitted_to(point: Unit, session: ExamSession, day: date | None = None) -> list[int]:
    """Return the keys of what its reviewers see, in the order of the numbers; with `day` what came last on that day."""
    found = Application.objects.filter(point=point, session=session, first_submitted_at__isnull=False)
    if day:
        begins = datetime.combine(day, time.min, SHANGHAI)
        found = found.filter(submitted_at__gte=begins, submitted_at__lt=begins + timedelta(days=1))
    return list(found.exclude(status__in=NO_DOCUMENTS).order_by("number").values_list("pk", flat=True))


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


def batch(applications: Sequence[Application]) -> bytes:
    """Return the notices of these in one PDF, with a bookmark each, from the store where it has them.

    One that cannot be printed now is left out. Raises NoNotice where none is left.
    """
    import pikepdf

    printed = ((one, _printed(one)) for one in applications)
    joined = pikepdf.new()
    with joined.open_outline() as outline:
        for application, content in printed:
            if content is None:
                continue
            outline.root.append(pikepdf.OutlineItem(f"{application.number} {application.name}", len(joined.pages)))
            with pikepdf.open(io.BytesIO(content)) as one:
                for page in one.pages:
                    if "/StructParents" in page:  # tags of single notices do not join
                        del page["/StructParents"]
                joined.pages.extend(one.pages)
        if not joined.pages:
            raise documents.NoNotice
    return _saved(joined)


def _saved(joined: "pikepdf.Pdf") -> bytes:
    import pikepdf

    joined.docinfo["/Title"] = "报名成功通知单"
    joined.Root.Lang = pikepdf.String("zh-CN")
    target = io.BytesIO()
    joined.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _printed(application: Application) -> bytes | None:
    try:
        return rendered.fetch(documents.NOTICE.slug, application)
    except (pdf.PdfError, documents.NoNotice):
        return None
