"""One window of a session is moved; the other end and the other windows stay."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from candidates.applications.workflow import moment
from candidates.models import ExamSession, OperatorAct
from tests import factories

pytestmark = pytest.mark.django_db


def run(*words) -> str:
    out = StringIO()
    call_command("set_window", *words, stdout=out)
    return out.getvalue()


def test_a_window_is_moved_once():
    session = factories.make_session(2027)
    assert run("2027", "upload", "--closes", "2099-03-08 24:00").startswith("已更改：2027 年度上传材料 ")
    after = ExamSession.objects.get()
    assert (moment(after.upload_closes), after.upload_opens) == ("2099 年 3 月 8 日 24:00", session.upload_opens)
    assert run("2027", "upload", "--closes", "2099-03-08 24:00").startswith("未变：")
    assert [act.outcome for act in OperatorAct.objects.filter(phase="done").order_by("id")] == [
        {"changed": 1},
        {"changed": 0},
    ]


def test_a_dry_run_changes_nothing():
    session = factories.make_session(2027)
    assert run("2027", "upload", "--closes", "2099-03-08 24:00", "--dry-run").startswith("检查通过（未写入）：")
    assert ExamSession.objects.get().upload_closes == session.upload_closes


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("2026", "upload", "--closes", "2099-03-08 24:00"), "没有 2026 年度，请先用 open_session 开设。"),
        (("2027", "upload"), "请用 --opens 或 --closes 给出新的时间。"),
        (
            ("2027", "upload", "--opens", "2099-03-08 09:00", "--closes", "2099-03-08 08:00"),
            "上传材料的截止时间 2099 年 3 月 8 日 08:00 不晚于开始时间 2099 年 3 月 8 日 09:00。",
        ),
        (
            ("2027", "upload", "--opens", "明天"),
            "--opens：“明天”不是时间，请写成 2027-01-10 09:00（北京时间）",
        ),
    ],
)
def test_nonsense_is_refused(words, sentence):
    factories.make_session(2027)
    with pytest.raises(CommandError) as refused:
        run(*words)
    assert str(refused.value) == sentence
