"""`/metrics` in Prometheus's text format: what this machine's processes counted, and what the database says.

The processes of one gunicorn add up through files in PROMETHEUS_MULTIPROC_DIR (deploy/gunicorn.conf.py); every replica
is asked by itself, and Prometheus sums them. Lengths are read from the database, so every replica tells the same.
"""

import os
from collections.abc import Iterator

from django.db.models import Count, Sum
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Counter, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

from candidates.applications.states import LEVEL_OF_STATUS
from candidates.messages import outbox, routes
from candidates.models import Job, Message, PointCount
from review.archive import watching

REQUESTS = Counter("nmec_requests", "Requests answered, by view and class of the status", ["view", "status"])
SECONDS = Counter("nmec_request_seconds", "Seconds until the answer began, by view", ["view"])


def count(view: str, status: int, seconds: float) -> None:
    """One request was answered with this status after so many seconds."""
    REQUESTS.labels(view, f"{status // 100}xx").inc()
    SECONDS.labels(view).inc(seconds)


def text() -> bytes:
    """Everything, in Prometheus's text format. Reads counters and partial indexes, never a table of cases."""
    lengths = CollectorRegistry(auto_describe=True)
    lengths.register(_Lengths())
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(REGISTRY) + generate_latest(lengths)
    counted = CollectorRegistry()
    multiprocess.MultiProcessCollector(counted)
    return generate_latest(counted) + generate_latest(lengths)


class _Lengths:
    """Queues, outbox and jobs, as they are now."""

    def describe(self) -> list[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        queues = GaugeMetricFamily("nmec_queue_length", "Applications that wait for a level", labels=["level"])
        waiting = PointCount.objects.filter(status__in=LEVEL_OF_STATUS).values_list("status")
        numbers = dict(waiting.annotate(number=Sum("number")).order_by())
        for status, level in LEVEL_OF_STATUS.items():
            queues.add_metric([level], numbers.get(status) or 0)
        yield queues

        messages = GaugeMetricFamily("nmec_outbox_length", "Messages that are not sent yet, by state", labels=["state"])
        messages.add_metric(["waiting"], Message.objects.filter(next_try_at__isnull=False).count())
        messages.add_metric(["stuck"], outbox.doubtful(timezone.now()).count())
        messages.add_metric(["unreachable"], outbox.unreachable().count())
        messages.add_metric(["kinds_at_cap"], len(routes.at_cap(timezone.now())))
        yield messages

        tasks = GaugeMetricFamily("nmec_jobs", "Jobs that wait, run, or were given up, by state", labels=["state"])
        to_do = Job.objects.filter(ended_at=None).order_by().values_list("state").annotate(Count("pk"))
        numbers = {**dict(to_do), "failed": Job.objects.filter(state="failed").count()}
        for state in ("waiting", "running", "failed"):
            tasks.add_metric([state], numbers.get(state, 0))
        yield tasks
        yield from _archive()


def _archive() -> Iterator[GaugeMetricFamily]:
    """What would be lost now, and what is wrong with the archive."""
    lag = watching.lag(timezone.now())
    behind = GaugeMetricFamily(
        "nmec_archive_lag_seconds", "Seconds that are not archived yet, by copy", labels=["copy"]
    )
    for copy, seconds in (("here", lag.archived), ("elsewhere", lag.copied)):
        if seconds is not None:
            behind.add_metric([copy], seconds)
    yield behind
    if lag.base_age is not None:
        yield GaugeMetricFamily("nmec_backup_age_seconds", "Seconds since the last base backup", value=lag.base_age)
    yield GaugeMetricFamily("nmec_archive_held_bytes", "WAL that PostgreSQL keeps for the archive", value=lag.held_back)
    yield GaugeMetricFamily("nmec_archive_problems", "Sentences of list_backups", value=len(watching.problems()))
