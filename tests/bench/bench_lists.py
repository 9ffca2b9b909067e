"""The back office's lists at MANY rows: as quick at any depth, filtered or not, as on the first page.

NMEC_BENCH_MANY=100000 takes another size. The buffers that the queries read tell the same on a busy machine.
"""

import os
import re
import time
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidates.models import Application
from tests.bench import crowd
from tests.bench.bench_review import buffers, explained
from tests.bench.measure import Row
from tests.factories import make_application, make_operator, make_session

MANY = int(os.environ.get("NMEC_BENCH_MANY", "1000000"))
MOST = 0.050  # seconds: a list's queries
ROUNDS = 5
MIDDLE = crowd.BASE + MANY // 2
LISTS = {
    **dict.fromkeys(
        ("candidates/application", "candidates/account", "candidates/record", "materials/submission"), MIDDLE
    ),
    "materials/materialimage": f"00000000-0000-4000-8000-{MANY // 2 * 100 + 1:012x}",
}


def run() -> Iterator[Row]:
    make_session(2027)
    crowd.make_country()
    make_application("point_review")
    client = Client()
    client.force_login(make_operator(), backend="candidates.accounts.auth.LoginNameBackend")
    start = time.perf_counter()
    crowd.grow(0, MANY, pictures=1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    yield Row(f"loading {MANY}", "", time.perf_counter() - start, "", "seconds")
    for name, middle in LISTS.items():
        for depth, query in (("first page", ""), ("in the middle", f"?after={middle}")):
            yield _row(client, name, depth, query)
    for status in ("paid", "cancelled"):
        yield _row(client, "candidates/application", f"status {status}", f"?status__exact={status}")
    yield _row(client, "candidates/record", "one application", f"?q={Application.objects.first().number}")


def _row(client: Client, name: str, depth: str, query: str) -> Row:
    times = []
    for _ in range(ROUNDS):
        spent = _Spent()
        with connection.execute_wrapper(spent):
            if client.get(f"/admin/{name}/{query}").status_code != 200:
                raise AssertionError(name + query)
        times.append(spent.seconds)
    worst = max(times[1:])
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/admin/{name}/{query}")
    read = buffers([explained(one["sql"]) for one in asked if one["sql"].startswith(("EXECUTE", "SELECT"))])
    note = f"{worst * 1000:.1f} ms of {len(asked)} queries at {MANY}, {read} buffers"
    return Row(f"/admin/{name}/, {depth}", f"{MOST * 1000:.0f} ms", worst / MOST, "≤ 1", note)


class _Spent:
    """How long the reading queries of a page took, the log-in's with it."""

    seconds = 0.0

    def __call__(self, execute, sql, params, many, context):
        began = time.perf_counter()
        answer = execute(sql, params, many, context)
        if re.match("SELECT", sql):
            self.seconds += time.perf_counter() - began
        return answer
