"""Papers that were promised, received."""

from django.db import models

from candidates.models import Application, Record


class OwedReceipt(models.Model):
    """The site received a paper that was owed: the only thing that settles the debt."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="owed_receipts"
    )
    category = models.CharField("材料类别", max_length=20)
    record = models.ForeignKey(Record, verbose_name="办理记录", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "待补材料收讫"
        constraints = [
            models.UniqueConstraint(name="a_debt_is_settled_once", fields=["application", "category"]),
        ]

    def __str__(self):
        return f"{self.application_id} {self.category}"
