"""Senders are cut off: before the body, after some of it, one byte before its end, and before they read the answer."""

from random import Random

from tests.bench.bench_uploads import CATEGORIES
from tests.faults.raw import Sending
from tests.faults.stand import Ground, stand

UPLOADS = 300
EACH = 3  # uploads of the others between two that are cut off
PARTS = (0.0, 0.001, 0.3, 0.7, 0.999995, 1.0)  # of the body


def run(ground: Ground) -> str:
    random = Random(8)
    with stand(ground) as here:
        with here.load(UPLOADS) as load:
            for turn in load.each(EACH):
                sending = Sending(here.writers[turn % len(here.writers)], random.choice(CATEGORIES))
                sending.send(int(PARTS[turn % len(PARTS)] * len(sending.body)))
                sending.let_go()
        seconds = here.works_again()
    cut, left = here.ledger.number("cut"), here.ledger.number("left")
    return f"{cut} cut off midway, {left} gone before the answer, well again after {seconds:.1f} s; {here.seen()}"
