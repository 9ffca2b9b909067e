"""The lines of the queue, drawn here: by a template they were two fifths of the time of a page of fifty."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from candidates.applications.states import REVIEW, STATUSES, Status
from candidates.models import Account
from candidates.models.application import paid_until
from candidates.rules.moments import moment
from review.cases import overdue

KEYS = 9  # so many lines are ticked by a digit


Case = Any  # an application as a page of the queue has it: see listing.COLUMNS
Row = dict[str, Any]  # case, submitted, waiting, hints, held_by


def read(
    cases: Iterable[Case], account: Account, late: overdue.Cutoffs | None, now: datetime, noted: Collection[int]
) -> list[Row]:
    """Return what a line tells of each case to who reads the list.

    `late`: the cutoffs of a status in review; `noted`: the keys of those with a note that this account may read.
    """
    return [
        {
            "case": case,
            "submitted": f"{timezone.localtime(case.submitted_at):%Y-%m-%d %H:%M}" if case.submitted_at else "",
            "waiting": _waited(now - (case.status_since or case.submitted_at)) if case.status in REVIEW else "",
            "hints": _hints(case, _late(case, late, now), case.pk in noted),
            "held_by": _holder(case, account, now),
        }
        for case in cases
    ]


def _hints(case: Case, late: str, is_noted: bool) -> list[tuple[str, str]]:
    """Return what is marked on a case: the state that it looks like (or none), and the word."""
    marks = (
        (late, "warning" if late == overdue.ENDS_TODAY else "not_ok", late),
        (case.times_returned, "", "曾退回"),
        (case.owed, "owed", "待补"),
        (case.has_warnings, "warning", "图片提示"),
        (case.duplicates, "warning", "疑似重复"),
        (case.in_second_look, "owed", "抽查复核"),
        (case.question, "owed", "询问中"),
        (not case.question and case.question_answered, "ok", "已答复"),
        (is_noted, "", "备注"),
    )
    return [(state, word) for is_on, state, word in marks if is_on]


def _late(case: Case, late: overdue.Cutoffs | None, now: datetime) -> str:
    """Say what is overdue, or will be tomorrow; empty where nothing is."""
    if late:
        return late.word(case.status_since or case.submitted_at)
    if case.status == Status.RETURNED and case.return_deadline < now:
        days = (now - case.return_deadline).days
        return f"已逾期 {days} 天" if days else "已逾期"
    if case.status != Status.PAYMENT_DUE:
        return ""
    return "未按期缴费" if paid_until(case.session__payment_closes, case.payment_deadline) < now else ""


def _waited(duration: timedelta) -> str:
    minutes = max(0, int(duration.total_seconds() // 60))
    if minutes >= 24 * 60:
        return f"{minutes // (24 * 60)} 天"
    return f"{minutes // 60} 小时" if minutes >= 60 else f"{minutes} 分钟"


def _holder(case: Case, account: Account, now: datetime) -> str:
    until, name = case.hold__until, case.hold__account__username
    return name if until and until > now and name != account.username else ""


# --- drawn -----------------------------------------------------------------------------------------------------------


def drawn(rows: Sequence[Row], columns: Mapping[str, str], *, query: str, may_choose: bool) -> SafeString:
    """Draw the lines with these columns. `query`: the list that a case is opened from; `may_choose`: with a tick."""
    if not rows:
        return SafeString()
    first = rows[0]["case"].number
    like = reverse("review:case", args=[first])  # asked once, not for each line
    carried = f"?list={quote(query, safe='')}" if query else ""
    cells = [CELLS[code] for code in columns]

    lines = []
    for place, row in enumerate(rows, 1):
        case = row["case"]
        number, address = escape(case.number), like.replace(first, case.number)
        tick = _tick(place, number, case.last_record_id) if may_choose else ""
        named = f'<td class="figure"><a href="{address}{carried}">{number}</a></td><td>{escape(case.name)}</td>'
        lines.append(f"<tr>{tick}{named}{''.join(cell(case, row) for cell in cells)}</tr>")
    return SafeString("\n".join(lines))


def _text(words: str) -> str:
    return f"<td>{escape(words)}</td>"


def _figure(words: str) -> str:
    return f'<td class="figure">{words}</td>'


def _state(state: str, word: str) -> str:
    look = f" state-{state}" if state else ""
    return f'<span class="state{look}">{escape(word)}</span>'


def _marks(hints: list[tuple[str, str]]) -> str:
    return f"<td>{''.join(_state(*one) + ' ' for one in hints)}</td>"


# code of a column (forms/queue.py, COLUMNS) -> its cell
CELLS: dict[str, Callable[[Case, Row], str]] = {
    "category": lambda case, _: _text(case.exam_category__name or ""),
    "unit": lambda case, _: _text(case.point__name or ""),
    "status": lambda case, _: f"<td>{_state(case.status, STATUSES[case.status])}</td>",
    "round": lambda case, _: _figure(f"第 {case.round} 次" if case.round else ""),
    "submitted": lambda _, row: _figure(row["submitted"]),
    "waiting": lambda _, row: _figure(row["waiting"]),
    "deadline": lambda case, _: _figure(moment(case.return_deadline) if case.return_deadline else ""),
    "hints": lambda _, row: _marks(row["hints"]),
    "assigned": lambda case, _: _text(case.assigned_to__username or ""),
    "held": lambda _, row: _text(row["held_by"]),
}


def _tick(place: int, number: str, seen: int | None) -> str:
    key = f' data-key="{place}"' if place <= KEYS else ""
    return f'<td><input type="checkbox" name="case" value="{number}:{seen}" aria-label="选择 {number}"{key}></td>'
