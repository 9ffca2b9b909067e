"""A part of `make serve` that has ended is started again, whatever is left of it."""

import ctypes
import os
import signal
from contextlib import contextmanager

from nmec_portal.local.parts import Part
from tests.waiting import wait_until

PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
LEAVES_A_CHILD = ["sh", "-c", "sleep 600 & exec sleep 600"]


@contextmanager
def adopting():
    """Orphans become children of this process, which buries none: as under a first process that does not either."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        prctl(PR_SET_CHILD_SUBREAPER, 0)


def children(group):
    """Return the processes of this group that are still there, those that nobody has buried too."""
    found = []
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if os.getpgid(int(pid)) == group:
                found.append(int(pid))
        except ProcessLookupError:
            continue
    return found


def test_a_part_whose_orphans_nobody_buries_is_started_again():
    with adopting():
        part = Part("a part", LEAVES_A_CHILD)
        group = part.process.pid
        wait_until(lambda: len(children(group)) == 2, "it has no child")
        os.kill(group, signal.SIGKILL)
        wait_until(lambda: part.process.poll() is not None, "it has not ended")
        [orphan] = children(group)
        try:
            assert part.revive()
            assert children(group) == [orphan]  # ended, and not buried
        finally:
            os.waitpid(orphan, 0)
            os.killpg(part.process.pid, signal.SIGKILL)
            part.process.wait()
