"""The queue's pages: one index range of one level and status, read forwards or backwards from a place, never counted.

Plan of a page, whatever the size of the table: Index Scan using queue_of_<level> with the unit, the status and
submitted_at >= the place, LIMIT 51; joins by primary key. A filter reads an index of its own in the same order:
category_queue_of_<level>, assigned_queue, or the partial free_, returned_, owed_ and warnings_queue_of_<level>; of two
filters, one is tested on the rows of the other's range. A sub-unit reads its own level's index. Each other order has
an index too: waiting_, number_ and (partial, of what was returned) deadline_queue_of_<level>; a filter is tested on its
rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from candidates.applications.states import REVIEW, Status
from candidates.models import Application
from candidates.models.application import FLAGS, PAYS_UNTIL

PAGE = 50
COUNTED = 1000  # a count stops there
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# what a list can be ordered by -> the column; the first is what waits longest, by its submission
ORDERS = {"submitted": "submitted_at", "waiting": "status_since", "deadline": "return_deadline", "number": "number"}
NOBODY = "free"  # what is assigned to nobody
# status -> what is late where it lies before a moment: now, or the last on which the level should have got it
LATE = {
    Status.RETURNED: F("return_deadline"),
    Status.PAYMENT_DUE: PAYS_UNTIL,
    **dict.fromkeys(REVIEW, F("status_since")),
}
# what a line tells, of its case and beside it: as values, for instances of the rows were a tenth of the queue's CPU
COLUMNS = (
    "pk",
    "number",
    "name",
    "status",
    "round",
    "submitted_at",
    "status_since",
    "return_deadline",
    "payment_deadline",
    "times_returned",
    "owed",
    "has_warnings",
    "has_notes",
    "duplicates",
    "question",
    "question_answered",
    "last_record_id",
    "exam_category__name",
    "point__name",
    "session__payment_closes",
    "assigned_to__username",
    "hold__until",
    "hold__account__username",
)


@dataclass(frozen=True)
class Page:
    cases: tuple[Any, ...]  # each with COLUMNS by their names, and what the query was annotated with
    previous: str  # the place to read backwards from; empty where this is the first page
    next: str


def chosen(cases: QuerySet[Application], filters: Mapping[str, Any]) -> QuerySet[Application]:
    """Select by status, year, sub-unit, category, flags, days of submission, what is overdue at a moment (see LATE)."""
    cases = cases.filter(status=filters["status"])
    if filters.get("year"):
        cases = cases.filter(session__year=filters["year"])
    if unit := filters.get("unit"):
        cases = cases.filter(**{unit.level: unit})
    if filters.get("overdue") and filters["status"] in LATE:
        cases = cases.alias(late=LATE[filters["status"]]).filter(late__lt=filters["overdue"])
    if assigned := filters.get("assigned"):
        cases = cases.filter(assigned_to=None if assigned == NOBODY else assigned)
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


def page(cases: QuerySet[Application], *, after: str = "", before: str = "", order: str = "submitted") -> Page:
    """Read the 50 that follow a place, or come before one; from the start where the place is none."""
    column = ORDERS[order]
    backwards = _place(before, column)
    place = backwards or _place(after, column)
    in_turn = (f"-{column}", "-id") if backwards else (column, "id")
    if place:
        cases = cases.filter(_beyond(place, backwards is not None, column))

    told = cases.order_by(*in_turn).values_list(*COLUMNS, *cases.query.annotation_select, named=True)
    rows: list[Any] = list(told[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()

    if not rows:
        return Page((), "", "")
    first, last = _token(rows[0], column), _token(rows[-1], column)
    return Page(
        tuple(rows),
        previous=first if (more if backwards else place is not None) else "",
        next=last if (backwards or more) else "",
    )


def beyond(case: Application, order: str) -> Q:
    """Select what comes after this case in a list of this order."""
    column = ORDERS[order]
    return _beyond(_place_of(case, column), backwards=False, column=column)


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
    return f"{COUNTED} 份以上" if number > COUNTED else f"{number} 份"


def _beyond(place: tuple[Any, int], backwards: bool, column: str = "submitted_at") -> Q:
    """Put the range condition first, for the index; then what of the same moment lies beyond."""
    at, pk = place
    if backwards:
        return Q(**{f"{column}__lte": at}) & (Q(**{f"{column}__lt": at}) | Q(id__lt=pk))
    return Q(**{f"{column}__gte": at}) & (Q(**{f"{column}__gt": at}) | Q(id__gt=pk))


def _place_of(case: Any, column: str = "submitted_at") -> tuple[Any, int]:
    return getattr(case, column) or EPOCH, case.pk  # whatever is listed has been submitted


def _token(case: Any, column: str = "submitted_at") -> str:
    at, pk = _place_of(case, column)
    return f"{at}-{pk}" if column == "number" else f"{(at - EPOCH) // timedelta(microseconds=1)}-{pk}"


def _place(token: str, column: str = "submitted_at") -> tuple[Any, int] | None:
    parts = token.split("-")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) <= 17 for part in parts):
        return None
    at = parts[0] if column == "number" else EPOCH + timedelta(microseconds=int(parts[0]))
    return at, int(parts[1])
