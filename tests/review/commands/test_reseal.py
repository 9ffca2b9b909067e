import pytest
from django.core.management import call_command

from candidates.models import Job, OperatorAct
from tests import factories

pytestmark = pytest.mark.django_db


def told(capsys, *arguments):
    call_command("reseal", *arguments)
    return capsys.readouterr().out.splitlines()


def test_nothing_left_asks_for_no_job(capsys):
    factories.make_candidate()
    assert told(capsys) == ["共 0 行需要重新加密。"]
    assert not Job.objects.exists()


def test_with_a_new_key_a_job_is_asked_for_once(capsys, settings):
    factories.make_candidate()
    settings.FIELD_KEYS = [b"\x07" * 32, *settings.FIELD_KEYS]
    first, second = told(capsys), told(capsys)
    job = Job.objects.get()
    assert first[:2] == ["candidates_account：1", "共 1 行需要重新加密。"]
    assert first[2].startswith(f"已申请后台任务（编号 {job.pk}）")
    assert second[2].startswith(f"同样的后台任务已在进行（编号 {job.pk}）")
    assert OperatorAct.objects.filter(command="reseal").count() == 4  # begin and end of each run


def test_counting_does_nothing_and_names_every_table(capsys, settings):
    factories.make_candidate()
    settings.FIELD_KEYS = [b"\x07" * 32, *settings.FIELD_KEYS]
    lines = told(capsys, "--dry-run")
    assert "candidates_account：1" in lines
    assert "materials_submission：0" in lines
    assert lines[-1] == "共 1 行需要重新加密。"
    assert not Job.objects.exists()
    assert not OperatorAct.objects.exists()
