"""Who gets which of the cases that are given out. Pure: cases, people and what they have in, who gets what out.

Nothing is remembered from one time to the next: a rotation that is kept somewhere goes wrong as soon as somebody is
skipped. Who has the least gets the next one, which comes to the same where all begin alike.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

RULES = {"even": "按人均分", "digit": "按编号末位", "category": "按报考类别", "unit": "按下级单位"}


@dataclass(frozen=True)
class Waiting:
    """A case that is given out: its key, its number, and the codes of its category and of the unit below."""

    pk: int
    number: str
    category: str
    unit: str


def group_of(rule: str, case: Waiting) -> str:
    """Return what the rule keeps together; nothing where it deals case by case."""
    return {"digit": case.number[-1:], "category": case.category, "unit": case.unit}.get(rule, "")


def groups(rule: str, cases: Iterable[Waiting]) -> dict[str, int]:
    """Return how many cases each group has, by the groups' codes in order."""
    return dict(sorted(Counter(group_of(rule, one) for one in cases).items()))


def proposed(sizes: Mapping[str, int], loads: Mapping[int, int]) -> dict[str, int]:
    """Give every group to one person, the largest first, each to who has the least by then (`loads`: key -> cases)."""
    people = _heap(loads)
    whose = {}
    for group in sorted(sizes, key=lambda one: (-sizes[one], one)):
        load, place, person = heapq.heappop(people)
        whose[group] = person
        heapq.heappush(people, (load + sizes[group], place, person))
    return dict(sorted(whose.items()))


def dealt(cases: Iterable[Waiting], loads: Mapping[int, int]) -> dict[int, int]:
    """Give case after case to who has the least by then; of those with as many, to who stands first."""
    people = _heap(loads)
    whose = {}
    for case in cases:
        load, place, person = heapq.heappop(people)
        whose[case.pk] = person
        heapq.heappush(people, (load + 1, place, person))
    return whose


def by_groups(rule: str, cases: Iterable[Waiting], whose: Mapping[str, int]) -> dict[int, int]:
    """Give each case to who has its group; a group that nobody has stays as it is."""
    return {one.pk: whose[group] for one in cases if (group := group_of(rule, one)) in whose}


def _heap(loads: Mapping[int, int]) -> list[tuple[int, int, int]]:
    people = [(load, place, person) for place, (person, load) in enumerate(loads.items())]
    heapq.heapify(people)
    return people
