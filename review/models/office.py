"""What the head of a unit has set for it."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from candidates.models import Unit
from candidates.models.history import keep_history

MOST_SHARE = 20  # percent


@keep_history
class OfficeSetting(models.Model):
    """A unit without a row has no second looks, and gets its digests."""

    unit = models.OneToOneField(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="office")
    share = models.PositiveSmallIntegerField(
        "抽查复核的比例（%）",
        default=0,
        validators=[MaxValueValidator(MOST_SHARE)],
        help_text="考点、考区审核通过的申请中，由另一位审核员独立复核的比例：0 至 20，0 表示不抽查。",
    )
    digest = models.BooleanField("每天发送待办摘要", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位的审核设置"
        constraints = [
            models.CheckConstraint(name="share_is_twenty_percent_at_most", condition=Q(share__lte=MOST_SHARE)),
        ]

    def __str__(self):
        return str(self.unit)
