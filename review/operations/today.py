"""What waits for an operator: a line for each thing, with the name of the page where it is done."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from candidates.models import Account, Job
from candidates.trail import check_runs
from review.models import Refund, StatementLine
from review.models.approval import ASKED_FOR
from review.operations import approvals, backup_list

MOST = 100  # counted of each: more is "100 以上"


@dataclass(frozen=True)
class Waiting:
    sentence: str
    page: str  # the name of an address


def waiting(account: Account) -> list[Waiting]:
    """Return what waits, the most pressing first; nothing is counted beyond MOST."""
    now = timezone.now()
    asked = len(approvals.waiting_for(account, now))
    refunds = Refund.objects.filter(state="asked", asked_at__gt=now - ASKED_FOR).exclude(asked_by=account)
    failed = Job.objects.filter(state="failed")
    found = [
        (_number(asked), "项等您确认（双人确认）", "admin:console_approvals"),
        (_number(refunds[: MOST + 1].count()), "笔退款等您确认", "admin:review_refund_changelist"),
        (
            _number(StatementLine.objects.filter(state="open")[: MOST + 1].count()),
            "笔账目没有匹配到订单",
            "admin:console_lines",
        ),
        (_number(failed[: MOST + 1].count()), "个后台任务未完成", "admin:console_jobs"),
    ]
    lines = [Waiting(f"{number} {words}", page) for number, words, page in found if number]
    lines += [Waiting(f"{sentence}", "admin:console_checks") for sentence in _checks(now)]
    if settings.DUMP_FOLDER and (trouble := backup_list.look(settings.DUMP_FOLDER, now).trouble):
        lines.append(Waiting(trouble, "admin:console_backups"))
    return lines


def _number(count: int) -> str:
    return f"{MOST} 以上" if count > MOST else str(count or "")


def _checks(now):
    for command, run in check_runs.last().items():
        name = check_runs.CHECKS[command]
        if run is None:
            yield f"{name}还没有核对过"
        elif run.state in ("bad", "failed"):
            yield f"{name}：{run.get_state_display()}"
        elif now - run.began_at > check_runs.DUE:
            yield f"{name}已超过 {check_runs.DUE.days} 天没有核对"
