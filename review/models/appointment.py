"""On site: when a registration point sees people, who comes when, and what has become of them.

A slot's `taken` counts the appointments that stand in it, and the places that are kept for who may move up.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from candidates.models import Account, Application, Unit
from candidates.models.history import keep_history

WEEKDAYS = dict(enumerate(("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"), 1))
SHORTEST, LONGEST, MOST_PLACES = 15, 60, 200  # minutes of a slot; places in one

STATES = {
    "booked": "未到",
    "arrived": "已到",
    "called": "正在受理",
    "done": "已办结",
    "absent": "没有到场",
    "ended": "已取消",
}
STANDING = ("booked", "arrived", "called")  # holds the application's one appointment
HERE = ("arrived", "called", "done")  # has come, and has a number of the day
ENDINGS = {
    "given_back": "考生取消",
    "case": "申请已不在报名点",
    "slot": "时段取消",
    "desk": "窗口取消",
}
WAITS = {
    "waiting": "候补中",
    "offered": "已递补，等待确认",
    "taken": "已确认",
    "missed": "没有按时确认",
    "left": "考生退出",
    "ended": "已失效",
}
LISTED = ("waiting", "offered")  # still on the waiting list


@keep_history
class AppointmentSetting(models.Model):
    """How a point offers appointments; a point without a row, or with it switched off, offers none."""

    point = models.OneToOneField(Unit, verbose_name="报名点", on_delete=models.PROTECT, related_name="appointments")
    is_on = models.BooleanField("启用现场审核预约", default=False)
    from_registered = models.BooleanField(
        "报名成功即可预约", default=False, help_text="不勾选的，考生提交审核以后才能预约。"
    )
    minutes = models.PositiveSmallIntegerField(
        "时段长度（分钟）",
        default=30,
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)],
        help_text=f"{SHORTEST} 至 {LONGEST} 分钟，只影响以后生成的时段。",
    )
    capacity = models.PositiveSmallIntegerField(
        "每个时段的名额",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
        help_text="包括留给没有预约的人的名额，只影响以后生成的时段。",
    )
    walk_in = models.PositiveSmallIntegerField(
        "其中留给没有预约的人", default=0, help_text="这些名额不在网上预约，由窗口现场取号。"
    )

    class Meta:
        verbose_name = verbose_name_plural = "现场审核预约设置"
        constraints = [
            models.CheckConstraint(
                name="slot_lasts_15_to_60_minutes",
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
                violation_error_message=f"时段长度应在 {SHORTEST} 至 {LONGEST} 分钟之间。",
            ),
            models.CheckConstraint(
                name="walk_in_share_is_part_of_the_places",
                condition=Q(capacity__gte=1, capacity__lte=MOST_PLACES, walk_in__lte=F("capacity")),
                violation_error_message="留给没有预约的人的名额不能多于每个时段的名额。",
            ),
        ]

    def __str__(self):
        return f"{self.point}"


@keep_history
class OpeningHours(models.Model):
    """When a point sees people on a day of the week; a day may have several."""

    setting = models.ForeignKey(
        AppointmentSetting, verbose_name="报名点", on_delete=models.CASCADE, related_name="hours"
    )
    weekday = models.PositiveSmallIntegerField("星期", choices=list(WEEKDAYS.items()))
    opens = models.TimeField("开始")
    closes = models.TimeField("结束")

    class Meta:
        verbose_name = verbose_name_plural = "现场审核时间"
        ordering = ["weekday", "opens", "id"]
        constraints = [
            models.CheckConstraint(
                name="hours_close_after_they_open",
                condition=Q(closes__gt=F("opens")),
                violation_error_message="结束时间应晚于开始时间。",
            ),
            models.CheckConstraint(name="hours_are_of_a_weekday", condition=Q(weekday__gte=1, weekday__lte=7)),
            models.UniqueConstraint(name="hours_of_a_weekday_once", fields=["setting", "weekday", "opens"]),
        ]

    def __str__(self):
        return f"{WEEKDAYS.get(self.weekday, '')} {self.opens:%H:%M}-{self.closes:%H:%M}"


@keep_history
class ClosedDay(models.Model):
    """A day on which a point sees nobody, whatever its weekly hours say."""

    setting = models.ForeignKey(
        AppointmentSetting, verbose_name="报名点", on_delete=models.CASCADE, related_name="closed_days"
    )
    day = models.DateField("日期")
    words = models.CharField("说明", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "不办理的日子"
        ordering = ["day"]
        constraints = [models.UniqueConstraint(name="a_day_is_closed_once", fields=["setting", "day"])]

    def __str__(self):
        return f"{self.day:%Y-%m-%d}"


class Slot(models.Model):
    """One span of a point's day. `capacity - walk_in` places are booked, the rest is for who comes without."""

    point = models.ForeignKey(Unit, verbose_name="报名点", on_delete=models.PROTECT, related_name="slots")
    day = models.DateField("日期")  # of starts_at, Asia/Shanghai
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    capacity = models.PositiveSmallIntegerField("名额")
    walk_in = models.PositiveSmallIntegerField("留给没有预约的人", default=0)
    taken = models.PositiveSmallIntegerField("已约", default=0)
    is_closed = models.BooleanField("停止预约", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "预约时段"
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(name="one_slot_at_a_time", fields=["point", "starts_at"]),
            models.CheckConstraint(name="slot_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="slot_is_never_overbooked",
                condition=Q(walk_in__lte=F("capacity"), taken__lte=F("capacity") - F("walk_in")),
            ),
        ]
        indexes = [models.Index(name="slots_of_a_day", fields=["point", "day"])]

    def __str__(self):
        return f"{self.point_id} {self.day} {self.pk}"

    @property
    def places(self) -> int:
        """How many can be booked in all."""
        return self.capacity - self.walk_in

    @property
    def free(self) -> int:
        return 0 if self.is_closed else self.places - self.taken


