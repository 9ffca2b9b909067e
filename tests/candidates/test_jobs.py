"""Jobs: tried again after growing pauses, taken up when their worker is killed, never by two at once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from candidates import jobs
from candidates.models import Job, LoginSession, Message
from tests.candidates import job_kinds
from tests.factories import make_candidate, make_operator

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(monkeypatch):
    """Time stands still but for what is added to it; the worker keeps this test's connection, and its transaction."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    times = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: times[-1])
    yield lambda passed: times.append(times[-1] + passed)
    jobs.stopping.clear()


def turn():
    jobs.rescue(timezone.now())
    jobs.new_worker().run()


def seen(job):
    job.refresh_from_db()
    return job.state, job.attempts, job.error


@pytest.mark.django_db
def test_a_job_that_fails_twice_succeeds_at_the_third_attempt_after_growing_pauses(clock):
    job, _ = jobs.ask("fails", times=2)
    turn()
    assert (seen(job), job.next_try_at - timezone.now()) == (("waiting", 1, "ValueError"), MINUTE)
    clock(0.9 * MINUTE)
    turn()
    assert seen(job) == ("waiting", 1, "ValueError")
    clock(0.1 * MINUTE)
    turn()
    assert (seen(job), job.next_try_at - timezone.now()) == (("waiting", 2, "ValueError"), 5 * MINUTE)
    clock(5 * MINUTE)
    turn()
    assert (seen(job), job.done, job.total, job.outcome) == (("done", 3, ""), 2, 2, {"fine": 2})
    clock(timedelta(days=1))
    turn()
    assert seen(job) == ("done", 3, "")
    assert list(jobs.PAUSES) == sorted(jobs.PAUSES)


@pytest.mark.django_db
def test_it_is_given_up_after_five_attempts_until_an_operator_asks_again(clock):
    job, _ = jobs.ask("fails", times=5)
    for pause in (timedelta(0), *jobs.PAUSES, timedelta(days=1)):
        clock(pause)
        turn()
    assert seen(job) == ("failed", 5, "ValueError")
    operator = make_operator()
    assert (jobs.ask_again(job, asked_by=operator), jobs.ask_again(job, asked_by=operator)) == (True, False)
    turn()
    assert (seen(job), job.asked_by) == (("done", 6, ""), operator)


@pytest.mark.django_db
def test_what_an_error_says_is_kept_nowhere(clock, caplog):
    caplog.set_level("INFO")
    jobs.ask("fails", times=5)
    turn()
    rows = [*Job.objects.values_list(), *DBTaskResult.objects.values_list()]
    assert [word for word in job_kinds.WORDS.split() if word in f"{rows} {caplog.text}"] == []
    assert "Job" in caplog.text and "ValueError" in caplog.text


@pytest.mark.django_db
def test_what_waits_already_is_not_asked_for_twice(clock):
    first, again = jobs.ask("fails", times=0), jobs.ask("fails", times=0)
    other = jobs.ask("fails", times=1)
    assert [first[1], again[1], other[1]] == [True, False, True]
    assert first[0] == again[0]
    turn()
    assert jobs.ask("fails", times=0)[1] is True
    with pytest.raises(KeyError):
        jobs.ask("unheard-of")


@pytest.mark.django_db
def test_while_one_works_another_finds_nothing_to_do(clock, monkeypatch):
    def work(report, *, times):
        attempts.append(report.job.attempts)
        jobs.call.enqueue(report.job.pk)  # even if it is called once more
        turn()
        return {}

    attempts = []
    monkeypatch.setitem(jobs.KINDS, "fails", jobs.Kind("试验", {}, work))
    job, _ = jobs.ask("fails", times=0)
    turn()
    turn()
    assert attempts == [1]
    assert seen(job) == ("done", 1, "")


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_row_another_holds_is_left_to_it(clock):
    job, _ = jobs.ask("fails", times=0)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM candidates_job WHERE id = %s FOR UPDATE", [job.pk])
    jobs.new_worker().run()
    assert seen(job) == ("waiting", 0, "")
    other.close()


@pytest.mark.django_db
def test_who_comes_back_after_being_taken_for_dead_is_told_that_another_works(clock, monkeypatch):
    def work(report, *, times):
        if report.job.attempts == 1:
            clock(jobs.SILENT_AT_MOST + MINUTE)
            turn()  # another worker: takes it up, and finishes it
        report(report.job.attempts, 2)
        said.append(report.job.attempts)
        return {"fine": report.job.attempts}

    said = []
    monkeypatch.setitem(jobs.KINDS, "fails", jobs.Kind("试验", {}, work))
    job, _ = jobs.ask("fails", times=0)
    turn()
    assert seen(job) == ("done", 2, "")
    assert job.done == 2
    assert job.outcome == {"fine": 2}
    assert said == [2]


