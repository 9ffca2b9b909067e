"""What waits for an operator today."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates import jobs
from candidates.models import Job
from candidates.trail import check_runs
from review.models import StatementLine
from review.operations import approvals, today
from tests.factories import make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def checked():
    for command in check_runs.CHECKS:
        with check_runs.running(command) as run:
            run.end("全部相符。", is_good=True)


def told(account):
    return [one.sentence for one in today.waiting(account)]


def test_nothing_waits_where_all_is_done():
    assert told(make_operator()) == []


def test_what_one_has_asked_for_waits_for_the_other(settings):
    one, two = make_operator(), make_operator("operator-2")
    approvals.ask("purge", account=one, arguments={"year": 2020}, reason="期满")
    assert (told(one), told(two)) == ([], ["1 项等您确认（双人确认）"])


def test_lines_jobs_and_checks_are_told_of():
    now = timezone.now()
    StatementLine.objects.create(provider="bank", trade_number="T", amount=1, at=now, found_at=now, why="没有订单号")
    job, _ = jobs.ask("notices", point="1101001", year=2027)
    Job.objects.filter(pk=job.pk).update(state="failed", ended_at=now, next_try_at=None)
    check_runs.last()["verify_records"].delete()
    late = check_runs.last()["verify_documents"]
    late.began_at = now - timedelta(days=9)
    late.save()
    assert told(make_operator()) == [
        "1 笔账目没有匹配到订单",
        "1 个后台任务未完成",
        "办理记录的摘要链还没有核对过",
        "已生成的文书已超过 8 天没有核对",
    ]
