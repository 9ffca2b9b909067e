from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from candidates.models.history import keep_history


class AnnouncementQuerySet(models.QuerySet):
    def shown(self, now=None):
        """Return those that everybody sees now, newest first."""
        now = now or timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)


@keep_history
class Announcement(models.Model):
    """A notice to all, written by an operator. Ended, not deleted: its history says what was told when."""

    title = models.CharField("标题", max_length=60)
    text = models.TextField("内容", max_length=4000, help_text="纯文本，分段用空行；网址会成为链接。")
    pinned = models.BooleanField(
        "在每一页顶部提示", default=False, help_text="系统维护、延期等人人须知的才选；其余只在首页和“通知”中。"
    )
    starts_at = models.DateTimeField("开始显示", default=timezone.now)
    ends_at = models.DateTimeField("停止显示", null=True, blank=True, help_text="留空则一直显示。")

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "全体通知"
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="announcement_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message="停止显示的时间应晚于开始显示的时间。",
            ),
        ]

    def __str__(self):
        return self.title
