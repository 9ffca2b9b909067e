"""The table of applications with every field of the form, masked or in full: for the command and the back office."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from candidates.applications import summary
from candidates.models import Application, Unit
from candidates.rules.id_number import masked, masked_mobile
from candidates.rules.sections import SECTION_OF, label
from review.reports.columns import texts

HERE = "export_page"  # of an approval's arguments: asked for in the back office, and downloaded there
FIRST = ("报名编号", "状态", "提交次数", "首次提交时间", "提交时间", "退回次数", "待补材料")
COLUMNS = [*FIRST, *map(label, SECTION_OF)]
MASKED = {"document_number": masked, "mobile": masked_mobile}


def cases_of(year: int, unit: str, states: Iterable[str]) -> QuerySet[Application]:
    """Select those of a session, of a unit (its code) where one is named, in some states where any are."""
    cases = Application.objects.filter(session__year=year)
    if unit:
        of = Unit.objects.get(code=unit)
        cases = cases.filter(**{of.level: of})
    return cases.filter(status__in=list(states)) if states else cases


def rows(cases: QuerySet[Application], *, full: bool) -> Iterator[list[Any]]:
    """Give a row for each, in the order of their numbers; in memory are a few hundred."""
    cases = cases.select_related("exam_category", "region", "site", "point").order_by("number", "pk")
    for case in cases.iterator(chunk_size=500):
        if not full:
            for field, mask in MASKED.items():
                setattr(case, field, mask(getattr(case, field)))
        yield [*texts(case, FIRST), *(summary.words(case, field) for field in SECTION_OF)]


class Counted:
    """Rows that are counted as they go by."""

    def __init__(self, given: Iterable[list[Any]]):
        self.given, self.count = given, 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.given:
            self.count += 1
            yield row
