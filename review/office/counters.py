"""Who has handled what, counted in the transaction that decides or undoes: figures are read, never worked out.

A row a reviewer, and one a reviewer and day: pages read as much of a region with 300,000 cases as of one with 1,000.
cases/counting.py writes them, in one order after its own, so that two at once cannot deadlock.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from typing import Any

from django.utils import timezone

from candidates.models import Application, Look, Record
from candidates.rules.levels import LEVELS, below
from review.models import COUNTED, MINUTES, PLACES, SecondLook

# what an act counts for whoever does it
HANDLED = {
    "pass": "passed",
    "first_pass": "passed",
    "return": "returns",
    "reject": "rejections",
    "send_back": "sent_back",
    "second_pass": "second",
    "second_differs": "second",
    "second_up": "second",
}
PASSES = ("pass", "first_pass", "second_pass")  # what a level above can overturn
CONTESTED = ("second_differs", "second_up")  # no pass any more
OVERTURNS = ("return", "reject", "send_back")
COMPARES = ("second_pass", "second_differs", "second_up")

Person = tuple[int, int, int]  # session, unit, account
Statement = tuple[str, list[Any]]  # SQL and its parameters


def statements(application: Application, record: Record, by: int) -> list[Statement]:
    """Return what counts an act just recorded, or (`by` -1) takes it off; nothing where it is nobody's of a unit."""
    if record.action not in HANDLED or record.account_id is None or record.unit_id is None:
        return []
    people: dict[Person, Counter[str]] = defaultdict(Counter)
    me = (application.session_id, record.unit_id, record.account_id)
    people[me][HANDLED[record.action]] += by
    for who in _overturned(application, record):
        people[who]["overturned"] += by
    for who, what in _compared(application, record):
        people[who][what] += by

    place = _place_of_time(record)
    figures = [_figures(who, people[who], place if who == me else None, by) for who in sorted(people)]
    return [*figures, (ADD_DAY, [*me, timezone.localdate(record.at), by])]


def place_of(minutes: float) -> int:
    """Return which of the PLACES a time belongs to."""
    return bisect_left(MINUTES, minutes)


def _place_of_time(record: Record) -> int | None:
    """Place the time since this person first opened the case in this round; None where it was not opened: a batch."""
    if record.data.get("how", {}).get("batch"):
        return None
    looks = Look.objects.filter(
        application=record.application_id, account=record.account_id, round=record.round, kind="case"
    )
    opened = looks.values_list("at", flat=True).first()
    if opened is None or opened > record.at:
        return None
    return place_of((record.at - opened).total_seconds() / 60)


def _overturned(application: Application, record: Record) -> list[Person]:
    """Return whose passes this decision of a higher level undoes: of each level below, or, sent back, of the next.

    Of each level the last pass of this round counts, and with a second look the pass that it looked at.
    """
    if record.action not in OVERTURNS or record.level not in LEVELS[1:]:
        return []
    levels = LEVELS[: LEVELS.index(record.level)] if record.action != "send_back" else (below(record.level),)
    acts = [*PASSES, *CONTESTED, "undo"]
    before = Record.objects.filter(application=application, round=record.round, action__in=acts, pk__lt=record.pk)
    rows = list(before.order_by("pk"))
    undone = {one.data["record"] for one in rows if one.action == "undo"}

    last: dict[str, Record] = {}
    for one in rows:
        if one.action in CONTESTED:
            last.pop(one.level, None)
        elif one.action in PASSES and one.level in levels and one.pk not in undone:
            last[one.level] = one
    kept = [one for one in last.values() if one.unit_id]
    return [(application.session_id, one.unit_id or 0, who) for one in kept for who in _people_of(one)]


def _people_of(passing: Record) -> set[int]:
    """Return who stands behind a pass: with a second look also who passed first."""
    look = passing.data.get("look")
    firsts = SecondLook.objects.filter(pk=look).values_list("first", flat=True) if look else ()
    return {key for key in (passing.account_id, *firsts) if key}


def _compared(application: Application, record: Record) -> list[tuple[Person, str]]:
    """Return what a second opinion says of the first's passes, and where they differ of both."""
    if record.action not in COMPARES or record.account_id is None or record.unit_id is None:
        return []
    first = SecondLook.objects.values_list("first", flat=True).get(pk=record.data["look"])
    who = (application.session_id, record.unit_id, first)
    found = [(who, "looked")]
    if record.action != "second_pass":
        found += [(who, "differed"), ((application.session_id, record.unit_id, record.account_id), "differed")]
    return found


# --- the rows ---------------------------------------------------------------------------------------------------------

ADD = """
INSERT INTO review_reviewerfigures AS kept (session_id, unit_id, account_id,
    passed, returns, rejections, sent_back, second, overturned, looked, differed, times)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (unit_id, session_id, account_id) DO UPDATE SET
    passed = kept.passed + EXCLUDED.passed,
    returns = kept.returns + EXCLUDED.returns,
    rejections = kept.rejections + EXCLUDED.rejections,
    sent_back = kept.sent_back + EXCLUDED.sent_back,
    second = kept.second + EXCLUDED.second,
    overturned = kept.overturned + EXCLUDED.overturned,
    looked = kept.looked + EXCLUDED.looked,
    differed = kept.differed + EXCLUDED.differed,
    times = ARRAY(SELECT was + more FROM unnest(kept.times, EXCLUDED.times) AS pair (was, more))
"""
ADD_DAY = """
INSERT INTO review_reviewerday (session_id, unit_id, account_id, day, number) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (unit_id, session_id, day, account_id) DO UPDATE
SET number = review_reviewerday.number + EXCLUDED.number
"""


def _figures(who: Person, numbers: Counter[str], place: int | None, by: int) -> Statement:
    times = [0] * PLACES
    if place is not None:
        times[place] = by
    return ADD, [*who, *(numbers[one] for one in COUNTED), times]