@pytest.mark.django_db
def test_a_worker_that_is_to_end_gives_its_job_back(clock, monkeypatch):
    def work(report, *, times):
        jobs.stopping.set()
        report(1, 2)

    with monkeypatch.context() as patched:
        patched.setitem(jobs.KINDS, "fails", jobs.Kind("试验", {}, work))
        job, _ = jobs.ask("fails", times=0)
        call = DBTaskResult.objects.get()
        jobs.call.func(call.args_kwargs["args"][0])
    assert (seen(job), job.next_try_at) == (("waiting", 0, ""), timezone.now())
    jobs.stopping.clear()
    turn()
    assert seen(job) == ("done", 1, "")


@pytest.mark.django_db
def test_a_call_that_was_lost_is_repeated(clock):
    job, _ = jobs.ask("fails", times=0)
    clock(jobs.SILENT_AT_MOST + MINUTE)
    assert jobs.rescue(timezone.now()) == 0  # it is still in the queue
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())  # whoever took it was killed at once
    assert jobs.rescue(timezone.now()) == 1
    turn()
    assert seen(job) == ("done", 1, "")
    clock(2 * jobs.CALLS_ARE_KEPT)
    jobs.forget_old_calls(timezone.now())
    assert list(DBTaskResult.objects.all()) == []


@pytest.mark.django_db
def test_one_that_kills_its_workers_is_given_up_too(clock, monkeypatch):
    monkeypatch.setitem(jobs.KINDS, "fails", jobs.Kind("试验", {}, lambda report, *, times: jobs.Superseded))
    job, _ = jobs.ask("fails", times=0)
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs._claim(job.pk).pk == job.pk
        clock(jobs.SILENT_AT_MOST + MINUTE)
        jobs.rescue(timezone.now())
    assert seen(job) == ("failed", 5, "Silent")


WORKER = """
import django, sys; django.setup()
import tests.candidates.job_kinds
from django.core.management import call_command
call_command("worker", *sys.argv[1:])
"""


@contextmanager
def worker(*options):
    """A process of its own, at this test's database."""
    database = connection.settings_dict["NAME"]
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", WORKER, *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, cwd=settings.BASE_DIR)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(condition, process):
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_is_taken_up_by_another_and_finished_once(tmp_path):
    path = tmp_path / "lines"
    job, _ = jobs.ask("writes", path=str(path))
    with worker("--no-messages") as process:
        wait_for(
            lambda: Job.objects.filter(pk=job.pk, done=1, total=2, state="running").exists(), process
        )  # seen at work
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (jobs.rescue(timezone.now()), seen(job)) == (0, ("running", 1, ""))  # it may still be alive
    Job.objects.update(heartbeat_at=timezone.now() - jobs.SILENT_AT_MOST - MINUTE)
    now = timezone.now()
    message = Message.objects.create(
        account=make_candidate(),
        at=now,
        kind="passed",
        contact="zhang@example.com",  # at night no phone rings
        next_try_at=now,
    )
    with worker() as process:
        wait_for(lambda: Job.objects.filter(pk=job.pk, state="done").exists(), process)
        wait_for(lambda: Message.objects.filter(pk=message.pk, sent_at__isnull=False).exists(), process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert seen(job) == ("done", 2, "")
    assert job.done == 2
    assert path.read_text().split() == ["0", "1"]


@pytest.mark.django_db
def test_what_has_been_asked_for_meanwhile_is_not_asked_for_again(clock):
    operator = make_operator()
    failed, _ = jobs.ask("fails", times=9)
    Job.objects.filter(pk=failed.pk).update(state="failed", ended_at=timezone.now(), next_try_at=None)
    new, is_new = jobs.ask("fails", times=9)
    assert is_new is True
    assert jobs.ask_again(failed, asked_by=operator) is False
    assert seen(failed)[0] == "failed"
    assert Job.objects.exclude(pk=failed.pk).get() == new


@pytest.mark.django_db
def test_one_turn_of_the_worker_does_what_is_due_and_clears_away_what_is_over(clock):
    job, _ = jobs.ask("fails", times=0)
    over, good = (LoginSession(session_key=key, session_data="") for key in ("over", "good"))
    over.expire_date, good.expire_date = timezone.now() - MINUTE, timezone.now() + MINUTE
    LoginSession.objects.bulk_create([over, good])
    call_command("worker", "--once")
    assert seen(job) == ("done", 1, "")
    assert list(LoginSession.objects.values_list("session_key", flat=True)) == ["good"]
