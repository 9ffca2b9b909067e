"""Work that need not be done before the answer: a row of Job says what and how far, django-tasks wakes a worker for it.

The queue only says which row to look at; what is true stands in the row. A call too many does nothing, and rescue()
repeats one that was lost or whose worker was killed. So a job's work is begun at least once: it has to bear being begun
anew, and goes on where the last attempt ended if it can.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from candidates.models import Account, Job

log = logging.getLogger(__name__)

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
MOST_ATTEMPTS = len(PAUSES) + 1
SILENT_AT_MOST = timedelta(minutes=3)  # a worker that reports nothing for longer is taken for dead
CALLS_ARE_KEPT = timedelta(days=7)

stopping = Event()  # set: this process is asked to end, and gives back what it is working on


class Superseded(Exception):
    """Somebody else works on this job by now."""


class Stopped(Exception):
    """This process is asked to end."""


@dataclass(frozen=True)
class Report:
    """What a job's work calls with (done, total), at least every minute: progress, and the sign that it is alive.

    Raises Superseded or Stopped; the work just lets them pass.
    """

    job: Job

    def __call__(self, done: int, total: int) -> None:
        if not _mine(self.job).update(done=done, total=total, heartbeat_at=timezone.now()):
            raise Superseded
        if stopping.is_set():
            raise Stopped


Work = Callable[..., Mapping[str, int]]  # takes a Report and the job's arguments, returns counts


@dataclass(frozen=True)
class Kind:
    title: str
    counts: Mapping[str, str]  # name of each count in its outcome -> what people read
    work: Work


KINDS: dict[str, Kind] = {}  # filled by every app's jobs.py


def kind(name: str, title: str, counts: Mapping[str, str]) -> Callable[[Work], Work]:
    def register(work: Work) -> Work:
        KINDS[name] = Kind(title, counts, work)
        return work

    return register


# --- asking ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(name: str, *, asked_by: Account | None = None, **arguments: int | str) -> tuple[Job, bool]:
    """Return the job and whether it is new: what waits or runs already is not asked for twice. No personal data."""
    if name not in KINDS:
        raise KeyError(name)

    now = timezone.now()
    job, new = Job.objects.get_or_create(
        kind=name,
        arguments=arguments,
        ended_at=None,
        defaults={"asked_by": asked_by, "asked_at": now, "next_try_at": now, "last_attempt": MOST_ATTEMPTS},
    )
    if new:
        call.enqueue(job.pk)
    return job, new


def ask_again(job: Job, *, asked_by: Account) -> bool:
    """Put a failed job back to wait; False where it had not failed, or the same has been asked for meanwhile."""
    now = timezone.now()
    try:
        with transaction.atomic():
            again = Job.objects.filter(pk=job.pk, state="failed").update(
                state="waiting",
                next_try_at=now,
                ended_at=None,
                last_attempt=F("attempts") + MOST_ATTEMPTS,
                asked_by=asked_by,
                asked_at=now,
            )
            if again:
                call.enqueue(job.pk)
    except IntegrityError:
        return False
    return bool(again)


# --- working ---------------------------------------------------------------------------------------------------------


@task
def call(pk: int) -> None:
    """Look at this job, and do it if it is due: this is what stands in the queue."""
    job = _claim(pk)
    if job is None:
        return
    try:
        outcome = KINDS[job.kind].work(Report(job), **job.arguments)
    except Superseded:
        log.warning("Job %s, attempt %s: superseded.", job.pk, job.attempts)
    except Stopped:
        _mine(job).update(attempts=F("attempts") - 1)
        job.attempts -= 1
        _put_back(job, "", timedelta(0))
    except Exception as error:  # whatever a job raises, the worker goes on; its text may hold personal data
        name = type(error).__name__
        log.warning("Job %s, attempt %s: %s", job.pk, job.attempts, name)
        left = job.last_attempt - job.attempts
        _put_back(job, name, PAUSES[-left] if left else None)
    else:
        _end(job, state="done", outcome=dict(outcome), error="")


@transaction.atomic
def _claim(pk: int) -> Job | None:
    """Take the job, if it is due and nobody else's."""
    now = timezone.now()
    due = Job.objects.filter(pk=pk, state="waiting", next_try_at__lte=now)
    job = due.select_for_update(of=("self",), skip_locked=True).first()
    if job is not None:
        job.state, job.next_try_at, job.heartbeat_at = "running", None, now
        job.attempts += 1
        job.save(update_fields=["state", "next_try_at", "heartbeat_at", "attempts"])
    return job


def _mine(job: Job) -> QuerySet[Job]:
    """Return the row, as long as this attempt is the one that counts."""
    return Job.objects.filter(pk=job.pk, state="running", attempts=job.attempts)


@transaction.atomic
def _put_back(job: Job, error: str, pause: timedelta | None) -> None:
    """Put the job back to be tried again after the pause; without one it has failed."""
    if pause is None:
        _end(job, state="failed", error=error)
        return
    due = timezone.now() + pause
    if _mine(job).update(state="waiting", heartbeat_at=None, next_try_at=due, error=error):
        call.using(run_after=due).enqueue(job.pk)


def _end(job: Job, **changes: object) -> None:
    _mine(job).update(heartbeat_at=None, ended_at=timezone.now(), **changes)


# --- the worker ------------------------------------------------------------------------------------------------------


def new_worker() -> Worker:
    """Return django-tasks' worker: its run() does what is due and returns, sooner once `running` is False."""
    return Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{os.uname().nodename[:40]}:{os.getpid()}",
    )


@transaction.atomic
def rescue(now: datetime) -> int:
    """Put back the jobs that have been silent for too long and repeat lost calls; return how many there were."""
    before = now - SILENT_AT_MOST
    rows = Job.objects.select_for_update(of=("self",), skip_locked=True)
    silent = list(rows.filter(state="running", heartbeat_at__lt=before))

    for job in silent:
        log.warning("Job %s, attempt %s: silent, put back.", job.pk, job.attempts)
        _put_back(job, "Silent", timedelta(0) if job.attempts < job.last_attempt else None)
    lost = list(rows.filter(state="waiting", next_try_at__lt=before).exclude(pk__in=_called()))
    for job in lost:
        call.enqueue(job.pk)
    return len(silent) + len(lost)


def _called() -> list[int]:
    calls = DBTaskResult.objects.filter(status="READY", task_path=call.module_path)
    return [given["args"][0] for given in calls.values_list("args_kwargs", flat=True)]


def forget_old_calls(now: datetime) -> None:
    DBTaskResult.objects.filter(started_at__lt=now - CALLS_ARE_KEPT).delete()
