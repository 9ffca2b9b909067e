"""How long a level has for a case."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from candidates.models.history import keep_history
from candidates.rules.levels import LABELS

MOST_DAYS = 60


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
