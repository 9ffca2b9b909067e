"""What the desk leaves beside the verdicts: lines to be seen later, pictures taken there, folders handed over."""

from django.db import models
from django.db.models import Q

from candidates.models import Account, Application, Record, Unit
from materials.models import MaterialImage


class ParkedLine(models.Model):
    """下午补看: a line of the on-site list whose original comes later; settled when it was seen, or is missing."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="parked_lines"
    )
    document = models.CharField("材料", max_length=120)
    at = models.DateTimeField("时间")
    account = models.ForeignKey(
        Account, verbose_name="审核员", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    settled_at = models.DateTimeField("了结时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "下午补看"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="a_line_is_parked_once", fields=["application", "document"], condition=Q(settled_at=None)
            ),
        ]

    def __str__(self):
        return self.document


class Capture(models.Model):
    """现场采集: a picture that the desk has taken of an original. In no round's set, and nothing follows from it."""

    application = models.ForeignKey(Application, verbose_name="报名", on_delete=models.PROTECT, related_name="captures")
    image = models.OneToOneField(MaterialImage, verbose_name="图片", on_delete=models.PROTECT, related_name="capture")
    record = models.OneToOneField(Record, verbose_name="办理记录", on_delete=models.PROTECT, related_name="capture")
    account = models.ForeignKey(
        Account, verbose_name="审核员", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "现场采集"
        ordering = ["id"]

    def __str__(self):
        return f"{self.application_id} {self.image_id}"


class Handover(models.Model):
    """交接: the folders of what a point has passed since the one before, up to `until`, as it was printed."""

    point = models.ForeignKey(Unit, verbose_name="报名点", on_delete=models.PROTECT, related_name="+", db_index=False)
    serial = models.PositiveIntegerField("第几次")
    until = models.DateTimeField("截至")
    at = models.DateTimeField("生成时间")
    by = models.ForeignKey(
        Account, verbose_name="生成人", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "材料交接"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="handovers_of_a_point_are_numbered", fields=["point", "serial"]),
        ]

    def __str__(self):
        return f"{self.point_id} 第 {self.serial} 次"


class HandedOver(models.Model):
    """One folder of a handover: a case, by the record of the pass that brought it there."""

    handover = models.ForeignKey(Handover, verbose_name="交接", on_delete=models.PROTECT, related_name="folders")
    record = models.OneToOneField(Record, verbose_name="通过的记录", on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, verbose_name="报名", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "交接的材料袋"
        ordering = ["id"]

    def __str__(self):
        return f"{self.handover_id} {self.application_id}"
