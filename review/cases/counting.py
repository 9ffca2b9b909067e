"""Counting what was decided, and how it came about, in the transaction that makes or undoes it."""

from django.db import connection
from django.utils import timezone

from candidates.models import Application, Record
from review.cases.facts import How, how_of
from review.office import counters
from review.office.counters import Statement

ADD = """
INSERT INTO review_decidedcount (session_id, region_id, site_id, point_id, level, day, way, number)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (region_id, site_id, point_id, session_id, level, day, way)
DO UPDATE SET number = review_decidedcount.number + EXCLUDED.number
"""


def way_of(how: How) -> str:
    """Return the key of WAYS."""
    if how.batch:
        return "batch"
    return "shown" if how.displayed is not None and how.displayed == how.pictures else "single"


def count(application: Application, record: Record, *, by: int = 1) -> None:
    """Count this act for its units and for whoever did it, or take it off again (`by` -1): one way to the database."""
    if statements := [*_decided(application, record, by), *counters.statements(application, record, by)]:
        with connection.cursor() as cursor:
            cursor.execute(";".join(sql for sql, _ in statements), [one for _, values in statements for one in values])


def _decided(application: Application, record: Record, by: int) -> list[Statement]:
    """Return nothing where its record does not say how it came about.

    Sending back is no decision on pictures, though its record says what was shown.
    """
    how = how_of(record)
    if how is None or record.action == "send_back":
        return []
    place = (application.session_id, application.region_id, application.site_id, application.point_id)
    return [(ADD, [*place, record.level, timezone.localdate(record.at), way_of(how), by])]
