"""Are the records of every application whole: each chained to the one before, the last as the application says?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from candidates.applications.states import Status
from candidates.applications.workflow import broken_link
from candidates.models import Application, Record

CHUNK = 2000


@dataclass(frozen=True)
class Chain:
    """One application's chain; `problem` says what does not hold, and is empty where all does."""

    application: int  # its key
    number: str
    records: int
    problem: str = ""


def chains() -> Iterator[Chain]:
    """Give every application's chain, by key; in memory are the records of one application."""
    applications = Application.objects.order_by("pk").values_list("pk", "number", "status", "last_record_id")
    records = groupby(
        Record.objects.order_by("application_id", "id").iterator(chunk_size=CHUNK),
        key=lambda record: record.application_id,
    )
    key, of_key = next(records, (None, ()))
    for pk, number, status, last in applications.iterator(chunk_size=CHUNK):
        found: list[Record] = []
        if key == pk:
            found = list(of_key)
            key, of_key = next(records, (None, ()))
        yield Chain(pk, number or "", len(found), _problem(found, status, last))


def _problem(records: list[Record], status: str, last: int | None) -> str:
    broken = broken_link(records)
    if broken:
        return f"办理记录 {broken.pk}（{broken.action}）与摘要链不符"
    if (records[-1].pk if records else None) != last:
        return f"最近一次办理应为 {last}，现有的最后一条是 {records[-1].pk if records else '无'}"
    if status != (records[-1].to_status if records else Status.DRAFT):
        return f"状态是 {status}，最后一条办理记录的新状态是 {records[-1].to_status if records else Status.DRAFT}"
    return ""
