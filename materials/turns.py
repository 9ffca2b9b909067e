"""Whose turn it is to upload: one upload of an account at a time, few costly pictures at a time, and a budget of CPU.

Nobody waits here, since who waits keeps a process from everybody else: who has no turn is told when to come again
(Busy, 429), and the page's script does so. The locks are the database session's: however a process ends, they end with
its connection.
"""

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import thread_time

from django.conf import settings
from django.db import Error, connection

from candidates.rules.refusals import PictureRefused

logger = logging.getLogger(__name__)

WINDOW = 600  # seconds in which an account may use its budget up, and in which it has all of it again
SHORT = 1.0  # CPU seconds: a request that has used more goes on as one that unpacks a costly picture
SOON, LATER = 2, 5  # seconds until one comes again: for one's own other upload, for others' costly pictures
# what was used fades evenly, and is gone after WINDOW; a crash of the database may forget it, so that no upload waits
# for the disk (0.3 ms instead of 2.8, of some 20)
TAKE = """
SELECT pg_try_advisory_lock(hashtextextended('upload ' || %(account)s, 0)),
    (SELECT seconds - %(rate)s * greatest(0, extract(epoch FROM now() - at))::float8 FROM materials_uploadcost
        WHERE account_id = %(account)s)
"""
TAKE_PLACE = "SELECT pg_try_advisory_lock(hashtextextended('costly picture ' || %s, 0))"
LEAVE = """
INSERT INTO materials_uploadcost AS cost (account_id, seconds, at) VALUES (%(account)s, %(used)s, now())
ON CONFLICT (account_id) DO UPDATE SET at = excluded.at, seconds = excluded.seconds
    + greatest(0, cost.seconds - %(rate)s * greatest(0, extract(epoch FROM excluded.at - cost.at))::float8)
RETURNING pg_advisory_unlock_all(), set_config('synchronous_commit', 'off', true)
"""


class Busy(PictureRefused):
    """Not now: another upload is at work, or the budget is used up. `seconds`: when to come again."""

    def __init__(self, sentence: str, seconds: int) -> None:
        super().__init__("busy", sentence)
        self.seconds = seconds


@dataclass
class Turn:
    """One account's turn, while its request lasts."""

    left: float  # CPU seconds of the budget when it began
    began: float  # CPU seconds of this thread, then
    has_place: bool = False  # among those who unpack costly pictures

    @property
    def used(self) -> float:
        """CPU seconds of this turn so far."""
        return thread_time() - self.began

    def admit(self, is_costly: bool) -> None:
        """Let one more picture be unpacked; raise Busy where it has to wait."""
        if self.used >= self.left:
            raise _over_budget(self.used - self.left)
        if (is_costly or self.used > SHORT) and not self.has_place:
            self._take_place()

    def _take_place(self) -> None:
        for number in range(settings.COSTLY_UPLOADS):
            with connection.cursor() as cursor:
                cursor.execute(TAKE_PLACE, [number])
                self.has_place = cursor.fetchone()[0]
            if self.has_place:
                return
        raise Busy("现在传图片的人较多，请过几秒再传；也可以先缩小图片，或另存为 JPEG。", LATER)


@contextmanager
def upload_turn(account: int) -> Iterator[Turn]:
    """Hold this account's turn; raise Busy where another upload of it is at work, or its budget is used up."""
    began = thread_time()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"account": account, "rate": _rate()})
        is_ours, spent = cursor.fetchone()
    if not is_ours:
        raise Busy("您的另一次上传还没有处理完，这次没有保存。请稍等几秒再传。", SOON)

    turn = Turn(settings.UPLOAD_CPU - max(0.0, spent or 0.0), began)
    try:
        if turn.left <= 0:
            raise _over_budget(-turn.left)
        yield turn
    finally:
        _leave(account, turn)


def _leave(account: int, turn: Turn) -> None:
    """Write down what the turn has cost, and end it; what was stored in it stays stored, whatever happens here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(LEAVE, {"account": account, "used": turn.used, "rate": _rate()})
    except Error:
        logger.exception("an upload's turn could not be ended; its connection is closed instead")
        connection.close()


def _rate() -> float:
    """Return the CPU seconds of the budget that come back each second."""
    return settings.UPLOAD_CPU / WINDOW


def _over_budget(over: float) -> Busy:
    seconds = max(LATER, math.ceil(over / _rate()))
    wait = f"{seconds} 秒" if seconds < 120 else f"{math.ceil(seconds / 60)} 分钟"
    return Busy(f"您前面的图片处理起来很慢，请过 {wait}再传；也可以先缩小图片，或另存为 JPEG。", seconds)
