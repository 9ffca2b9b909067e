"""What review does after the answer."""

import pytest

from candidates import jobs
from candidates.models import Application, Job, OperatorAct
from tests.factories import end_session, make_application, make_operator

pytestmark = pytest.mark.django_db


def test_a_purge_goes_on_where_it_was_interrupted_and_says_who_asked():
    session, operator = end_session(make_application("registered").session), make_operator()
    jobs.ask("purge", asked_by=operator, year=session.year, by=operator.pk)
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(state="running", next_try_at=None, heartbeat_at=job.asked_at, attempts=1)
    job.refresh_from_db()
    for gone in (1, 0):
        outcome = jobs.KINDS["purge"].work(jobs.Report(job), **job.arguments)
        assert outcome["applications"] == gone
    assert Application.objects.exclude(name="").count() == 0
    job.refresh_from_db()
    assert (job.done, OperatorAct.objects.first().account) == (0, operator)


def test_reminders_are_written_once_however_often_the_job_is_begun():
    case, operator = make_application("draft"), make_operator()
    jobs.ask("remind", asked_by=operator, year=case.session.year, kind="drafts", by=operator.pk)
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(state="running", next_try_at=None, heartbeat_at=job.asked_at, attempts=1)
    job.refresh_from_db()
    outcomes = [jobs.KINDS["remind"].work(jobs.Report(job), **job.arguments) for _ in range(2)]
    assert outcomes == [{"sent": 1}, {"sent": 0}]
    assert case.messages.get().kind == "reminder_draft"
