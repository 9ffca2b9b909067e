"""Waiting for what another thread, process or connection does, no longer than needed."""

from time import monotonic, sleep


def wait_until(true, complaint, seconds=30):
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, complaint
        sleep(0.02)
