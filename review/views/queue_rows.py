"""The lines of the queue, drawn here: by a template they were two fifths of the time of a page of fifty."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from candidates.applications.states import REVIEW, Status
from candidates.models import Account, Application
from candidates.rules.moments import moment
from review.cases import overdue

KEYS = 9  # so many lines are ticked by a digit


@dataclass(frozen=True)
class Reading:
    """What a line depends on beside its case: who reads the list, when, and what is overdue by then."""

    account: Account
    now: datetime
    late: overdue.Cutoffs | None  # of a status in review

    def waiting(self, case: Application) -> str:
        return _waited(self.now - (case.status_since or case.submitted_at)) if case.status in REVIEW else ""

    def hints(self, case: Application) -> str:
        """Return what is marked on a case: the state that each looks like (or none), and the word."""
        late = self._overdue(case)
        marks = (
            (late, "warning" if late == overdue.ENDS_TODAY else "not_ok", late),
            (case.times_returned, "", "曾退回"),
            (case.owed, "owed", "待补"),
            (case.has_warnings, "warning", "图片提示"),
            (case.duplicates, "warning", "疑似重复"),
            (case.in_second_look, "owed", "抽查复核"),
            (case.question, "owed", "询问中"),
            (not case.question and case.question_answered, "ok", "已答复"),
            (case.is_noted, "", "备注"),
        )
        return "".join(_state(state, word) + " " for is_on, state, word in marks if is_on)

    def held_by(self, case: Application) -> str:
        hold = getattr(case, "hold", None)
        is_others = hold and hold.until > self.now and hold.account_id != self.account.pk
        return hold.account.username if is_others else ""

    def _overdue(self, case: Application) -> str:
        """Say what is overdue, or will be tomorrow; empty where nothing is."""
        if self.late:
            return self.late.word(case.status_since or case.submitted_at)
        if case.status == Status.RETURNED and case.return_deadline < self.now:
            days = (self.now - case.return_deadline).days
            return f"已逾期 {days} 天" if days else "已逾期"
        return "未按期缴费" if case.status == Status.PAYMENT_DUE and case.pays_until < self.now else ""


def _state(state: str, word: str) -> str:
    return f'<span class="state{f" state-{state}" if state else ""}">{escape(word)}</span>'


def _waited(duration: timedelta) -> str:
    minutes = max(0, int(duration.total_seconds() // 60))
    if minutes >= 24 * 60:
        return f"{minutes // (24 * 60)} 天"
    return f"{minutes // 60} 小时" if minutes >= 60 else f"{minutes} 分钟"


def _submitted(case: Application) -> str:
    return f"{timezone.localtime(case.submitted_at):%Y-%m-%d %H:%M}" if case.submitted_at else ""


# code of a column (forms/queue.py, COLUMNS) -> its cell
CELLS: dict[str, Callable[[Application, Reading], str]] = {
    "category": lambda case, _: f"<td>{escape(case.exam_category.name if case.exam_category else '')}</td>",
    "unit": lambda case, _: f"<td>{escape(case.point.name if case.point else '')}</td>",
    "status": lambda case, _: f"<td>{_state(case.status, case.get_status_display())}</td>",
    "round": lambda case, _: f'<td class="figure">{f"第 {case.round} 次" if case.round else ""}</td>',
    "submitted": lambda case, _: f'<td class="figure">{_submitted(case)}</td>',
    "waiting": lambda case, reading: f'<td class="figure">{reading.waiting(case)}</td>',
    "deadline": lambda case, _: f'<td class="figure">{moment(case.return_deadline)}</td>',
    "hints": lambda case, reading: f"<td>{reading.hints(case)}</td>",
    "assigned": lambda case, _: f"<td>{escape(case.assigned_to.username if case.assigned_to else '')}</td>",
    "held": lambda case, reading: f"<td>{escape(reading.held_by(case))}</td>",
}


def drawn(
    cases: Iterable[Application], columns: Mapping[str, str], reading: Reading, *, query: str, may_choose: bool
) -> SafeString:
    """Draw the lines with these columns. `query`: the list that a case is opened from; `may_choose`: with a tick."""
    cases = list(cases)
    like = reverse("review:case", args=[cases[0].number]) if cases else ""  # asked once, not for each line
    carried = f"?list={quote(query, safe='')}" if query else ""
    cells = [CELLS[code] for code in columns]

    lines = []
    for place, case in enumerate(cases, 1):
        number, address = escape(case.number), like.replace(cases[0].number, case.number)
        tick = _tick(place, number, case.last_record_id) if may_choose else ""
        named = f'<td class="figure"><a href="{address}{carried}">{number}</a></td><td>{escape(case.name)}</td>'
        lines.append(f"<tr>{tick}{named}{''.join(cell(case, reading) for cell in cells)}</tr>")
    return SafeString("\n".join(lines))


def _tick(place: int, number: str, seen: int | None) -> str:
    key = f' data-key="{place}"' if place <= KEYS else ""
    return f'<td><input type="checkbox" name="case" value="{number}:{seen}" aria-label="选择 {number}"{key}></td>'
