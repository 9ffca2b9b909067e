"""Standard reasons, as operators write them."""

from django.db import models
from django.db.models import Q

from candidates.models import Unit
from candidates.models.history import keep_history

# what a reason is for: a picture's verdict, or an act with a page of its own
USES = {"": "图片不合格", "send_back": "退回下级复核", "reject": "审核不通过"}


@keep_history
class Reason(models.Model):
    """A standard reason, with the sentence that is read. Operator data; one unit's is for it and those below it."""

    code = models.CharField("代码", max_length=20, unique=True)
    use = models.CharField("用于", max_length=9, blank=True, default="", db_default="", choices=list(USES.items()))
    unit = models.ForeignKey(
        Unit,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="只给这个单位和它的下级用；不选则所有单位都用。",
    )
    label = models.CharField("名称", max_length=20)
    sentence = models.CharField("考生看到的说明", max_length=120)
    position = models.PositiveSmallIntegerField("快捷数字键")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "标准原因"
        ordering = ["use", "position", "code"]
        constraints = [models.CheckConstraint(name="reason_is_of_a_known_use", condition=Q(use__in=list(USES)))]

    def __str__(self):
        return self.label
