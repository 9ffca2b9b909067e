"""Counters that the database keeps itself: whatever changes an application, also by hand, changes them with it.

They hold the units that the application's own row names, so that they say what `visible_to` would count.
"""

import pgtrigger
from django.db import models

from candidates.applications.states import LEVEL_OF_STATUS
from candidates.rules.levels import DOWNWARDS

# a statement's changes are summed up and written in one order, so that two at once cannot deadlock
COUNT = """
INSERT INTO candidates_pointcount (PLACE, status, number)
SELECT PLACE, status, sum(change) FROM (CHANGES) AS moved
GROUP BY PLACE, status HAVING sum(change) <> 0 ORDER BY PLACE, status
ON CONFLICT (PLACE, status) DO UPDATE SET number = candidates_pointcount.number + EXCLUDED.number;
"""
CAME = "SELECT PLACE, status, 1 AS change FROM new_rows WHERE point_id IS NOT NULL"
WENT = "SELECT PLACE, status, -1 AS change FROM old_rows WHERE point_id IS NOT NULL"
# what was undone was handled by nobody either: its status began before the one that it leaves, and is taken off again
# whole hours up to three days, then whole days: fine enough for a median, few enough to add up; what its candidate has
# recalled was handled by nobody: its status began before the one that it leaves
HANDLED = """
INSERT INTO candidates_handledcount (PLACE, status, day, hours, number)
SELECT PLACE, status, day, CASE WHEN hours < 72 THEN hours ELSE hours / 24 * 24 END AS waited, sum(change) FROM (
    SELECT was.session_id, was.region_id, was.site_id, was.point_id, was.status,
        (became.status_since AT TIME ZONE 'Asia/Shanghai')::date AS day,
        greatest(0, floor(extract(epoch FROM became.status_since - was.status_since) / 3600))::integer AS hours,
        1 AS change
    FROM old_rows AS was JOIN new_rows AS became USING (id)
    WHERE was.status IN (REVIEWS) AND became.status <> was.status
        AND became.status_since >= was.status_since
    UNION ALL
    SELECT was.session_id, was.region_id, was.site_id, was.point_id, became.status,
        (was.status_since AT TIME ZONE 'Asia/Shanghai')::date AS day,
        greatest(0, floor(extract(epoch FROM was.status_since - became.status_since) / 3600))::integer AS hours,
        -1 AS change
    FROM old_rows AS was JOIN new_rows AS became USING (id)
    WHERE became.status IN (REVIEWS) AND became.status <> was.status
        AND became.status_since < was.status_since
) AS handled
GROUP BY PLACE, status, day, waited ORDER BY PLACE, status, day, waited
ON CONFLICT (PLACE, status, day, hours) DO UPDATE SET number = candidates_handledcount.number + EXCLUDED.number;
"""
WORDS = {
    "PLACE": "session_id, region_id, site_id, point_id",
    "REVIEWS": ", ".join(f"'{status}'" for status in LEVEL_OF_STATUS),
}


def _counter(
    name: str, operation: pgtrigger.Operation, func: str, *, old: str | None = None, new: str | None = None
) -> pgtrigger.Trigger:
    for word, meaning in WORDS.items():
        func = func.replace(word, meaning)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(old=old, new=new),
        func=f"{func} RETURN NULL;",
    )


COUNTERS = [
    _counter("new_ones_are_counted", pgtrigger.Insert, COUNT.replace("CHANGES", CAME), new="new_rows"),
    _counter("deleted_ones_are_not_counted", pgtrigger.Delete, COUNT.replace("CHANGES", WENT), old="old_rows"),
    _counter(
        "moved_ones_are_counted_anew",
        pgtrigger.Update,
        COUNT.replace("CHANGES", f"{CAME} UNION ALL {WENT}") + HANDLED,
        old="old_rows",
        new="new_rows",
    ),
]


class _Place(models.Model):
    session = models.ForeignKey(
        "candidates.ExamSession", verbose_name="考试年度", on_delete=models.CASCADE, related_name="+"
    )
    region = models.ForeignKey(
        "candidates.Unit", verbose_name="考区", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    site = models.ForeignKey("candidates.Unit", verbose_name="考点", on_delete=models.CASCADE, related_name="+")
    point = models.ForeignKey("candidates.Unit", verbose_name="报名点", on_delete=models.CASCADE, related_name="+")
    status = models.CharField("状态", max_length=16)
    number = models.IntegerField("件数")

    class Meta:
        abstract = True


class PointCount(_Place):
    """How many applications of a registration point are in a status. Written by COUNTERS only."""

    class Meta:
        verbose_name = verbose_name_plural = "状态计数"
        constraints = [
            models.UniqueConstraint(
                name="one_count_per_point_and_status", fields=["region", "site", "point", "session", "status"]
            ),
        ]

    def __str__(self):
        return f"{self.point_id} {self.status}: {self.number}"


class HandledCount(_Place):
    """How many left a level's review on a day (Asia/Shanghai) after so many hours there. Written by COUNTERS only."""

    day = models.DateField("日期")
    hours = models.PositiveIntegerField("等待小时数")

    class Meta:
        verbose_name = verbose_name_plural = "办理计数"
        constraints = [
            models.UniqueConstraint(
                name="one_count_per_day_and_wait",
                fields=["region", "site", "point", "session", "status", "day", "hours"],
            ),
        ]
        indexes = [
            *(models.Index(name=f"handled_by_{level}_and_day", fields=[level, "day"]) for level in DOWNWARDS),
        ]

    def __str__(self):
        return f"{self.point_id} {self.day} {self.status}: {self.number}"
