"""What a desk prints for a day: the list, the sign-in sheet, labels; and the handover of folders from point to site.

One PDF each, of plain values; nothing of it is kept but what was handed over.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from candidates.applications.states import BEFORE_THE_POINT
from candidates.models import Account, Application, ExamSession, Record, Unit
from candidates.models.session import SHANGHAI
from candidates.rules.levels import FIRST
from candidates.rules.refusals import NotAllowed
from materials.needs import onsite_lines_of
from materials.printing import pdf
from review.appointments import desk
from review.models import STATES, Appointment, HandedOver, Handover, OnsiteTick

KINDS = {"list": "现场审核名单", "sign-in": "现场审核签到表", "labels": "材料袋标签"}
MOST = 500  # cases of one handover: what is more waits for the next
LABELS_A_PAGE = 14  # two columns of seven on A4


def render(kind: str, point: Unit, day: date) -> bytes:
    """Return the PDF of one of KINDS. Raises what pdf.render raises."""
    return pdf.render(render_to_string(f"documents/desk_{kind.replace('-', '_')}.html", page_of(kind, point, day)))


def page_of(kind: str, point: Unit, day: date) -> dict[str, Any]:
    """Return all that it prints: values, no rows."""
    rows = [_row(one) for one in desk.of_day(point, day)]
    page = {"title": f"{KINDS[kind]} {day:%Y-%m-%d}", "kind": kind, "point": point.name, "day": day, "rows": rows}
    if kind == "labels":
        named = [one for one in rows if one["number"]]
        page["sheets"] = list(_pages(named, LABELS_A_PAGE))
    return page


def _row(one: Appointment) -> dict[str, Any]:
    case = one.application
    slot = timezone.localtime(one.slot.starts_at, SHANGHAI) if one.slot else None
    return {
        "time": f"{slot:%H:%M}" if slot else "无预约",
        "called_as": one.called_as,
        "number": case.number if case else "",
        "name": case.name if case else "",
        "category": case.exam_category.name if case and case.exam_category else "",
        "state": STATES[one.state],
        "arrived": f"{timezone.localtime(one.arrived_at, SHANGHAI):%H:%M}" if one.arrived_at else "",
    }


def _pages(rows: list[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    return (rows[at : at + size] for at in range(0, len(rows), size))


# --- the handover -----------------------------------------------------------------------------------------------------


def to_hand_over(point: Unit, now: datetime) -> list[Record]:
    """List the passes of this point that were handed over by no handover yet and can be undone no more, oldest first.

    A case that has come back to the point since, or was passed twice, goes with its last pass alone.
    """
    cutoff = now - timedelta(minutes=point.undo_minutes)
    passes = Record.objects.filter(unit=point, level=FIRST, action="pass", at__lte=cutoff, application__point=point)
    years = [session.pk for session in ExamSession.under_way(now)]  # an earlier year's folders have gone long ago
    new = passes.filter(application__session__in=years).exclude(
        pk__in=HandedOver.objects.filter(handover__point=point).values("record")
    )
    last: dict[int, Record] = {}
    for record in new.select_related("application__exam_category").order_by("pk"):
        if _has_gone(record.application):
            last[record.application_id] = record
    return list(last.values())[:MOST]


def _has_gone(application: Application) -> bool:
    """Say whether the point has it no more: returned, sent back and undone ones are still its own."""
    return application.status not in BEFORE_THE_POINT


@transaction.atomic
def hand_over(point: Unit, *, by: Account, now: datetime | None = None) -> Handover:
    """Make the point's next handover: everything passed since the last. Raise NotAllowed where there is nothing."""
    now = now or timezone.now()
    list(Unit.objects.select_for_update(no_key=True).filter(pk=point.pk).values_list("pk"))  # one after the other
    records = to_hand_over(point, now)
    if not records:
        raise NotAllowed("上次交接以后还没有审核通过的申请（刚刚通过、还可以撤回的除外），没有可以交接的。")
    last = Handover.objects.filter(point=point).first()
    made = Handover.objects.create(point=point, serial=last.serial + 1 if last else 1, until=now, at=now, by=by)
    HandedOver.objects.bulk_create(
        HandedOver(handover=made, record=record, application_id=record.application_id) for record in records
    )
    return made


def handover_page(handover: Handover) -> dict[str, Any]:
    """Return what the handover prints: each folder with what the desk has seen of its list."""
    folders = handover.folders.select_related("application__exam_category", "application__session", "record")
    cases = [one.application for one in folders]
    ticks: dict[int, list[OnsiteTick]] = {}
    for tick in OnsiteTick.objects.filter(application__in=cases).order_by("pk"):
        ticks.setdefault(tick.application_id, []).append(tick)
    return {
        "title": f"材料交接清单 第 {handover.serial} 次",
        "point": handover.point.name,
        "site": handover.point.parent.name if handover.point.parent else "",
        "serial": handover.serial,
        "at": handover.at,
        "folders": [
            {
                "number": one.application.number,
                "name": one.application.name,
                "category": one.application.exam_category.name if one.application.exam_category else "",
                "papers": list(_papers(one.application, ticks.get(one.application_id, ()), one.record.round)),
            }
            for one in folders
        ],
    }


def _papers(application: Application, ticks: Iterable[OnsiteTick], round: int) -> Iterator[str]:
    """Say what lies in a folder: what stays with the point of each line that was seen, and what is missing."""
    amounts = {line.document: line for line in onsite_lines_of(application)} if application.profile else {}
    for tick in ticks:
        if tick.round != round:
            continue
        line = amounts.get(tick.document)
        if not tick.seen:
            yield f"{tick.document}：未交（{tick.note}）"
        elif line is None or line.copies or not line.original:
            copies = f"{line.copies}{line.unit or '份'}" if line else ""
            yield f"{tick.document} {'复印件' if line and line.original else ''}{copies}".rstrip()
        else:
            yield f"{tick.document} 原件"


def render_handover(handover: Handover) -> bytes:
    """Return the PDF. Raises what pdf.render raises."""
    return pdf.render(render_to_string("documents/desk_handover.html", handover_page(handover)))
