"""Whether the time of an answer tells if somebody has an account: 400 tries of each, in turns, through the portal.

Told by a rank test (Mann and Whitney): the share of pairs in which the known name took longer. Half is no difference; a
guesser who may try once a minute learns nothing from one try where it lies between 0.4 and 0.6.
"""

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

from django.conf import settings
from django.db import transaction
from django.test import Client

from candidates.accounts import one_time_codes
from tests.bench.measure import Row
from tests.factories import a_mobile, a_resident_id, make_candidate

TRIES = int(os.environ.get("NMEC_BENCH_TRIES", "400"))
NEAR = 0.1  # of 0.5
_serial = count(500_000)


def run() -> Iterator[Row]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # not the tests' quick one
    settings.LOGIN_TRIES = settings.CODES_A_DAY = settings.CODES_IN_TOTAL = 1_000_000
    settings.CODES_PER_NETWORK = 1_000_000
    one_time_codes.PAUSE *= 0
    settings.CONFIRM_MOBILE = True
    account = make_candidate()
    number, mobile = account.document_number, account.mobile
    for act, words in ((_log_in, "log in by"), (_ask, "ask for a code by")):
        yield _compared(f"{words} ID number", partial(act, number), lambda act=act: act(a_resident_id(next(_serial))))
        yield _compared(f"{words} mobile", partial(act, mobile), lambda act=act: act(a_mobile()))
    yield _compared("register by mobile", partial(_register, mobile), lambda: _register(a_mobile()))


def _log_in(name: str) -> None:
    answer = Client().post("/login/", {"username": name, "password": "not this one"})
    if answer.status_code != 302:
        raise AssertionError(answer.status_code)


def _ask(name: str) -> None:
    answer = Client().post("/password/", {"username": name})
    if answer.headers.get("Location") != "/password/code/":
        raise AssertionError(answer.status_code)


def _register(mobile: str) -> None:
    """Take the first step, which tells nobody whether the mobile has an account; the last one tells its owner."""
    answer = Client().post("/mobile/", {"mobile": mobile})
    if answer.headers.get("Location") != "/mobile/code/":
        raise AssertionError(answer.status_code)


def _compared(what: str, known: Callable[[], None], unknown: Callable[[], None]) -> Row:
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(2 * TRIES + 8):
        is_known = turn % 4 in (0, 3)  # neither is always the second
        with transaction.atomic():
            began = time.perf_counter()
            (known if is_known else unknown)()
            spent = time.perf_counter() - began
            transaction.set_rollback(True)  # the tables stay as long as they were
        if turn >= 8:
            times[is_known].append(spent)

    longer = _share_longer(times[True], times[False])
    middle = [sorted(one)[len(one) // 2] * 1000 for one in (times[True], times[False])]
    note = f"known took longer in {longer:.3f} of pairs; medians {middle[0]:.1f} and {middle[1]:.1f} ms, {TRIES} each"
    return Row(what, "0.5: no difference", abs(longer - 0.5), f"≤ {NEAR}", note)


def _share_longer(mine: list[float], others: list[float]) -> float:
    won = sum((one > other) + (one == other) / 2 for one in mine for other in others)
    return won / (len(mine) * len(others))
