"""Processes of the portal are killed without mercy while people upload; then all of them in the same moment."""

import contextlib
import os
import signal

from tests.faults.stand import Ground, stand

UPLOADS = 2000
EACH = 25  # a worker after so many
ALL_AT_ONCE = 10  # all workers at every tenth time


def run(ground: Ground) -> str:
    killed = 0
    with stand(ground) as here:
        here.ledger.may_tear = True
        with here.load(UPLOADS) as load:
            for turn in load.each(EACH):
                for pid in here.workers() if turn % ALL_AT_ONCE == 0 else here.workers()[:1]:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                        killed += 1
        seconds = here.works_again()
    return f"{killed} workers killed, well again after {seconds:.1f} s; {here.seen()}"
