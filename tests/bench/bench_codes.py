"""Ten thousand codes through one worker, at a provider that takes 0.3 seconds for its answer; a code lasts ten minutes.

`CODES=500 make bench ARGS=codes` sends fewer, and asks for the same pace.
"""

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.utils import timezone

from candidates.messages import outbox
from candidates.messages.kinds import CODE
from candidates.messages.writing import sealed
from candidates.models import Message
from tests.bench.measure import Row
from tests.candidates.messages import killing

CODES = int(os.environ.get("CODES", "10000"))
A_SECOND = 10_000 / 600
ANSWERS_IN = 0.3  # seconds
PATIENCE = 900  # seconds


def run() -> Iterator[Row]:
    now = timezone.now()
    common = {"at": now, "next_try_at": now, "kind": "code", "urgency": CODE}
    code = sealed({"code": "123456", "purpose": "手机号码"})
    Message.objects.bulk_create(
        [Message(contact=f"{13000000000 + serial}", parameters=code, **common) for serial in range(CODES)],
        batch_size=1000,
    )

    with tempfile.TemporaryDirectory() as folder, killing.gateway(Path(folder), ANSWERS_IN) as made:
        process = killing.worker(made)
        _wait(lambda: made.arrived, process)  # it has started
        before, began = sum(made.arrived.values()), time.monotonic()
        _wait(lambda: not outbox.due(timezone.now()).exists(), process)
        seconds, sent = time.monotonic() - began, sum(made.arrived.values()) - before
        process.terminate()
        process.wait()

    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    late = Message.objects.exclude(outbox.STATES["sent"]).count()
    twice = sum(number > 1 for number in made.arrived.values())
    note = (
        f"{len(made.arrived)} codes in {seconds:.0f} s, {(cpu.ru_utime + cpu.ru_stime) * 1000 / CODES:.1f} ms of the "
        f"worker's CPU each, {twice} twice, {late} not sent"
    )
    connection.close()
    yield Row("codes a second", "10,000 in 10 minutes", sent / seconds / A_SECOND, "≥ 1", note)


def _wait(condition, process) -> None:
    began = time.monotonic()
    while not condition():
        if process.poll() is not None or time.monotonic() - began > PATIENCE:
            raise RuntimeError("the worker has ended, or takes too long")
        time.sleep(0.2)
