"""Tags of templates/documents/: values measured into their cells, and dates as the forms print them."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from materials.printing import codes
from materials.printing.fonts import text_width

register = template.Library()
register.filter("qr", codes.qr)
register.filter("code128", codes.code128)

MM_PER_PT = 25.4 / 72
SMALLEST = 7.0  # points
STEP = 0.5


def fitting_size(text: str, width: float, largest: float = 10.5) -> float:
    """Return the largest size, `largest` to 7 points in half points, at which `text` fits `width` mm in one line.

    7 where none does (it is wrapped then)."""
    ems = text_width(text)
    size = largest
    while size > SMALLEST and ems * size * MM_PER_PT > width:
        size -= STEP
    return size


@register.simple_tag
def fit(value: object, width: float, largest: float = 10.5) -> SafeString:
    """Return `value` as it is where it fits `width` mm at `largest`, the size around it; else in a span that fits.

    The span's class (.pt70 to .pt145 of css/documents.css) sets the size."""
    text = "" if value is None else str(value)
    size = fitting_size(text, width, largest)
    if size == largest:
        return conditional_escape(text)
    return format_html('<span class="pt{}">{}</span>', round(size * 10), text)


@register.simple_tag
def blank(value: object, spaces: int) -> SafeString:
    """Return an underlined blank in running text: `value`, or no-break spaces (a quarter of an em) twice over."""
    text = "" if value is None else str(value)
    return format_html('<span class="blank">{}</span>', f" {text} " if text else "\u00a0" * spaces * 2)


@register.filter
def year_month(value: date | None) -> str:
    """Return 2019年7月."""
    return f"{value.year}年{value.month}月" if value else ""


@register.filter
def full_date(value: date | None) -> str:
    """Return 2019年7月1日."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


@register.simple_tag
def period(opens: datetime, closes: datetime, year: int | None = None) -> str:
    """Return from when until when a window is open: 2月8日至3月8日 24:00; with the years where it crosses one.

    With `year`, that of the paper, also where all of it lies in another.

    Hours are named but for midnight, which as an end is 24:00 of the day before.
    """
    first, last = timezone.localtime(opens), timezone.localtime(closes)
    ends_a_day = (last.hour, last.minute) == (0, 0)
    last_day = last - timedelta(days=1) if ends_a_day else last
    years = first.year != last_day.year or first.year != (year or first.year)
    begins = "" if (first.hour, first.minute) == (0, 0) else f" {first:%H:%M}"
    ends = " 24:00" if ends_a_day else f" {last:%H:%M}"
    return f"{_day(first, years)}{begins}至{_day(last_day, years)}{ends}"


def _day(at: datetime, with_year: bool) -> str:
    return f"{at.year}年{at.month}月{at.day}日" if with_year else f"{at.month}月{at.day}日"


@register.filter
def moment(value: datetime) -> str:
    """Return 2027年2月8日 09:30."""
    return f"{full_date(timezone.localtime(value))} {timezone.localtime(value):%H:%M}"
