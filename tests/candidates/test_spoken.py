"""What a command does not understand of its line, it says in Chinese: argparse says it in English."""

import re

import pytest
from django.core.management import CommandError, call_command, load_command_class

from candidates.management.spoken import in_chinese
from candidates.models import ExamSession

LINES = [
    ("stats", ["--session", "abc"], "--session/--year：“abc”不是考试年度，请写成 2027"),
    ("stats", ["--session", "0"], "--session/--year：“0”不是考试年度，请写成 2027"),
    ("stats", ["--session", ""], "--session/--year：“”不是考试年度，请写成 2027"),
    ("stats", ["--session"], "--session/--year 后面要写内容"),
    ("stats", ["2027"], "不认识“2027”"),
    ("set_window", [], "缺少 年度、时段"),
    ("set_window", ["2027", "all"], "时段 不能是“all”，可以是 registration、upload、review、payment"),
    ("owed", ["--re"], "--re 不完整，可以是 --replace、--reason"),
    ("owed", ["--full=1"], "--full 后面不写内容（“1”）"),
    ("verify_storage", ["--grace", "x"], "--grace 的“x”不是数字"),
    (
        "recover",
        ["--identity", "k", "--data", "d", "--to", "x"],
        "--to：“x”不是时间，请写成 2027-03-08 24:00（北京时间）",
    ),
    ("reconcile", ["alipay"], "缺少 日期、文件"),
    ("render_notices", [], "缺少 代码"),
]


@pytest.mark.parametrize(("name", "words", "sentence"), LINES)
def test_it_is_one_chinese_sentence(name, words, sentence):
    with pytest.raises(CommandError) as refused:
        call_command(name, *words)
    assert str(refused.value) == sentence


def test_at_the_shell_it_says_where_to_read_on_and_ends_with_two(capsys):
    command = load_command_class("review", "stats")
    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", "stats", "--unit", "11"])
    assert (ended.value.code, *capsys.readouterr()) == (
        2,
        "",
        "不认识“--unit 11”。全部参数见 manage.py stats --help\n",
    )


def test_what_is_not_known_stays_as_it_is():
    assert in_chinese("no such thing") == "no such thing"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["stats", "close_orders", "settle_second_looks", "send_digests", "remind"])
def test_a_year_that_is_none_does_not_stand_for_all_of_them(name):
    words = ["drafts"] if name == "remind" else []
    with pytest.raises(CommandError, match=re.escape("“0”不是考试年度")):
        call_command(name, *words, "--session", "0")
    assert not ExamSession.objects.exists()
