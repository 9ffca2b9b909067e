"""Where a fault happens: the portal as in production on a database and a folder of its own, and people at work.

`Ground` is the PostgreSQL server of one run; each fault gets a `Stand` on a copy of its database.
"""

import contextlib
import json
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from nmec_portal.local import postgres
from tests import factories
from tests.bench.bench_serving import child_of
from tests.bench.bench_uploads import PAPERS, cookies_of, picture
from tests.faults import checker
from tests.faults.clients import Candidate, Reviewer, Story
from tests.faults.ledger import TORN, Ledger
from tests.nmec_portal.local.serving import TOKEN, Browser, Portal, database_like

WRITERS, STORIES = 6, 3
WORKERS = 4
MOST_REQUESTS = 8000  # of one fault
MOST_SECONDS = 480  # of one fault's load
PATIENCE = 45  # seconds until the portal works again
LEVELS = ("1101001", "1101", "11")


class Failed(Exception):
    """What was promised and not kept, one sentence each."""


class Skipped(Exception):
    """Why this machine cannot do it."""


class Ground:
    """A PostgreSQL server with its settings of production, and a database with units, a session and reviewers."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.start_database()
        call_command("migrate", verbosity=0, interactive=False)
        self.session = factories.make_session()
        for code, unit in factories.make_units().items():
            if code in LEVELS:
                for one in (1, 2):
                    factories.make_reviewer(unit, username=f"{unit.level}-{one}")
        self.database = connection.settings_dict["NAME"]
        connection.close()
        for serial in range(len(PAPERS)):
            picture(serial)  # drawn once, before anybody is timed

    def start_database(self) -> None:
        self.stack.enter_context(postgres.running(self.folder))

    def stop_database(self, number: signal.Signals) -> None:
        """By its process id: SIGINT ends every connection and stops in order, SIGQUIT stops at once, as a crash."""
        os.kill(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]), number)


class Stand:
    def __init__(self, ground: Ground, folder: Path, url: str, **environment: str) -> None:
        self.ground, self.folder, self.media = ground, folder, folder / "media"
        self.media.mkdir(exist_ok=True)
        self.ledger = Ledger(folder / "ledger")
        self.deadline = 0.0
        self.more = {"NMEC_MEDIA_ROOT": str(self.media), "NMEC_WORKERS": str(WORKERS), **environment}
        self.more["NMEC_SECOND_FACTOR"] = "0"  # a step of the login, which nobody here goes through
        self.portal = Portal(folder, url, people="print('{}')", **self.more)
        self.swept = 0

    def open(self) -> None:
        """Waits until the portal answers, and lets people in."""
        self.portal.wait()
        self._people()
        self.deadline = time.monotonic() + MOST_SECONDS

    def _people(self) -> None:
        from candidates.models import Account

        port, session = self.portal.port, self.ground.session
        made = [factories.make_application("registered", session=session) for _ in range(WRITERS + STORIES)]
        candidates = [Candidate(port, self.ledger, cookies_of(one.account), one.pk) for one in made]
        self.writers = candidates[:WRITERS]
        pairs = [
            tuple(
                Reviewer(port, self.ledger, cookies_of(one))
                for one in Account.objects.filter(kind="reviewer", unit__code=code).order_by("username")
            )
            for code in LEVELS
        ]
        told = zip(candidates[WRITERS:], made[WRITERS:], strict=True)
        self.stories = [Story(one, application.number, pairs) for one, application in told]
        connection.close()

    # --- load -----------------------------------------------------------------------------------------------------

    def is_over(self) -> bool:
        return time.monotonic() > self.deadline or self.ledger.number() > MOST_REQUESTS

    @contextlib.contextmanager
    def load(self, uploads: int) -> Iterator["Load"]:
        """People at work until so many uploads were acknowledged; leaving the block waits for them."""
        load = Load(self, uploads)
        with ThreadPoolExecutor(WRITERS + STORIES) as crowd:
            threads = [crowd.submit(load.write, one, Random(seed)) for seed, one in enumerate(self.writers)]
            threads += [crowd.submit(story.tell, lambda: not self.is_over()) for story in self.stories]
            load.threads = threads
            try:
                yield load
            except BaseException:
                self.deadline = 0
                raise
        for thread in threads:
            thread.result()
        if load.goes_on:
            raise Failed(f"{load.acknowledged} of {uploads} uploads were acknowledged within the bounds")
        if self.ledger.number("decide", 302) < len(LEVELS) * STORIES:
            raise Failed("the cases have not gone through their levels: nothing of them was put to the test")

    def master(self) -> int:
        return child_of(self.portal, "gunicorn")

    def workers(self) -> list[int]:
        """The process ids of gunicorn's workers, the longest-living first."""
        master = self.master()
        return [int(one) for one in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    # --- afterwards -----------------------------------------------------------------------------------------------

    def works_again(self) -> float:
        """Seconds until everybody's upload is acknowledged, and the portal says of itself that it is well."""
        began = time.monotonic()
        for one in self.writers:
            category = next(name for name, kept in one.kept.items() if len(kept) < 18)
            while one.upload(category) != 201:
                if time.monotonic() - began > PATIENCE:
                    raise Failed(f"{PATIENCE} seconds later an upload is still not acknowledged")
                time.sleep(0.2)
        seconds = time.monotonic() - began
        ready, metrics = self.probe("/readyz"), self.probe("/metrics")
        if (ready, metrics) != (200, 200):
            raise Failed(f"/readyz answers {ready}, /metrics {metrics}")
        return seconds

    def probe(self, path: str) -> int:
        return Browser(self.portal.port).get(path, headers={"Authorization": f"Bearer {TOKEN}"}).status

    def check(self) -> None:
        """Once the portal has stopped, so that nothing is under way."""
        self.swept = checker.sweep()
        found = checker.violations(self.ledger.lines())
        if found:
            raise Failed("\n  ".join(found))

    def seen(self) -> str:
        """The answers by their status, for the report."""
        statuses = Counter()
        for (_, status), many in self.ledger.counts.items():
            statuses[{0: "none", TORN: "torn"}.get(status, status)] += many
        told = ", ".join(f"{status} × {many}" for status, many in sorted(statuses.items(), key=str))
        decided, submitted = self.ledger.number("decide", 302), self.ledger.number("submit", 302)
        return (
            f"{self.ledger.number('upload', 201)} uploads, {self.ledger.number('remove', 302)} removals, {submitted} "
            f"submissions, {decided} decisions acknowledged; answers: {told}; {self.swept} files swept"
        )


class Load:
    def __init__(self, stand: Stand, uploads: int) -> None:
        self.stand, self.uploads = stand, uploads
        self.before = stand.ledger.number("upload", 201)
        self.threads = []

    @property
    def acknowledged(self) -> int:
        return self.stand.ledger.number("upload", 201) - self.before

    @property
    def goes_on(self) -> bool:
        return self.acknowledged < self.uploads

    def write(self, one: Candidate, random: Random) -> None:
        while self.goes_on and not self.stand.is_over():
            one.goes_on(random)

    def each(self, uploads: int) -> Iterator[int]:
        """1, 2, 3, …: whenever so many more were acknowledged; a slow machine sees as many faults as a fast one."""
        turn = 1
        while (
            self.goes_on
            and not self.stand.is_over()
            and not any(one.done() and one.exception() for one in self.threads)
        ):
            if self.acknowledged >= turn * uploads:
                yield turn
                turn += 1
            time.sleep(0.05)


@contextlib.contextmanager
def stand(ground: Ground, *, media_on=contextlib.nullcontext, storage=None, **environment: str) -> Iterator[Stand]:
    """A portal with people; checked when the block ends well. `media_on(folder)` prepares the folder of pictures.

    `storage` is the setting STORAGES' default of the portal, where it is not that folder.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nmec-fault-")))
        (folder / "media").mkdir()
        stack.enter_context(media_on(folder / "media"))
        url = stack.enter_context(database_like(ground.database))
        stack.enter_context(django_on(url, folder / "media", storage))
        found = Stand(ground, folder, url, **environment)
        stack.callback(found.ledger.close)
        try:
            found.open()
            yield found
        except BaseException:
            print(f"  the portal's last words:\n{tail(found.portal.log)}", flush=True)
            raise
        finally:
            found.portal.stop()
        try:
            found.check()
        except Failed:
            print(f"  what the portal logged as its own mistakes:\n{mistakes(found.portal.log)}", flush=True)
            raise


@contextlib.contextmanager
def django_on(url: str, media: Path, storage=None) -> Iterator[None]:
    """This process looks at the same database and storage as the portal."""
    from urllib.parse import urlsplit

    from django.conf import settings

    was = connection.settings_dict["NAME"]
    storages = {**settings.STORAGES, "default": storage or settings.STORAGES["default"]}
    connection.settings_dict["NAME"] = urlsplit(url).path.strip("/")
    try:
        with override_settings(MEDIA_ROOT=media, STORAGES=storages):
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = was


def tail(log: Path) -> str:
    lines = [
        line
        for line in log.read_text(errors="replace").splitlines()
        if '"level": "info"' not in line and '"logger":"nginx"' not in line
    ]
    return "\n".join(f"  {line}" for line in lines[-15:])


def mistakes(log: Path) -> str:
    """What ended in a 500, by the last lines of its traceback."""
    found = [json.loads(line) for line in log.read_text(errors="replace").splitlines() if line.startswith("{")]
    wrong = [one for one in found if one.get("message", "").startswith("Internal Server Error")]
    return "\n".join(f"  {one['message']}: {one.get('exception', '')[-600:]}" for one in wrong[:5])
