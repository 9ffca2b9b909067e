"""Notices printed ahead by jobs: one for each registration point, and nothing twice."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from candidates import jobs
from candidates.models import ExamSession, Job
from materials.jobs import ask_for_batch, ask_for_notices, batch_progress
from materials.printing import rendered
from tests import factories

pytestmark = pytest.mark.django_db


def do(job):
    """What a worker does when it is called."""
    jobs.call.func(job.pk)
    job.refresh_from_db()
    return job.state, job.done, job.total, job.outcome


@pytest.fixture
def applications():
    return [factories.make_application("registered") for _ in range(2)]


def test_a_job_prints_the_notices_of_its_point_and_asked_for_again_finds_them(applications):
    units, session = factories.make_units(), ExamSession.current()
    assert ask_for_notices([units["11"], units["1101"]], session) == (1, 1)
    assert ask_for_notices([units["1101001"]], session) == (0, 1)
    job = Job.objects.get()
    assert job.arguments == {"point": "1101001", "year": session.year}
    assert do(job) == ("done", 2, 2, {"rendered": 2})
    assert [rendered.is_kept("notice", application) for application in applications] == [True, True]
    assert ask_for_notices([units["11"]], session) == (1, 1)
    assert do(Job.objects.first()) == ("done", 2, 2, {"kept": 2})


def test_a_batch_prints_what_was_submitted_on_its_day_alone():
    earlier, today = [factories.make_application("point_review") for _ in range(2)]
    earlier.submitted_at = earlier.first_submitted_at = timezone.now() - timedelta(days=2)
    earlier.save(update_fields=["submitted_at", "first_submitted_at"])
    day = timezone.localdate(today.submitted_at)
    ask_for_batch(today.point, today.session, day, asked_by=factories.make_operator())
    jobs_of_the_day = batch_progress(today.point, today.session, day)
    assert sorted(do(job)[2] for job in jobs_of_the_day) == [0, 1]
    assert [rendered.is_kept("notice", application) for application in (earlier, today)] == [False, True]


def test_a_unit_without_notices_needs_no_job(applications):
    assert ask_for_notices([factories.make_units()["12"]], ExamSession.current()) == (0, 0)
    assert ask_for_notices([], ExamSession.current()) == (0, 0)


def test_the_command_asks_for_the_jobs_of_a_unit(applications):
    call_command("render_notices", "11", "--enqueue", stdout=(said := StringIO()))
    assert said.getvalue().startswith(f"{applications[0].session}：1 个报名点，新申请 1 个后台任务")
    assert Job.objects.get().state == "waiting"


def test_operators_ask_see_how_far_it_is_and_ask_again(applications, client):
    operator = factories.make_operator()
    client.force_login(operator, backend="candidates.accounts.auth.LoginNameBackend")
    chosen = {"action": "print_notices", "_selected_action": [factories.make_units()["11"].pk]}
    page = client.post("/admin/candidates/unit/", chosen, follow=True).content.decode()
    assert "1 个报名点有通知单，新申请 1 个后台任务" in page
    job = Job.objects.get()
    Job.objects.update(
        state="failed", error="OSError", attempts=5, done=1, total=2, next_try_at=None, ended_at=job.asked_at
    )
    page = client.get("/admin/candidates/job/").content.decode()
    assert [words for words in ("生成通知单", "1101001", "1 / 2（50%）", "OSError") if words not in page] == []
    again = {"action": "ask_again", "_selected_action": [job.pk]}
    assert "重新申请了 1 个后台任务" in client.post("/admin/candidates/job/", again, follow=True).content.decode()
    assert (do(job)[0], job.attempts, job.asked_by) == ("done", 6, operator)
