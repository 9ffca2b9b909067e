"""The reviewers' pages at FEW and at MANY applications: flat, few queries, no sort, counts from counters.

NMEC_BENCH_MANY=100000 takes another size, NMEC_BENCH_ROUNDS=3 fewer rounds. 300,000 applications took 3 GB and as much
again of write-ahead log, so reckon with 15 GB for a million, where the tests' server keeps its data.
"""

import json
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.models import Account, Application, ExamSession, Unit
from review.cases import holds, listing
from review.models import ReviewTerm
from review.office import assignments, dividing
from review.reports import progress
from tests.bench import crowd
from tests.bench.measure import Row, in_turns
from tests.factories import make_application, make_reviewer, make_session

FEW, MANY = 1_000, int(os.environ.get("NMEC_BENCH_MANY", "1000000"))
QUERIES, BUFFERS = 8, 60
QUEUE = "/review/applications/"
BATCH = 50
PEOPLE = 200  # reviewers of the region
FLAT = ("queue", "next case", "case", "batch page", "head's page", "figures")
ROUNDS = int(os.environ.get("NMEC_BENCH_ROUNDS", "15"))
FILTERS = (
    *("", "returned=on", "owed=on", "warnings=on", "category=210", "category=110", "status=paid"),
    f"submitted_from={crowd.BEGIN}",
)


@dataclass(frozen=True)
class Size:
    """What the pages took at one size: CPU and wall seconds by page."""

    name: str
    cpu: dict[str, float]
    wall: dict[str, float]


def run() -> Iterator[Row]:
    make_session(2027)
    crowd.make_country()
    template = make_application("point_review")
    region = make_reviewer(Unit.objects.get(code="11"), is_head=True)
    ReviewTerm.objects.create(level="region", days=5)
    crowd.staff(region.unit, PEOPLE)
    client = Client()
    client.force_login(region, backend="candidates.accounts.auth.LoginNameBackend")
    crowd.grow(0, FEW)
    crowd.handled(region.unit, FEW)
    few = measured("few", client, region)
    start = time.perf_counter()
    crowd.grow(FEW, MANY)
    crowd.handled(region.unit, MANY)
    yield Row(f"loading {MANY}", "", time.perf_counter() - start, "", "seconds, all indexes included")
    many = measured("many", client, region)
    for page, limit in (*((one, 1.25) for one in FLAT), ("progress", 0)):
        for kind in ("cpu", "wall"):
            mine, other = getattr(many, kind)[page], getattr(few, kind)[page]
            note = f"{mine * 1000:.1f} ms / {other * 1000:.1f} ms"
            target = f"≤ {limit}" if limit else ""
            yield Row(f"{page} at {MANY}, {kind}", f"at {FEW}", mine / other, target, note)
    yield from statements(client, region)
    yield from deep(client, region)
    yield from counters(region, template)
    yield passed(client, region)
    yield from assigned(client, region)


def measured(name: str, client: Client, region: Account) -> Size:
    first = oldest(region, BATCH)
    crowd.judge(region, first)
    works = {
        "queue": lambda: opened(client, QUEUE),
        "next case": lambda: undone(lambda: holds.take_next(region)),
        "case": lambda: opened(client, f"{QUEUE}{first[0].number}/"),
        "batch page": lambda: client.post(f"{QUEUE}pass/", chosen(first)),
        "head's page": lambda: opened(client, "/review/office/"),
        "figures": lambda: opened(client, "/review/office/figures/"),
        "progress": lambda: opened(client, "/review/progress/"),
    }
    times = dict(zip(works, in_turns(list(works.values()), rounds=ROUNDS), strict=True))
    return Size(name, {key: one.cpu for key, one in times.items()}, {key: one.wall for key, one in times.items()})


def oldest(region: Account, number: int) -> list[Application]:
    return list(holds.waiting_for(region)[:number])


def chosen(cases: Iterable[Application]) -> dict[str, list[str]]:
    return {"case": [f"{case.number}:{case.last_record_id}" for case in cases]}


def opened(client: Client, address: str) -> None:
    if client.get(address).status_code != 200:
        raise AssertionError(address)


def undone(work: Callable[[], object]) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


# --- plans ------------------------------------------------------------------------------------------------------------


def statements(client: Client, region: Account) -> Iterator[Row]:
    """The queue page's statements, explained; and every list that the filters offer, its order read from an index."""
    with CaptureQueriesContext(connection) as asked:
        opened(client, QUEUE)
    plans = [explained(one["sql"]) for one in asked if one["sql"].startswith(("EXECUTE", "SELECT"))]
    sorts = sum("Sort" in one for plan in plans for one in kinds(plan))
    yield Row("queue page, queries", f"most {QUERIES}", len(asked) / QUERIES, "≤ 1", f"{len(asked)} queries")
    yield Row("queue page, SQL", f"{BUFFERS} buffers", buffers(plans) / BUFFERS, "≤ 1", f"{buffers(plans)} buffers")
    yield Row("queue page, Sort nodes", "none", sorts, "≤ 0", f"{sorts} in {len(plans)} plans")
    for level, code in (("region", "11"), ("site", "1101"), ("point", "1101001")):
        yield Row(f"orders of {level}, without an index", "none", unordered(code), "≤ 0", f"{len(FILTERS)} filters")


