import json
import uuid
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from candidates.models import Account, Application, Unit
from candidates.models.history import keep_history
from candidates.models.sealed import EncryptedField
from materials.pictures.formats import CONTENT_TYPES
from materials.rules.catalogue import CATEGORIES
from materials.rules.conditions import CONDITIONS
from materials.rules.own_lines import LONGEST_TITLE, UPLOADS, OwnLine

# the papers that are one person's alone: the same bytes of two candidates are the same paper (duplicates.py)
PERSONAL = ("identity", "diploma", "degree", "assistant_licence", "education_proof")


def category_choices() -> list[tuple[str, str]]:
    """Return the catalogue as a column's choices: called by the columns, so that a new category needs no migration."""
    return [(category.code, category.label) for category in CATEGORIES]


def condition_choices() -> list[tuple[str, str]]:
    """Return the conditions as a column's choices: called, so that a new one needs no migration."""
    return [(condition.code, condition.label) for condition in CONDITIONS]


class MaterialImage(models.Model):
    """One uploaded picture. A removed one keeps its row; its file goes only if it was never submitted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, verbose_name="报名", on_delete=models.PROTECT, related_name="images")
    category = models.CharField("材料类别", max_length=20, choices=category_choices)
    position = models.PositiveIntegerField("次序", default=0)  # order within the category
    file = models.CharField("文件", max_length=80)  # storage key
    thumbnail = models.CharField("缩略图", max_length=80)  # storage key, JPEG, long side 320 pixels
    content_type = models.CharField("格式", max_length=10)
    width = models.PositiveIntegerField("宽（像素）")  # pixels
    height = models.PositiveIntegerField("高（像素）")  # pixels
    size = models.PositiveIntegerField("大小（字节）")  # bytes, as stored
    sha256 = models.CharField("文件摘要", max_length=64)  # of the stored bytes
    received_sha256 = models.CharField(
        "收到时的摘要", max_length=64
    )  # of the bytes as received: not twice in a category
    warnings = ArrayField(models.CharField(max_length=40), default=list, verbose_name="提示")
    uploaded_at = models.DateTimeField("上传时间")
    # the application's round when the picture came: 0 before the first submission
    uploaded_round = models.PositiveSmallIntegerField("上传时的提交次数")
    is_owed = models.BooleanField("补传的待补材料", default=False)  # outside every round's set (待补)
    # sent with the answer to a question: outside every round's set, and in no category's place
    is_answer = models.BooleanField("随答复提交", default=False, db_default=False)
    # taken by a reviewer at the registration point: outside every round's set too
    is_onsite = models.BooleanField("现场采集", default=False, db_default=False)
    submitted = models.BooleanField("已提交", default=False)  # part of some round's set
    removed_at = models.DateTimeField("删除时间", null=True)
    removed_by = models.ForeignKey(  # nothing is looked up by it
        Account,
        verbose_name="删除人",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "材料图片"
        ordering = ["position", "uploaded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="same_bytes_once_in_a_category",
                fields=["application", "category", "received_sha256"],
                condition=Q(removed_at=None, is_answer=False, is_onsite=False),
            ),
            models.CheckConstraint(
                name="answers_picture_is_outside_the_set",
                condition=Q(is_answer=False) | Q(submitted=False, is_owed=False),
            ),
            models.CheckConstraint(
                name="picture_taken_on_site_is_outside_the_set",
                condition=Q(is_onsite=False) | Q(submitted=False, is_owed=False, is_answer=False),
            ),
            models.CheckConstraint(name="picture_is_of_a_known_format", condition=Q(content_type__in=CONTENT_TYPES)),
            models.CheckConstraint(name="picture_has_at_most_200_kb", condition=Q(size__gt=0, size__lte=204_800)),
            models.CheckConstraint(
                name="owed_picture_is_outside_the_set", condition=Q(is_owed=False) | Q(submitted=False)
            ),
            models.CheckConstraint(
                name="removal_has_time_and_person",
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(  # see duplicates.py
                name="picture_by_received_bytes",
                fields=["received_sha256"],
                condition=Q(category__in=PERSONAL, submitted=True),
            ),
        ]

    def __str__(self):
        return f"{self.get_category_display()} {self.pk}"


# the one change that a submission may see, once
RECALLED = (
    "OLD.recalled_at IS NULL AND NEW.recalled_at IS NOT NULL"
    " AND to_jsonb(OLD) - 'recalled_at' = to_jsonb(NEW) - 'recalled_at'"
)


class StandingSubmissions(models.Manager):
    """Those that count: what its candidate has recalled is none of anybody's rounds."""

    def get_queryset(self):
        return super().get_queryset().filter(recalled_at=None)


