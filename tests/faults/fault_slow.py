"""300 people send a picture each, a few bytes at a time; the others upload as fast as alone, and all are stored."""

import statistics
import threading
import time

from tests.bench.bench_uploads import CATEGORIES
from tests.faults.clients import PLACES, Candidate
from tests.faults.raw import Sending
from tests.faults.stand import Failed, Ground, stand

SLOW = 300
UPLOADS = 120  # are measured before, beside and after
PIECE, PAUSE = 512, 0.5  # bytes of each slow picture that come at once, and the seconds between two
TOGETHER = 20  # of the slow ones come to their end at once
LIMIT = 2  # times as long as alone, at the 95th percentile


def run(ground: Ground) -> str:
    with stand(ground) as here:
        one = here.writers[0]
        before = timed(one)
        slow = [Sending(here.writers[1 + n % 3], CATEGORIES[n // 3 % len(CATEGORIES)]) for n in range(SLOW)]
        done = threading.Event()
        trickling = threading.Thread(target=trickle, args=(slow, done))
        trickling.start()
        beside = timed(one)
        under_way = sum(sending.sent < len(sending.body) for sending in slow)
        done.set()
        trickling.join()
        statuses = finished(slow)
        alone = before + timed(one)
        here.works_again()
    long, short = ninety_fifth(beside), ninety_fifth(alone)
    told = f"95th percentile {long * 1000:.0f} ms beside {SLOW} slow senders, {short * 1000:.0f} ms alone"
    if under_way < SLOW:
        raise Failed(f"only {under_way} were still sending when the measurement was over")
    if statuses != [201] * SLOW:
        raise Failed(f"the slow senders were answered {sorted(set(statuses))}")
    if long > LIMIT * short:
        raise Failed(f"{told}: more than {LIMIT} times")
    return f"{told} ({long / short:.2f} ×), every slow picture stored; {here.seen()}"


def timed(one: Candidate) -> list[float]:
    """Seconds of one upload after another."""
    taken = []
    for number in range(UPLOADS):
        category = CATEGORIES[number % len(CATEGORIES)]
        if len(one.kept[category]) >= PLACES:
            one.remove(one.kept[category].pop(0))
        began = time.perf_counter()
        if one.upload(category) != 201:
            raise Failed("an upload beside the slow senders was not acknowledged")
        taken.append(time.perf_counter() - began)
    return taken


def trickle(slow: list[Sending], done: threading.Event) -> None:
    """A piece of each in turn until the measurement is over."""
    while not done.wait(PAUSE):
        for sending in slow:
            sending.send(sending.sent + PIECE)


def finished(slow: list[Sending]) -> list[int]:
    """All that is left of some at a time, with their answers; the others go on as before."""
    statuses = []
    for start in range(0, len(slow), TOGETHER):
        ending, rest = slow[start : start + TOGETHER], slow[start + TOGETHER :]
        for sending in ending:
            sending.send(len(sending.body))
        statuses += [sending.answered() for sending in ending]
        for sending in rest:
            sending.send(sending.sent + PIECE)
    return statuses


def ninety_fifth(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]
