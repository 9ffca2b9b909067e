"""Moments as people read them, in Asia/Shanghai: a deadline ends a day, a beginning begins one."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(at: datetime) -> str:
    """Say a deadline, 2027 年 3 月 8 日 24:00 in Asia/Shanghai: midnight as the end of the day before."""
    local = at.astimezone(SHANGHAI)
    if (local.hour, local.minute) == (0, 0):
        return beginning(at - timedelta(days=1)).removesuffix("00:00") + "24:00"
    return beginning(at)


def beginning(at: datetime) -> str:
    """Say a beginning, 2027 年 3 月 9 日 00:00 in Asia/Shanghai: midnight as that of the day that begins."""
    local = at.astimezone(SHANGHAI)
    return f"{whole_day(local)} {local:%H:%M}"


def whole_day(day: date) -> str:
    """Say a day, 2027 年 3 月 8 日."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def near_day(day: date, today: date) -> str:
    """Say a day, 3 月 8 日; 2028 年 1 月 3 日 where it lies in another year than today."""
    return whole_day(day).removeprefix(f"{today.year} 年 ")


def short(at: datetime) -> tuple[str, str]:
    """Say a deadline in two pieces of six characters at most, for an SMS: 3月8日 and 24:00."""
    _, _, month, _, day, _, time = moment(at).split(" ")
    return f"{month}月{day}日", time
