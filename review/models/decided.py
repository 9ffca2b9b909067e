"""How decisions on pictures came about, counted as they are made: the progress page adds up a few rows."""

from django.db import models

from candidates.models import ExamSession, Unit
from candidates.rules.levels import DOWNWARDS, LABELS

WAYS = {"shown": "逐份办理，图片全部清晰显示过", "single": "逐份办理，图片没有全部显示过", "batch": "批量办理"}


class DecidedCount(models.Model):
    """How many decisions of a level were made on a day (Asia/Shanghai) in one way. What is undone is taken off."""

    session = models.ForeignKey(ExamSession, verbose_name="考试年度", on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Unit, verbose_name="考区", on_delete=models.CASCADE, related_name="+", db_index=False)
    site = models.ForeignKey(Unit, verbose_name="考点", on_delete=models.CASCADE, related_name="+", db_index=False)
    point = models.ForeignKey(Unit, verbose_name="报名点", on_delete=models.CASCADE, related_name="+", db_index=False)
    level = models.CharField("级别", max_length=6, choices=list(LABELS.items()))
    day = models.DateField("日期")
    way = models.CharField("方式", max_length=6, choices=list(WAYS.items()))
    number = models.IntegerField("份数")

    class Meta:
        verbose_name = verbose_name_plural = "办理方式计数"
        constraints = [
            models.UniqueConstraint(
                name="one_count_per_day_and_way",
                fields=["region", "site", "point", "session", "level", "day", "way"],
            ),
        ]
        indexes = [*(models.Index(name=f"decided_by_{one}_and_day", fields=[one, "day"]) for one in DOWNWARDS)]

    def __str__(self):
        return f"{self.point_id} {self.day} {self.way}: {self.number}"