class Appointment(models.Model):
    """One coming to a point: booked into a slot, or with a number of the day alone. Kept as history when it ends."""

    point = models.ForeignKey(Unit, verbose_name="报名点", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField("日期")
    slot = models.ForeignKey(
        Slot, verbose_name="时段", null=True, on_delete=models.PROTECT, related_name="appointments"
    )
    application = models.ForeignKey(
        Application, verbose_name="报名", null=True, on_delete=models.PROTECT, related_name="appointments"
    )
    state = models.CharField("状态", max_length=8, choices=list(STATES.items()), default="booked")
    ending = models.CharField("取消的原因", max_length=10, choices=list(ENDINGS.items()), blank=True)
    booked_at = models.DateTimeField("预约时间")
    moved = models.PositiveSmallIntegerField("改期次数", default=0)
    number = models.PositiveSmallIntegerField("当天号码", null=True)  # given on arrival, of one row for all
    due_at = models.DateTimeField("排队时间", null=True)  # who is called first: the slot's beginning, else the arrival
    arrived_at = models.DateTimeField("到场时间", null=True)
    called_at = models.DateTimeField("叫号时间", null=True)  # the last time
    called_by = models.ForeignKey(
        Account,
        verbose_name="叫号人",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    times_called = models.PositiveSmallIntegerField("叫号次数", default=0)
    ended_at = models.DateTimeField("结束时间", null=True)  # done, absent or cancelled

    class Meta:
        verbose_name = verbose_name_plural = "现场审核预约"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="one_appointment_an_application", fields=["application"], condition=Q(state__in=STANDING)
            ),
            models.UniqueConstraint(name="number_once_a_day", fields=["point", "day", "number"]),
            models.CheckConstraint(name="appointment_has_a_state", condition=Q(state__in=list(STATES))),
            models.CheckConstraint(
                name="booked_one_has_slot_and_application",
                condition=Q(slot__isnull=False, application__isnull=False) | Q(slot=None, number__isnull=False),
            ),
            models.CheckConstraint(
                name="who_is_here_has_a_number",
                condition=~Q(state__in=HERE) | Q(number__isnull=False, arrived_at__isnull=False, due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="called_by_somebody_at_a_time",
                condition=Q(called_at=None, called_by=None, times_called=0)
                | Q(called_at__isnull=False, called_by__isnull=False, times_called__gt=0),
            ),
            models.CheckConstraint(
                name="what_has_ended_says_when_and_why",
                condition=Q(state__in=STANDING, ended_at=None, ending="")
                | Q(state__in=["done", "absent"], ended_at__isnull=False, ending="")
                | (Q(state="ended", ended_at__isnull=False) & ~Q(ending="")),
            ),
            models.CheckConstraint(name="appointment_moves_twice_at_most", condition=Q(moved__lte=2)),
        ]
        indexes = [
            models.Index(name="appointments_of_a_day", fields=["point", "day", "state", "due_at"]),
            models.Index(name="appointments_to_settle", fields=["day"], condition=Q(state__in=STANDING)),
        ]

    def __str__(self):
        return f"{self.application_id} {self.day} {self.state}"

    @property
    def called_as(self) -> str:
        """The number as it is called and shown: A with an appointment, B without; empty before arrival."""
        return f"{'A' if self.slot_id else 'B'}{self.number:03}" if self.number else ""


class Waiting(models.Model):
    """A candidate on the waiting list of a full day; who moves up has a place kept until `until`."""

    point = models.ForeignKey(Unit, verbose_name="报名点", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField("日期")
    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="waiting", db_index=False
    )
    at = models.DateTimeField("登记时间")
    state = models.CharField("状态", max_length=8, choices=list(WAITS.items()), default="waiting")
    slot = models.ForeignKey(Slot, verbose_name="留出的时段", null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField("确认期限", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "候补"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="one_place_on_a_waiting_list", fields=["application"], condition=Q(state__in=LISTED)
            ),
            models.CheckConstraint(name="waiting_has_a_state", condition=Q(state__in=list(WAITS))),
            models.CheckConstraint(
                name="who_moves_up_has_a_place_and_a_term",
                condition=~Q(state="offered") | Q(slot__isnull=False, until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="waiting_of_a_day", fields=["point", "day", "id"], condition=Q(state__in=LISTED)),
        ]

    def __str__(self):
        return f"{self.application_id} {self.day} {self.state}"


class DayNumbers(models.Model):
    """The last number that a point has given on a day: its row makes numbers consecutive, each given once."""

    point = models.ForeignKey(Unit, verbose_name="报名点", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField("日期")
    last = models.PositiveSmallIntegerField("最后的号码", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "当天号码"
        constraints = [models.UniqueConstraint(name="one_row_of_numbers_a_day", fields=["point", "day"])]

    def __str__(self):
        return f"{self.point_id} {self.day} {self.last}"


class Board(models.Model):
    """The address of a waiting room's screen: whoever has the token sees numbers, until the head revokes it."""

    point = models.OneToOneField(Unit, verbose_name="报名点", on_delete=models.PROTECT, related_name="board")
    token = models.CharField("口令", max_length=40, unique=True)
    at = models.DateTimeField("生成时间")
    by = models.ForeignKey(
        Account, verbose_name="生成人", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "候场屏幕地址"
        constraints = [models.CheckConstraint(name="token_cannot_be_guessed", condition=Q(token__length__gte=32))]

    def __str__(self):
        return f"{self.point_id}"
