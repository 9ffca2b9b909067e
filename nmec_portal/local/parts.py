"""The parts of `make serve`: each is started again when it ends, within seconds, and the terminal says so."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from nmec_portal.local import postgres, setup

FAREWELL = 15  # seconds for the requests in hand
ORPHANS = 1.0  # seconds for what a part that was killed has left, such as nginx's workers on its port
MOST_ENDS = 5  # in a minute: more is no accident


class Part:
    """One process with its children, in a session of its own: no Ctrl-C reaches it, and it ends with us."""

    def __init__(self, name: str, command: list[str | Path]) -> None:
        self.name, self.command = name, command
        self.ends: list[float] = []
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        bound = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        command = [*bound, *self.command]
        return subprocess.Popen(command, cwd=setup.PROJECT, stdin=subprocess.DEVNULL, start_new_session=True)

    def revive(self) -> bool:
        """Start it again where it has ended. Return whether it had. Raise SetupError where it does so all the time."""
        if self.process.poll() is None:
            return False
        now = time.monotonic()
        self.ends = [at for at in self.ends if now - at < 60] + [now]
        if len(self.ends) > MOST_ENDS:
            raise setup.SetupError(f"{self.name} ends again and again; its last words are above.")
        setup.say(f"{self.name} has ended ({_how(self.process.returncode)}); starting it again …")
        self._end_orphans()
        self.process = self._start()
        return True

    def _end_orphans(self) -> None:
        """End what is left of it: a port that they hold is not free for the next one."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + ORPHANS
            while _lives(self.process.pid) and time.monotonic() < deadline:
                with suppress(ProcessLookupError):
                    os.killpg(self.process.pid, number)
                time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _lives(group: int) -> bool:
    """Return whether a process of this group runs: one that has ended and that nobody buries can be signalled too."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group, *_ = stat.read_text().rpartition(")")[2].split()
            if int(its_group) == group and state != "Z":
                return True
    return False


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def watch(parts: list[Part], answers: Callable[[], bool], database: Path | None) -> None:
    """Go on for ever: whatever has ended is started again. `database`: the embedded server's folder, if it is ours."""
    ended: dict[str, float] = {}
    while True:
        began = time.monotonic()
        if database is not None and postgres.revive(database):
            setup.say("PostgreSQL has ended; it was started again.")
            ended["PostgreSQL"] = began
        for part in parts:
            if part.revive():
                ended[part.name] = began
        if ended and answers():
            for name, since in ended.items():
                setup.say(f"{name} is back, and the portal answers, {time.monotonic() - since:.1f} seconds later.")
            ended = {}
        time.sleep(0.2)
