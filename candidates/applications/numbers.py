"""The application number (报名编号): given once, consecutive within a registration point, never given again."""

from candidates.models import ExamSession, NumberCounter, Unit
from candidates.rules.numbers import SERIAL, YEAR
from candidates.rules.refusals import Refused

LAST_SERIAL = 10**SERIAL - 1


def next_number(session: ExamSession, point: Unit) -> str:
    """Return the next number: session year (4), the point's code (7), serial within the point (5).

    The counter's row is held until the transaction ends, so that no serial is left out or given twice. Raises Refused
    under `point` where none is left.
    """
    counter, _ = NumberCounter.objects.select_for_update().get_or_create(session=session, point=point)
    if counter.last >= LAST_SERIAL:
        raise Refused({"point": "该报名点本年度的报名编号已用完：请改选其他报名点。"})

    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{session.year:0{YEAR}}{point.code}{counter.last:0{SERIAL}}"
