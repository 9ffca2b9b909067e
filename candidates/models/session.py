from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from candidates.models.history import keep_history
from candidates.profile import LEVELS, ROUTES, CategoryRule

SHANGHAI = ZoneInfo("Asia/Shanghai")
WINDOWS = {"registration": "网上报名", "upload": "上传材料", "review": "审核", "payment": "缴费"}


@keep_history
class ExamSession(models.Model):
    """One year's exam, with its windows: opens ≤ now < closes, Asia/Shanghai."""

    year = models.PositiveSmallIntegerField("考试年度", unique=True)
    registration_opens = models.DateTimeField("网上报名开始")
    registration_closes = models.DateTimeField("网上报名截止")
    upload_opens = models.DateTimeField("上传材料开始")
    upload_closes = models.DateTimeField("上传材料截止")
    review_opens = models.DateTimeField("审核开始")
    review_closes = models.DateTimeField("审核截止")
    payment_opens = models.DateTimeField("缴费开始")
    payment_closes = models.DateTimeField("缴费截止")
    correction_days = models.PositiveSmallIntegerField("退回补正期限（天）", default=7)

    class Meta:
        verbose_name = verbose_name_plural = "考试年度"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name=f"{window}_closes_after_it_opens", condition=Q(**{f"{window}_closes__gt": F(f"{window}_opens")})
            )
            for window in WINDOWS
        ] + [
            models.CheckConstraint(name="session_year_has_four_digits", condition=Q(year__gte=2000, year__lte=2999)),
            models.CheckConstraint(name="correction_takes_a_day_or_more", condition=Q(correction_days__gte=1)),
        ]

    def __str__(self):
        return f"{self.year} 年度"

    def is_open(self, window, now):
        return getattr(self, f"{window}_opens") <= now < getattr(self, f"{window}_closes")

    @property
    def owed_until(self):
        """31 August 24:00 of the session's year: the first moment that is too late (Attachment 7)."""
        return datetime(self.year, 9, 1, tzinfo=SHANGHAI)

    def default_return_deadline(self, now):
        """24:00 (Asia/Shanghai) of the day that lies `correction_days` after `now`."""
        day = now.astimezone(SHANGHAI).date() + timedelta(days=self.correction_days + 1)
        return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)

    @classmethod
    def current(cls):
        """The newest session, or None where none has been opened."""
        return max(cls.objects.order_by(), key=lambda one: one.year, default=None)  # a row a year: nothing to sort


@keep_history
class ExamCategory(models.Model):
    """level × discipline, with its official code. Operator data: codes come and go with the years."""

    code = models.CharField("代码", max_length=3, unique=True)
    name = models.CharField("名称", max_length=40)
    level = models.CharField("级别", max_length=9, choices=list(LEVELS.items()))
    routes = models.CharField("报考途径", max_length=40, help_text=f"{'、'.join(ROUTES)}，多个以 | 分隔。")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "报考类别"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="exam_category_code_has_three_digits", condition=Q(code__regex=r"^\d{3}$")),
            models.CheckConstraint(name="exam_category_has_a_level", condition=Q(level__in=list(LEVELS))),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def rule(self):
        return CategoryRule(code=self.code, level=self.level, routes=frozenset(self.routes.split("|")), name=self.name)