def unordered(code: str) -> int:
    """How many of the lists that this unit's filters offer are sorted rather than read in order, both ways."""
    unit = Unit.objects.get(code=code)
    account = Account.objects.filter(kind="reviewer", unit=unit).first() or make_reviewer(unit)
    client = Client()
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    waiting = holds.waiting_for(account)
    middle = listing._token(waiting[waiting.count() // 2])
    found = 0
    for filters in FILTERS:
        for place in ("", f"&after={middle}", f"&before={middle}"):
            with CaptureQueriesContext(connection) as asked:
                opened(client, f"{QUEUE}?{filters}{place}")
            pages = [one["sql"] for one in asked if re.search(r'ORDER BY .*"submitted_at"', one["sql"])]
            found += sum("Sort" in one for sql in pages for one in kinds(explained(sql)))
    return found


def explained(sql: str) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql.replace('%', '%%')}", [])
        answer = cursor.fetchone()[0]
    return (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]


def kinds(plan: dict) -> list[str]:
    """The node types of a plan, at any depth."""
    return [plan["Node Type"], *(kind for inner in plan.get("Plans", []) for kind in kinds(inner))]


def buffers(plans: Iterable[dict]) -> int:
    return sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans)


# --- depth, counts, a batch -------------------------------------------------------------------------------------------


def deep(client: Client, region: Account) -> Iterator[Row]:
    waiting = holds.waiting_for(region)
    place = listing._token(waiting[waiting.count() * 8 // 10])
    first, last = in_turns(
        [lambda: opened(client, QUEUE), lambda: opened(client, f"{QUEUE}?after={place}")], rounds=ROUNDS
    )
    for kind in ("cpu", "wall"):
        mine, other = getattr(last, kind), getattr(first, kind)
        note = f"{mine * 1000:.1f} ms / {other * 1000:.1f} ms"
        yield Row(f"page at 80 % depth, {kind}", "first page", mine / other, "≤ 1.5", note)


def counters(region: Account, template: Application) -> Iterator[Row]:
    year, unit = ExamSession.current().year, region.unit
    cases = Application.objects.filter(region=unit)

    def grouped(key: str) -> list:
        return list(cases.values_list(key, "status").annotate(number=Count("pk")).order_by())

    exact = {status: number for status, number in cases.values_list("status").annotate(Count("pk")).order_by()}
    same = progress.of_unit_by_year(unit)[year] == exact
    works = (
        (
            "queue's counts",
            lambda: progress.of_unit_by_year(unit),
            lambda: list(cases.values_list("status").annotate(Count("pk"))),
        ),
        ("progress by unit", lambda: progress.by_unit(unit, year), lambda: grouped("site")),
    )
    for name, kept, counted in works:
        mine, other = in_turns([kept, counted], rounds=5)
        note = f"{mine.wall * 1000:.1f} ms / {other.wall * 1000:.1f} ms, {'exact' if same else 'NOT EXACT'}"
        yield Row(f"{name} from counters", "GROUP BY", mine.wall / other.wall, "≤ 0.05", note)
    day = timezone.localdate()
    (waits,) = in_turns([lambda: (progress.by_day(unit, year, day), progress.waits(unit, year, day))], rounds=5)
    yield Row("days and waits", "", waits.wall, "", f"{waits.wall * 1000:.1f} ms")


def passed(client: Client, region: Account) -> Row:
    """A batch of 50 passed for good, against 50 cases passed one by one."""
    cases = oldest(region, 2 * BATCH)
    crowd.judge(region, [case for case in cases if not case.images.filter(verdicts__is_current=True).exists()])
    one, other = cases[:BATCH], cases[BATCH:]
    start = timezone.now()
    client.post(f"{QUEUE}pass/", {**chosen(one), "confirmed": "1"})
    batch = timezone.now() - start
    start = timezone.now()
    for case in other:
        client.post(f"{QUEUE}{case.number}/pass/", {"seen": case.last_record_id})
    singly = timezone.now() - start
    left = Application.objects.filter(pk__in=[case.pk for case in cases], status="region_review").count()
    note = f"{batch / timedelta(milliseconds=1):.0f} ms / {singly / timedelta(milliseconds=1):.0f} ms, {left} left"
    return Row("batch pass of 50", "one by one", batch / singly, "≤ 1", note)


# --- assignment -------------------------------------------------------------------------------------------------------


def assigned(client: Client, region: Account) -> Iterator[Row]:
    """The oldest 5,000 given out by rule to six; then the next case, and the lists, of who has none of them."""
    works = {
        "next case": lambda: undone(lambda: holds.take_next(region)),
        "queue": lambda: opened(client, QUEUE),
        "list of free ones": lambda: opened(client, f"{QUEUE}?assigned=free"),
        "assignment page": lambda: opened(client, "/review/office/assignment/"),
    }
    Account.objects.filter(pk=region.pk).update(is_head=True)
    region.refresh_from_db()
    others = [make_reviewer(region.unit, username=f"reviewer-{one}") for one in range(6)]
    before = in_turns(list(works.values()), rounds=ROUNDS)

    waiting = assignments.oldest(region.unit, None, assignments.MOST, timezone.now())
    whose = dividing.dealt(waiting, dict.fromkeys((one.pk for one in others), 0))
    start, cpu = time.perf_counter(), time.process_time()
    given = assignments.divide(region.unit, by=region, way="even", whose=whose)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    note = f"{assignments.CHUNK} a transaction; {cpu:.1f} s of CPU, the database's not counted"
    yield Row(f"assignment of {given.total} by rule, s", "", seconds, "≤ 5", note)

    after = in_turns(list(works.values()), rounds=ROUNDS)
    for name, mine, other in zip(works, after, before, strict=True):
        note = f"{mine.cpu * 1000:.1f} ms / {other.cpu * 1000:.1f} ms"
        yield Row(f"{name} behind them, cpu", "before", mine.cpu / other.cpu, "≤ 1.25", note)
