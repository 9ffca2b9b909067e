"""Messages go out through a worker that is killed again and again: what each of them came to, and what arrived."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from candidates.messages import outbox
from candidates.messages.kinds import NOW
from candidates.messages.writing import sealed
from candidates.models import Account, Message
from nmec_portal import message_settings
from review.demo import sms_gateway
from review.demo.sms_gateway import Gateway

PATIENCE = 600  # seconds until something goes on
# a worker at the test's database and gateway, by day whatever the hour
WORKER = """
import json, sys, django
django.setup()
from django.conf import settings
from django.core.management import call_command
from candidates.messages import routes
settings.SENDER, settings.ALIYUN_SMS = "aliyun", json.loads(sys.argv[1])
routes.end_of_quiet = lambda now: None
call_command("send_messages", "--forever")
"""


class Slow(Gateway):
    """Counts what it has taken from whom, and answers a little later, so that a kill falls in between."""

    def __init__(self, secret: str, pause: float) -> None:
        super().__init__(secret)
        self.pause, self.arrived = pause, Counter()

    def _take(self, provider, mobile, template, parameters, code):
        with self.lock:
            self.arrived[mobile] += 1
        time.sleep(self.pause)
        return code


@dataclass(frozen=True)
class Seen:
    """Counts of messages; `doubtful`: listed to operators; `lost`: neither sent nor listed."""

    killed: int
    arrived: int
    twice: int
    sent: int
    sent_and_not_arrived: int
    doubtful: int
    lost: int
    seconds: float


@contextmanager
def gateway(folder: Path, pause: float):
    made = Slow(sms_gateway.secret_in(folder), pause)
    running = sms_gateway.server(socket.create_server(("127.0.0.1", 0), backlog=128), made)
    Thread(target=running.serve_forever, args=[0.02], daemon=True).start()
    environ = sms_gateway.environment(folder, f"http://127.0.0.1:{running.server_port}")
    made.config = message_settings.aliyun(environ, production=False, demo=True)
    try:
        yield made
    finally:
        running.shutdown()
        running.server_close()


def worker(made: Slow) -> subprocess.Popen:
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", WORKER, json.dumps(made.config)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, **quiet)


def run(folder: Path, account: Account, *, messages: int, kills: int, pause: float = 0.02) -> Seen:
    """Send so many messages, each to a number of its own, and kill the worker so often, evenly along the way."""
    began, now = time.monotonic(), timezone.now()
    numbers = [f"{13000000000 + serial}" for serial in range(messages)]
    common = {"account": account, "at": now, "next_try_at": now, "kind": "contact_changed", "urgency": NOW}
    Message.objects.bulk_create(
        [Message(contact=number, parameters=sealed({"which": "手机号码"}), **common) for number in numbers],
        batch_size=1000,
    )

    with gateway(folder, pause) as made:
        for turn in range(1, kills + 1):
            process = worker(made)
            enough = turn * messages // (kills + 1)
            _wait(lambda enough=enough: sum(made.arrived.values()) >= enough, process)
            process.send_signal(signal.SIGKILL)
            process.wait()
        _finish(made)
        time.sleep(2 * pause)  # what a killed worker had handed over is still being counted
        Message.objects.filter(claimed_at__isnull=False).update(claimed_at=now - outbox.TAKES_AT_MOST)  # time goes by
        while outbox.settle(timezone.now()):
            pass
        _finish(made)
        return _seen(made.arrived, kills, time.monotonic() - began)


def _finish(made: Slow) -> None:
    process = worker(made)
    _wait(lambda: not Message.objects.filter(next_try_at__isnull=False).exists(), process)
    process.terminate()
    process.wait()


def _wait(condition, process: subprocess.Popen) -> None:
    began = time.monotonic()
    while not condition():
        assert process.poll() is None, "the worker has ended by itself"
        assert time.monotonic() - began < PATIENCE, "it takes too long"
        time.sleep(0.02)


def _seen(arrived: Counter, killed: int, seconds: float) -> Seen:
    states: dict[str, list[str]] = {name: [] for name in outbox.STATES}
    for message in Message.objects.all():
        states[outbox.state_of(message)].append(message.contact)
    told = {*states["sent"], *states["doubtful"]}
    return Seen(
        killed=killed,
        arrived=len(arrived),
        twice=sum(number > 1 for number in arrived.values()),
        sent=len(states["sent"]),
        sent_and_not_arrived=sum(arrived[one] == 0 for one in states["sent"]),
        doubtful=len(states["doubtful"]),
        lost=Message.objects.count() - len(told),
        seconds=seconds,
    )
