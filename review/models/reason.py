"""Standard reasons, as operators write them."""

from django.db import models

from candidates.models.history import keep_history


@keep_history
class Reason(models.Model):
    """A standard reason for 不合格, with the sentence that the candidate reads. Operator data."""

    code = models.CharField("代码", max_length=20, unique=True)
    label = models.CharField("名称", max_length=20)
    sentence = models.CharField("考生看到的说明", max_length=120)
    position = models.PositiveSmallIntegerField("快捷数字键")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "标准原因"
        ordering = ["position", "code"]

    def __str__(self):
        return self.label
