"""What each reviewer has handled, counted as it is done: a page adds up one row a person, however many cases."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from candidates.models import Account, ExamSession, Unit

# up to how many minutes from opening a case to its decision: the last has everything longer
MINUTES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 45, 60, 90, 120, 240, 480, 1440)
PLACES = len(MINUTES) + 1
COUNTED = ("passed", "returns", "rejections", "sent_back", "second", "overturned", "looked", "differed")


def _number(name: str) -> models.IntegerField:
    return models.IntegerField(name, default=0, db_default=0)


def no_times() -> list[int]:
    return [0] * PLACES


class ReviewerFigures(models.Model):
    """All that a reviewer has decided in a unit and a session. Written by cases/counting.py only."""

    session = models.ForeignKey(ExamSession, verbose_name="考试年度", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(
        Account, verbose_name="审核员", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    passed = _number("通过")
    returns = _number("退回补正")
    rejections = _number("审核不通过")
    sent_back = _number("退回下级复核")
    second = _number("抽查复核（作为第二人）")
    overturned = _number("通过后被上级退回")
    looked = _number("通过后被抽查复核")
    differed = _number("抽查复核意见不同")
    times = ArrayField(models.IntegerField(), verbose_name="从打开到决定的时间", default=no_times, size=PLACES)

    class Meta:
        verbose_name = verbose_name_plural = "审核员的办理数字"
        constraints = [
            models.UniqueConstraint(name="one_row_of_figures_a_reviewer", fields=["unit", "session", "account"]),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.account_id}"


class ReviewerDay(models.Model):
    """How many decisions a reviewer made on a day (Asia/Shanghai). Written by cases/counting.py only."""

    session = models.ForeignKey(ExamSession, verbose_name="考试年度", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(
        Account, verbose_name="审核员", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    day = models.DateField("日期")
    number = models.IntegerField("份数")

    class Meta:
        verbose_name = verbose_name_plural = "审核员的每日办理"
        constraints = [
            models.UniqueConstraint(name="one_count_a_reviewer_and_day", fields=["unit", "session", "day", "account"]),
        ]

    def __str__(self):
        return f"{self.account_id} {self.day}: {self.number}"
