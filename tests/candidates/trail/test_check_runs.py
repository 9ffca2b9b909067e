"""Checks of records and files, as the back office shows them."""

import pytest
from django.core.management import CommandError, call_command

from candidates.models import CheckRun
from candidates.trail import check_runs
from candidates.trail.audit import operating_system_user
from tests.factories import make_application

pytestmark = pytest.mark.django_db


def test_a_check_that_finds_nothing_is_written_down():
    make_application("registered")
    call_command("verify_records")
    run = check_runs.last()["verify_records"]
    assert (run.state, run.told, run.number, run.problems) == ("good", "共 1 份报名，1 条办理记录，全部相符。", 0, [])
    assert (run.who, run.ended_at >= run.began_at) == (operating_system_user(), True)


def test_what_was_found_wrong_is_kept(media_root):
    case = make_application("point_review")
    image = case.images.first()
    (media_root / image.file).unlink()
    with pytest.raises(CommandError):
        call_command("verify_storage")
    run = check_runs.last()["verify_storage"]
    assert (run.state, run.number, run.problems) == ("bad", 1, [f"文件不存在：{image.file}"])


def test_one_that_breaks_off_has_failed():
    with pytest.raises(RuntimeError), check_runs.running("verify_documents"):
        raise RuntimeError
    assert check_runs.last()["verify_documents"].state == "failed"


def test_the_first_of_many_problems_and_the_last_of_many_runs_are_kept():
    for _ in range(check_runs.KEPT + 2):
        with check_runs.running("verify_records") as run:
            for number in range(check_runs.LISTED + 1):
                run.wrong(str(number))
            run.end("共 51 处。", is_good=False)
    assert CheckRun.objects.count() == check_runs.KEPT
    assert (len(run.row.problems), run.row.number) == (check_runs.LISTED, check_runs.LISTED + 1)


def test_what_has_never_run_is_told_as_that():
    assert check_runs.last() == dict.fromkeys(check_runs.CHECKS)
