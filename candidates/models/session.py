from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from candidates.models.history import keep_history
from candidates.prepared import Prepared
from candidates.rules.profile import EXAM_LEVELS, ROUTES, CategoryRule

SHANGHAI = ZoneInfo("Asia/Shanghai")
WINDOWS = {"registration": "网上报名", "upload": "上传材料", "review": "审核", "payment": "缴费"}
ENDS = {"opens": "开始", "closes": "截止"}
# windows that make or change an application: a closed session has none of them, whatever their dates
FOR_APPLYING = ("registration", "upload")
COUNTED = 1000  # what hangs from a session is counted up to there


def possible_years(now: datetime) -> range:
    """Last year to two years ahead: any other year of a session is a slip of the pen."""
    year = now.astimezone(SHANGHAI).year
    return range(year - 1, year + 3)


class SessionState(models.TextChoices):
    DRAFT = "draft", "草稿"  # operators alone see it
    OPEN = "open", "开放"
    CLOSED = "closed", "已关闭"  # no new applications; what is under way goes on
    PURGED = "purged", "已清除"  # its retention is over, and the personal data of its applications gone


# what candidates and reviewers may be shown
SEEN = (SessionState.OPEN, SessionState.CLOSED, SessionState.PURGED)


@keep_history
class ExamSession(models.Model):
    """One year's exam, with its windows: opens ≤ now < closes, Asia/Shanghai, and its state, which operators set."""

    year = models.PositiveSmallIntegerField("考试年度", unique=True)
    state = models.CharField(
        "状态", max_length=6, choices=SessionState.choices, default=SessionState.OPEN, db_default=SessionState.OPEN
    )
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
            *(
                models.CheckConstraint(
                    name=f"{window}_closes_after_it_opens",
                    condition=Q((f"{window}_closes__gt", F(f"{window}_opens"))),
                )
                for window in WINDOWS
            ),
            models.CheckConstraint(name="session_year_has_four_digits", condition=Q(year__gte=2000, year__lte=2999)),
            models.CheckConstraint(name="session_has_a_known_state", condition=Q(state__in=SessionState.values)),
            models.CheckConstraint(name="correction_takes_a_day_or_more", condition=Q(correction_days__gte=1)),
        ]

    def __str__(self):
        return f"{self.year} 年度"

    def clean(self):
        """Refuse a new session of an impossible year, and windows that are out of order."""
        problems = self.out_of_order()
        if self._state.adding and self.year is not None:
            problems |= impossible_year(self.year, timezone.now())
        if problems:
            raise ValidationError(problems)

    def out_of_order(self, ends=tuple(ENDS)):
        """Tell which openings or closings come before those of an earlier window: field -> sentence."""
        problems = {}
        for end in ends:
            earlier = ""
            for window, name in WINDOWS.items():
                at, before = (getattr(self, f"{one}_{end}") if one else None for one in (window, earlier))
                if at and before and at < before:
                    problems[f"{window}_{end}"] = (
                        f"{name}的{ENDS[end]}时间早于{WINDOWS[earlier]}的{ENDS[end]}时间：请核对年、月、日。"
                    )
                earlier = window
        return problems

    def is_open(self, window, now):
        if self.state != SessionState.OPEN and (window in FOR_APPLYING or self.state != SessionState.CLOSED):
            return False
        return getattr(self, f"{window}_opens") <= now < getattr(self, f"{window}_closes")

    @property
    def over_at(self):
        """When nobody has anything to do in this session any more, by its dates."""
        return max(self.owed_until, *(getattr(self, f"{window}_closes") for window in WINDOWS))

    @property
    def kept_until(self):
        """The end of the last year for which its personal data are kept: by then they are purged."""
        last = timezone.localtime(self.over_at).year + settings.KEPT_YEARS
        return datetime(last + 1, 1, 1, tzinfo=timezone.get_default_timezone())

    def is_under_way(self, now):
        """Open today: registration has opened and the last date is ahead; an impossible year never is."""
        goes_on = self.registration_opens <= now < self.over_at and self.year in possible_years(now)
        return self.state == SessionState.OPEN and goes_on

    @property
    def owed_until(self):
        """31 August 24:00 of the session's year: the first moment that is too late (Attachment 7)."""
        return datetime(self.year, 9, 1, tzinfo=SHANGHAI)

    def default_return_deadline(self, now):
        """24:00 (Asia/Shanghai) of the day that lies `correction_days` after `now`."""
        day = now.astimezone(SHANGHAI).date() + timedelta(days=self.correction_days + 1)
        return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)

    def hanging(self):
        """Tell what hangs from this session, in words: an empty session can be deleted, any other cannot."""
        found = []
        for relation in self._meta.get_fields(include_hidden=True):
            if not relation.one_to_many or relation.on_delete is not models.PROTECT:
                continue
            rows = relation.related_model._base_manager.filter(**{relation.field.name: self})
            number = rows[: COUNTED + 1].count()
            if number:
                told = f"{COUNTED} 以上" if number > COUNTED else number
                found.append(f"{relation.related_model._meta.verbose_name} {told}")
        return "、".join(found)

    def may_be_deleted(self):
        """Tell whether it is a draft that nothing hangs from."""
        return self.state == SessionState.DRAFT and not self.hanging()

    @classmethod
    def under_way(cls, now=None):
        """Return the sessions open today, the oldest first: mostly one, but where one year's end meets the next's."""
        return under_way_of(cls.objects.order_by(), now or timezone.now())

    @classmethod
    def every(cls):
        """Return every session, in no order: a row a year, which most pages ask for."""
        return _EVERY()

    @classmethod
    def current(cls, now=None):
        """Return the oldest session under way, else the next to begin, else the newest that is over, or None.

        A draft is none yet.
        """
        return current_of(cls.every(), now or timezone.now())


_EVERY = Prepared(lambda: ExamSession.objects.order_by())

# a row a year: chosen here, nothing to sort in the database


def under_way_of(sessions, now):
    return sorted((one for one in sessions if one.is_under_way(now)), key=lambda one: one.year)


def current_of(sessions, now):
    """See ExamSession.current."""

    def place(session):
        if session.is_under_way(now):
            return 0, session.year
        if session.year not in possible_years(now):
            return 3, -session.year
        to_come = now < session.registration_opens and session.state == SessionState.OPEN
        return (1, session.year) if to_come else (2, -session.year)

    return min((one for one in sessions if one.state != SessionState.DRAFT), key=place, default=None)


def impossible_year(year, now):
    """Return the sentence at `year` for a year that no session is opened for now; empty where it may be."""
    years = possible_years(now)
    if year in years:
        return {}
    return {"year": f"年度应在 {years[0]} 至 {years[-1]} 之间（去年至后年）：请核对“{year}”。"}


@keep_history
class ExamCategory(models.Model):
    """level × discipline, with its official code. Operator data: codes come and go with the years."""

    code = models.CharField("代码", max_length=3, unique=True)
    name = models.CharField("名称", max_length=40)
    level = models.CharField("级别", max_length=9, choices=list(EXAM_LEVELS.items()))
    routes = models.CharField("报考途径", max_length=40, help_text=f"{'、'.join(ROUTES)}，多个以 | 分隔。")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "报考类别"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="exam_category_code_has_three_digits", condition=Q(code__regex=r"^\d{3}$")),
            models.CheckConstraint(name="exam_category_has_a_level", condition=Q(level__in=list(EXAM_LEVELS))),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def rule(self):
        return CategoryRule(code=self.code, level=self.level, routes=frozenset(self.routes.split("|")), name=self.name)
