"""The queue's pages: one index range of one level and status, read forwards or backwards from a place, never counted.

Plan of a page, whatever the size of the table: Index Scan using queue_of_<level> with the unit, the status and
submitted_at >= the place, LIMIT 51; joins by primary key. A filter reads an index of its own in the same order:
category_queue_of_<level>, or the partial returned_, owed_ and warnings_queue_of_<level>; of two filters, one is tested
on the rows of the other's range.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from candidates.models import Application
from candidates.models.application import FLAGS

PAGE = 50
COUNTED = 1000  # a count stops there
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RELATED = ("exam_category", "point", "site", "hold__account")
COLUMNS = (
    "number",
    "name",
    "status",
    "round",
    "submitted_at",
    "status_since",
    "times_returned",
    "owed",
    "has_warnings",
    "has_notes",
    "duplicates",
    "question",
    "question_answered",
    "last_record_id",
    "exam_category__code",
    "exam_category__name",
    "point__name",
    "site__name",
    "hold__until",
    "hold__account__username",
    "hold__account__kind",
)


@dataclass(frozen=True)
class Page:
    cases: tuple[Application, ...]
    previous: str  # the place to read backwards from; empty where this is the first page
    next: str


def chosen(cases: QuerySet[Application], filters: Mapping[str, Any]) -> QuerySet[Application]:
    """Select by status, category, flags and days of submission (start and end as moments)."""
    cases = cases.filter(status=filters["status"])
    if filters.get("category"):
        cases = cases.filter(exam_category=filters["category"])

    if filters.get("since"):
        cases = cases.filter(submitted_at__gte=filters["since"])
    if filters.get("until"):
        cases = cases.filter(submitted_at__lt=filters["until"])
    for flag, condition in FLAGS.items():
        if filters.get(flag):
            cases = cases.filter(condition)
    return cases


def page(cases: QuerySet[Application], *, after: str = "", before: str = "") -> Page:
    """Read the 50 that follow a place, or come before one; from the start where the place is none."""
    backwards = _place(before)
    place = backwards or _place(after)
    order = ("-submitted_at", "-id") if backwards else ("submitted_at", "id")
    if place:
        cases = cases.filter(_beyond(place, backwards is not None))

    rows = list(cases.order_by(*order).select_related(*RELATED).only(*COLUMNS)[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()

    if not rows:
        return Page((), "", "")
    first, last = _token(rows[0]), _token(rows[-1])
    return Page(
        tuple(rows),
        previous=first if (more if backwards else place is not None) else "",
        next=last if (backwards or more) else "",
    )


def in_order(cases: QuerySet[Application]) -> Iterator[list[Application]]:
    """Read all of them, whole rows, a page at a time: each page begins where the last one ended."""
    place: tuple[datetime, int] | None = None
    while True:
        beyond = cases.filter(_beyond(place, False)) if place else cases
        rows = list(beyond.order_by("submitted_at", "id").select_related("exam_category", "point", "site")[:PAGE])
        if rows:
            yield rows
            place = _place_of(rows[-1])
        if len(rows) < PAGE:
            return


def count(cases: QuerySet[Application]) -> str:
    """Count a filtered list, exactly up to 1000 and reading no more rows than that (counters count whole queues)."""
    number = cases.order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if number > COUNTED else str(number)


def _beyond(place: tuple[datetime, int], backwards: bool) -> Q:
    """Put the range condition first, for the index; then what of the same moment lies beyond."""
    at, pk = place
    if backwards:
        return Q(submitted_at__lte=at) & (Q(submitted_at__lt=at) | Q(id__lt=pk))
    return Q(submitted_at__gte=at) & (Q(submitted_at__gt=at) | Q(id__gt=pk))


def _place_of(case: Application) -> tuple[datetime, int]:
    return case.submitted_at or EPOCH, case.pk  # whatever is listed has been submitted


def _token(case: Application) -> str:
    at, pk = _place_of(case)
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{pk}"


def _place(token: str) -> tuple[datetime, int] | None:
    parts = token.split("-")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) <= 17 for part in parts):
        return None
    return EPOCH + timedelta(microseconds=int(parts[0])), int(parts[1])
