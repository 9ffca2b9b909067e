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
    return f"{local.year} 年 {local.month} 月 {local.day} 日 {local:%H:%M}"


def near_day(day: date, today: date) -> str:
    """Say a day, 3 月 8 日; 2028 年 1 月 3 日 where it lies in another year than today."""
    words = f"{day.month} 月 {day.day} 日"
    return words if day.year == today.year else f"{day.year} 年 {words}"


def short(at: datetime) -> tuple[str, str]:
    """Say a deadline in two pieces of six characters at most, for an SMS: 3月8日 and 24:00."""
    _, _, month, _, day, _, time = moment(at).split(" ")
    return f"{month}月{day}日", time
