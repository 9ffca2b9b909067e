"""The application number (报名编号): given once, consecutive within a registration point, never given again."""

from django.db import connection

from candidates.models import ExamSession, Unit
from candidates.rules.numbers import SERIAL, YEAR
from candidates.rules.refusals import Refused

LAST_SERIAL = 10**SERIAL - 1

COUNT_ON = """
INSERT INTO candidates_numbercounter (session_id, point_id, last) VALUES (%s, %s, 1)
ON CONFLICT (session_id, point_id) DO UPDATE SET last = candidates_numbercounter.last + 1
WHERE candidates_numbercounter.last < %s
RETURNING last
"""


def next_number(session: ExamSession, point: Unit) -> str:
    """Return the next number: session year (4), the point's code (7), serial within the point (5).

    The counter's row is held until the transaction ends, so that no serial is left out or given twice. Raises Refused
    under `point` where none is left.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ON, [session.pk, point.pk, LAST_SERIAL])
        counted = cursor.fetchone()
    if counted is None:
        raise Refused({"point": "这个报名点本年度的报名编号已用完：请改选其他报名点。"})

    return f"{session.year:0{YEAR}}{point.code}{counted[0]:0{SERIAL}}"
