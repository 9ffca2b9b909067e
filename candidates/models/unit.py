from functools import reduce
from operator import or_

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import CharField, Q
from django.db.models.functions import Length

from candidates.models.history import keep_history
from candidates.rules.levels import DIGITS, LABELS, TOP

CharField.register_lookup(Length)


@keep_history
class Unit(models.Model):
    """An exam region, an exam site or a registration point: a tree whose code is the path."""

    code = models.CharField("代码", max_length=7, unique=True)
    level = models.CharField("级别", max_length=6, choices=list(LABELS.items()))
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField("名称", max_length=60)
    address = models.CharField("地址", max_length=80, blank=True)
    telephone = models.CharField("电话", max_length=40, blank=True)
    hours = models.CharField("现场审核时间", max_length=80, blank=True)
    onsite_list_required = models.BooleanField("要求逐项核对现场审核清单", default=False, help_text="只对考区有效。")
    undo_minutes = models.PositiveSmallIntegerField(
        "撤回操作的时限（分钟）",
        default=5,
        db_default=5,
        validators=[MaxValueValidator(60)],
        help_text="本单位的审核员通过或退回以后，在这段时间内可以撤回；给考生的通知在此之后才发出。填 0 表示不能撤回。",
    )
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "考区、考点、报名点"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="unit_code_has_its_levels_length",
                condition=Q(code__regex=r"^\d+$")
                & reduce(or_, (Q(level=level, code__length=digits) for level, digits in DIGITS.items())),
            ),
            models.CheckConstraint(
                name="only_a_region_has_no_parent",
                condition=Q(level=TOP, parent=None) | (~Q(level=TOP) & Q(parent__isnull=False)),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def chain(self) -> dict[str, "Unit"]:
        """This unit and those above it, by level."""
        chain: dict[str, Unit] = {}
        unit: Unit | None = self
        while unit:
            chain[unit.level] = unit
            unit = unit.parent
        return chain
