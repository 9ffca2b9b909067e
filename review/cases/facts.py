"""How a decision came about, as its record keeps it for good: ids and numbers, which the chain of records covers."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from candidates.models import Application, Record
from review.cases.verdicts import Round

KEY = "how"  # in Record.data; records from before have none
Displayed = Collection[uuid.UUID] | None  # the pictures that the page has shown legibly; None where it did not say


@dataclass(frozen=True)
class How:
    """What a record says of it: numbers of the round's pictures, and lines of the on-site list by account."""

    batch: int  # 0: one by one, else how many were passed together
    pictures: int
    displayed: int | None  # legibly, on the page that decided; None where the page did not say
    inherited: int  # their verdicts stood before, and were left as they are
    ticks: Mapping[int, int]  # account -> lines

    @property
    def in_words(self) -> str:
        """Say it in one line, but for the ticks, whose people have names."""
        way = f"批量办理（一批 {self.batch} 份）" if self.batch else "逐份办理"
        shown = "没有记录图片是否显示过" if self.displayed is None else f"清晰显示 {self.displayed} 张"
        return f"{way}；本次提交图片 {self.pictures} 张，{shown}，沿用已有结论 {self.inherited} 张"


def of(judged: Round, displayed: Displayed, batch: int = 0) -> dict[str, Any]:
    """Return what the record is to say, as its data. What the page claims counts for pictures of the round alone."""
    images = {image.id for image in judged.images if image.removed_at is None}
    ticks = Counter(str(one.account_id or 0) for one in judged.ticks.values())
    how = {
        "batch": batch,
        "pictures": len(images),
        "displayed": None if displayed is None else len(images & set(displayed)),
        "inherited": len(images & judged.standing.keys() - judged.given),
        "ticks": dict(ticks),
    }
    return {KEY: how}


def of_act(application: Application, displayed: Displayed) -> dict[str, Any]:
    """Return what the record of an act that judges no picture says of them: nothing where no page asked for it."""
    return {} if displayed is None else of(Round.of(application), displayed)


DECISIONS = ("pass", "return", "reject")  # of a unit, on the pictures


def last_decisions(keys: Iterable[int]) -> dict[int, Record]:
    """Return the last decision that stands of each of these applications."""
    records = Record.objects.filter(application__in=list(keys), action__in=[*DECISIONS, "undo"]).order_by("pk")
    found: dict[int, list[Record]] = {}
    for record in records:
        mine = found.setdefault(record.application_id, [])
        if record.action == "undo":
            mine.pop()  # nothing comes between a decision and its undoing
        else:
            mine.append(record)
    return {key: mine[-1] for key, mine in found.items() if mine}


def how_of(record: Record) -> How | None:
    """Read it again; None where the record is from before, or no decision on pictures."""
    kept = record.data.get(KEY)
    if not kept:
        return None
    return How(**{**kept, "ticks": {int(key): number for key, number in kept["ticks"].items()}})
