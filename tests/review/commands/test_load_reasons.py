"""Standard reasons from a file: whole or not at all; what is not in it stays, unless the file is complete."""

import pytest
from django.core.management import CommandError, call_command

from review.cases import reasons
from review.models import Reason
from tests.factories import make_units

pytestmark = pytest.mark.django_db
HEAD = "code,label,sentence,position\n"


def run(folder, text, *words):
    (folder / "reasons.csv").write_text(HEAD + text)
    call_command("load_reasons", folder / "reasons.csv", *words)


def in_use():
    return list(Reason.objects.filter(is_active=True, use="").values_list("code", "label", "position"))


def test_a_complete_file_takes_the_place_of_what_was_there_and_can_be_loaded_again(tmp_path):
    reasons.add_missing()
    text = "unclear,看不清,请重新拍摄后上传。,1\nold_form,旧表格,请用今年的表格。,2\n"
    run(tmp_path, text)
    assert len(in_use()) == 10
    for _ in range(2):
        run(tmp_path, text, "--complete", "--yes")
        assert in_use() == [("unclear", "看不清", 1), ("old_form", "旧表格", 2)]
    assert Reason.objects.filter(use="").count() == 10


def test_a_bad_line_loads_nothing(tmp_path):
    with pytest.raises(CommandError) as refused:
        run(tmp_path, "unclear,看不清,请重新拍摄后上传。,1\nOld,旧表格,,x\n")
    assert str(refused.value).splitlines() == [
        "第 3 行：代码“Old”只能用小写字母和下划线。",
        "第 3 行：快捷数字键“x”应为 1 至 99 的整数。",
        "第 3 行：缺少考生看到的说明（sentence）。",
        "共 3 处错误，没有载入任何数据。",
    ]
    assert in_use() == []


def test_a_dry_run_loads_nothing(tmp_path):
    run(tmp_path, "unclear,看不清,请重新拍摄后上传。,1\n", "--dry-run")
    assert in_use() == []


def test_a_file_of_a_units_reasons_for_an_act_leaves_the_others_alone(tmp_path):
    reasons.add_missing()
    unit = make_units()["1101001"]
    (tmp_path / "own.csv").write_text(f"{HEAD.strip()},use,unit\nlocal,本地,按本地通知。,1,reject,{unit.code}\n")
    call_command("load_reasons", tmp_path / "own.csv")
    assert (Reason.objects.get(code="local").unit, len(in_use())) == (unit, 9)


def test_a_use_or_a_unit_that_is_none_is_named(tmp_path):
    (tmp_path / "own.csv").write_text(f"{HEAD.strip()},use,unit\nlocal,本地,按本地通知。,1,pass,9999999\n")
    with pytest.raises(CommandError) as refused:
        call_command("load_reasons", tmp_path / "own.csv")
    assert str(refused.value).splitlines()[:2] == [
        "第 2 行：用途（use）的值“pass”无法识别，请填写 send_back、reject 或留空。",
        "第 2 行：没有代码为 9999999 的单位（unit）。",
    ]