class Submission(models.Model):
    """One round: what was submitted, as it was. Append-only: the set of pictures never changes.

    A recall marks it, and nothing else does; the next submission has the same number then.
    """

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="submissions"
    )
    round = models.PositiveSmallIntegerField("提交次数")
    at = models.DateTimeField("时间")
    images = ArrayField(models.UUIDField(), verbose_name="图片")  # the set, in the catalogue's order
    # the categories that were required, and those that were shown
    required = ArrayField(models.CharField(max_length=20), verbose_name="必须的类别")
    shown = ArrayField(models.CharField(max_length=20), verbose_name="列出的类别")
    # categories whose earlier verdicts no longer count, since a field that they prove has changed
    unjudged = ArrayField(models.CharField(max_length=20), default=list, verbose_name="须重新审核的类别")
    # the form's fields as submitted, JSON
    form = EncryptedField("填报信息", bound_to=("application_id", "round", "at"))
    # what the region and site asked for then (needs.Asked.kept); null before this was kept
    asked = models.JSONField("考区、考点当时的要求", null=True)
    # when the candidate promised that all is true; null where it was submitted before this was kept
    declared_at = models.DateTimeField("承诺时间", null=True)
    # the application's row as it was, for a recall (recalling.py); null where it was submitted before this was kept
    before = models.JSONField("提交前的申请", null=True)
    recalled_at = models.DateTimeField("撤回时间", null=True)

    objects = StandingSubmissions()
    every = models.Manager()  # noqa: DJ012 (no field)

    class Meta:
        verbose_name = verbose_name_plural = "提交"
        ordering = ["application", "round"]
        constraints = [
            models.UniqueConstraint(
                name="one_submission_a_round", fields=["application", "round"], condition=Q(recalled_at=None)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="submissions_are_append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"NOT ({RECALLED})"),
            ),
            pgtrigger.Protect(name="submissions_are_not_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="submissions_are_not_truncated",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME;",
            ),
        ]

    def __str__(self):
        return f"{self.application_id} 第 {self.round} 次"

    @property
    def filled(self) -> dict[str, Any]:
        """The form's fields as submitted; nothing once it has been purged."""
        found: dict[str, Any] = json.loads(self.form) if self.form else {}
        return found


@keep_history
class MaterialNotice(models.Model):
    """A region's or site's own words on a category, which may also make an optional one required."""

    unit = models.ForeignKey(Unit, verbose_name="考区或考点", on_delete=models.CASCADE, related_name="material_notices")
    category = models.CharField("材料类别", max_length=20, choices=category_choices)
    required = models.BooleanField("必须上传", default=False)
    words = models.CharField("说明", max_length=200, blank=True)
    is_active = models.BooleanField("启用", default=True, db_default=True)

    class Meta:
        verbose_name = verbose_name_plural = "考区、考点的材料要求"
        ordering = ["unit", "category"]
        constraints = [
            models.UniqueConstraint(name="one_notice_per_unit_and_category", fields=["unit", "category"]),
        ]

    def __str__(self):
        return f"{self.unit} {self.get_category_display()}"


@keep_history
class UnitLine(models.Model):
    """A paper of a region's or a site's own: uploaded into `other`, brought on site, or both."""

    unit = models.ForeignKey(Unit, verbose_name="考区或考点", on_delete=models.CASCADE, related_name="own_lines")
    title = models.CharField("材料名称", max_length=LONGEST_TITLE)
    # codes of materials.rules.conditions: all must hold; none is everybody
    conditions = ArrayField(
        models.CharField(max_length=30, choices=condition_choices), verbose_name="适用于", default=list, blank=True
    )
    upload = models.CharField("网上上传", max_length=10, choices=list(UPLOADS.items()), blank=True)
    original = models.BooleanField("现场带原件", default=False)
    copies = models.PositiveSmallIntegerField("现场交复印件（份）", default=0)
    remark = models.CharField("备注", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)  # within its unit, the smallest first
    is_active = models.BooleanField("启用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "考区、考点自定的材料"
        ordering = ["unit", "position", "id"]
        constraints = [
            models.CheckConstraint(name="own_line_has_a_title", condition=Q(title__regex=r"\S")),
            models.CheckConstraint(
                name="own_line_is_uploaded_or_brought",
                condition=~Q(upload="") | Q(original=True) | Q(copies__gt=0),
                violation_error_message="请至少选一项：网上上传、现场带原件、现场交复印件。",
            ),
            models.CheckConstraint(
                name="own_line_has_at_most_nine_copies",
                condition=Q(copies__lte=9),
                violation_error_message="复印件最多 9 份。",
            ),
            models.CheckConstraint(name="own_line_is_uploaded_in_a_known_way", condition=Q(upload__in=["", *UPLOADS])),
        ]

    def __str__(self):
        return f"{self.unit} {self.title}"

    def as_rule(self) -> OwnLine:
        return OwnLine(
            title=self.title,
            by=self.unit.name,
            upload=self.upload,
            original=self.original,
            copies=self.copies,
            remark=self.remark,
            conditions=tuple(self.conditions),
        )


class RenderedDocument(models.Model):
    """One printed document of an application as it was last rendered; `missing`: it has gaps for these characters."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="rendered_documents"
    )
    slug = models.CharField("文书", max_length=30)
    data_hash = models.CharField("内容摘要", max_length=64)  # keyed: of all that it prints, and of how it is printed
    file = models.CharField("文件", max_length=80, blank=True)  # storage key
    size = models.PositiveIntegerField("大小（字节）", default=0)  # bytes
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    missing = models.CharField("字库缺少的字", max_length=200, blank=True)  # code points: U+20BB7 U+E000
    rendered_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = verbose_name_plural = "已生成的文书"
        ordering = ["-rendered_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="one_rendering_per_document", fields=["application", "slug"]),
            models.CheckConstraint(
                name="rendering_has_a_file_or_missing_characters",
                condition=Q(size__gt=0) & ~Q(file="") & ~Q(sha256="") | ~Q(missing="") & Q(file="", size=0, sha256=""),
            ),
        ]
        indexes = [
            models.Index(name="renderings_by_time", fields=["-rendered_at", "-id"]),
            models.Index(name="renderings_refused", fields=["-rendered_at"], condition=~Q(missing="")),
        ]

    def __str__(self):
        return f"{self.application_id} {self.slug}"


class UploadCost(models.Model):
    """What an account's uploads have cost of late (turns.py); a crash empties the table."""

    account = models.OneToOneField(
        Account, verbose_name="账号", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    seconds = models.FloatField("处理图片用时（CPU 秒）")  # at that time; less since, see turns.WINDOW
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "上传用时"

    def __str__(self):
        return f"{self.account_id}"
