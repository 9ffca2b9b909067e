"""What grows with the years, at FEW and at MANY applications: each pass bounded in memory, each question flat.

NMEC_BENCH_MANY=2000 takes another size. Pictures of the crowd share the file of the one that they were made from, so
that a pass reads one for each row, as it would in life, and the disk holds one. With NMEC_BENCH_PICTURES=0 it is about
the rows alone: what a picture costs more is told by the bench `operations`.
"""

import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from candidates.accounts import login_limits, logins
from candidates.accounts.login_limits import Place
from candidates.accounts.logins import SessionStore
from candidates.messages import outbox
from candidates.models import LoginSession, LoginTries, Look, Message
from candidates.trail import chains, history, looks
from materials.files import verifying
from review.management import programs
from review.operations import backups, purging
from tests.bench import crowd
from tests.bench.measure import Row, in_turns
from tests.factories import end_session, make_application, make_reviewer, make_session

FEW, MANY = 1_000, int(os.environ.get("NMEC_BENCH_MANY", "1000000"))
PICTURES = int(os.environ.get("NMEC_BENCH_PICTURES", "12"))  # of an application
KIND = "candidates.unit"  # whose history grows: a change for each application
FLAT = 1.25  # of a question, at MANY against FEW
BOUNDED = 64_000_000  # bytes of a pass's memory above its start; PostgreSQL's own programs are not counted


@dataclass
class Size:
    """What it took at one size: seconds and peak of memory (bytes above the start) of a pass, CPU of a question."""

    rows: int
    seconds: dict[str, float] = field(default_factory=dict)
    peak: dict[str, int] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)


def run() -> Iterator[Row]:
    session = make_session()
    template = make_application("paid", session=session)
    reviewer = make_reviewer(template.point, username="bench")
    few = measured(template, reviewer, 0, FEW)
    many = measured(template, reviewer, FEW, MANY)
    yield Row("pictures of an application", "", PICTURES, "")
    for what, peak in many.peak.items():
        note = f"{peak / 1e6:.0f} MB, of {FEW} {few.peak[what] / 1e6:.0f} MB; {pace(many.seconds[what])}"
        yield Row(f"{what} of {MANY}, memory", "64 MB", peak / BOUNDED, "≤ 1", note)
    for what, cpu in many.cpu.items():
        note = f"{cpu * 1000:.2f} ms / {few.cpu[what] * 1000:.2f} ms of CPU"
        yield Row(f"{what} at {MANY}", f"at {FEW}", cpu / few.cpu[what], f"≤ {FLAT}", note)
    yield from forgotten()
    end_session(session)
    seconds, peak = watched(lambda: exhaust(purging.purge(session)))
    yield Row(f"purge of {MANY}, memory", "64 MB", peak / BOUNDED, "≤ 1", f"{peak / 1e6:.0f} MB; {pace(seconds)}")


def pace(seconds: float, of: str = "applications") -> str:
    return f"{seconds:.0f} s, {MANY / seconds:.0f} {of} a second"


def measured(template, reviewer, start: int, end: int) -> Size:
    crowd.grow(start, end, pictures=PICTURES)
    follow(template, reviewer, start, end)
    size = Size(end)
    with tempfile.TemporaryDirectory() as folder:
        backup = Path(folder) / "backup"
        passes: dict[str, Callable[[], object]] = {
            "verify_records": lambda: exhaust(chains.chains()),
            "verify_storage": lambda: exhaust(verifying.verify(grace_hours=24, fix=False)),
            "backup": lambda: backups.make(backup, programs.find()),
            "restore": lambda: put_back(backup),
        }
        if not PICTURES:
            del passes["verify_storage"]
        for what, work in passes.items():
            size.seconds[what], size.peak[what] = watched(work)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what was restored has no statistics yet
    key = LoginSession.objects.order_by("session_key").values_list("session_key", flat=True)[end // 2]
    now = timezone.now()
    place, middle = Place("bench"), str(crowd.BASE + end // 2)
    questions = {
        "a log-in session": lambda: SessionStore(key).load(),
        "a failed log-in": lambda: login_limits.may_try("bench", place, now=now),
        "an outbox with nothing due": lambda: outbox.deliver_due(now),
        "a look": lambda: looks.record_many(reviewer, [template], "case", now),
        "the history's first page": history.page,
        "the history in the middle": lambda: history.page(middle, kind=KIND),
    }
    taken = in_turns(list(questions.values()), rounds=15)
    size.cpu = {what: times.cpu for what, times in zip(questions, taken, strict=True)}
    return size


def follow(template, reviewer, start: int, end: int) -> None:
    """Add to each application a log-in, failed ones, a message that has been sent, a look, a change of its point."""
    many = f"generate_series({start + 1}, {end}) AS g"
    now = timezone.now()
    session, _ = LoginSession.objects.get_or_create(
        session_key="bench", defaults={"session_data": SessionStore().encode({}), "expire_date": now + timedelta(1)}
    )
    tries, _ = LoginTries.objects.get_or_create(
        account_hash="like", place_hash="like", defaults={"is_known": False, "last_at": now, "paused_until": now}
    )
    looks.write(reviewer, [template], "case", now)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        mine = {"session_key": "'bench ' || g", "account_id": f"{crowd.BASE} + g"}
        crowd.copy(cursor, LoginSession, session.pk, many, mine, key="session_key")
        of_it = {"application_id": f"{crowd.BASE} + g"}
        crowd.copy(cursor, LoginTries, tries.pk, many, {"account_hash": "'bench ' || g"})
        crowd.copy(cursor, Look, Look.objects.filter(application=template).first().pk, many, of_it)
        message = Message.objects.filter(application=template).first()
        at = {"next_try_at": "NULL"}  # it has been sent
        theirs = {"account_id": f"{crowd.BASE} + g", "record_id": f"{crowd.BASE} + g"}
        crowd.copy(cursor, Message, message.pk, many, {**of_it, **theirs, **at})
        changes = history.kinds()[KIND]
        change = changes._base_manager.filter(pgh_obj=template.point_id).earliest("pgh_id")
        crowd.copy(cursor, changes, change.pk, many, {"pgh_id": f"{crowd.BASE} + g"}, key="pgh_id")
        cursor.execute("RESET session_replication_role")
        cursor.execute("ANALYZE")


def forgotten() -> Iterator[Row]:
    """What the worker deletes by the day: expired log-ins and failed ones that no longer count."""
    late = timezone.now() + timedelta(days=3)
    for what, work in (("log-ins", logins.forget_expired), ("failed log-ins", login_limits.forget_old)):
        seconds, peak = watched(lambda work=work: work(late))
        note = f"{peak / 1e6:.0f} MB; {pace(seconds, what)}"
        yield Row(f"forgetting {MANY} {what}, memory", "64 MB", peak / BOUNDED, "≤ 1", note)


def put_back(backup: Path) -> None:
    """What the command does: every file held against the list, then all of it in place of what is there."""
    backups.verify(backup)
    backups.restore(backup, programs.find())


def exhaust(rows) -> None:
    deque(rows, maxlen=0)


def watched(work: Callable[[], object]) -> tuple[float, int]:
    """Return the seconds of a work, and how far this process's memory grew above its start while it lasted (bytes)."""
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
    before, began = memory("VmRSS"), time.perf_counter()
    work()
    return time.perf_counter() - began, max(memory("VmHWM") - before, 0)


def memory(name: str) -> int:
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith(name))
    return int(line.split()[1]) * 1024
