"""How long a level has for a case, and on which days it works."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Greatest, Least

from candidates.models.history import keep_history
from candidates.rules.levels import LABELS

MOST_DAYS = 60
LONGEST_HOLIDAY = timedelta(days=30)
# in order, as what is the wrong way round has a sentence of its own
DAYS = Func(
    Least("first_day", "last_day"),
    Greatest("first_day", "last_day"),
    Value("[]"),
    function="daterange",
    output_field=DateRangeField(),
)


@keep_history
class ReviewTerm(models.Model):
    """In how many working days a level decides; a level without a row has no term, and nothing is late there."""

    level = models.CharField("级别", max_length=6, unique=True, choices=list(LABELS.items()))
    days = models.PositiveSmallIntegerField(
        "工作日",
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text="从到达本级的次日起算，最后一个工作日 24:00 以前办理不算逾期。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "审核时限"
        constraints = [models.CheckConstraint(name="a_term_has_days", condition=Q(days__gte=1, days__lte=MOST_DAYS))]

    def __str__(self):
        return f"{self.get_level_display()} {self.days} 个工作日"


@keep_history
class Holiday(models.Model):
    """Days on which nobody works though it is no weekend, or everybody though it is one (放假, 调休), both included."""

    name = models.CharField("名称", max_length=20, help_text="例如：国庆节、国庆节调休。")
    first_day = models.DateField("从")
    last_day = models.DateField("至")
    is_worked = models.BooleanField(
        "这些天", default=False, choices=[(False, "放假"), (True, "上班")], help_text="没有登记的：星期一至五上班。"
    )

    class Meta:
        verbose_name = verbose_name_plural = "放假与调休"
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(
                name="holiday_ends_after_it_begins",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="最后一天不能早于第一天。",
            ),
            models.CheckConstraint(
                name="holiday_is_a_month_at_most",
                condition=Q(last_day__lte=F("first_day") + LONGEST_HOLIDAY),
                violation_error_message="一次最多登记一个月。",
            ),
            ExclusionConstraint(
                name="no_day_is_told_twice",
                expressions=[(DAYS, RangeOperators.OVERLAPS)],
                violation_error_message="其中有的日子已经登记过。",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.first_day}"
