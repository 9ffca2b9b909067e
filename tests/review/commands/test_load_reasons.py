"""Standard reasons from a file: whole or not at all; what is not in it is switched off."""

import pytest
from django.core.management import CommandError, call_command

from review.cases import reasons
from review.models import Reason

pytestmark = pytest.mark.django_db
HEAD = "code,label,sentence,position\n"


def run(folder, text, *words):
    (folder / "reasons.csv").write_text(HEAD + text)
    call_command("load_reasons", folder / "reasons.csv", *words)


def in_use():
    return list(Reason.objects.filter(is_active=True).values_list("code", "label", "position"))


def test_a_file_takes_the_place_of_what_was_there_and_can_be_loaded_again(tmp_path):
    reasons.add_missing()
    for _ in range(2):
        run(tmp_path, "unclear,看不清,请重新拍摄后上传。,1\nold_form,旧表格,请用今年的表格。,2\n")
        assert in_use() == [("unclear", "看不清", 1), ("old_form", "旧表格", 2)]
    assert Reason.objects.count() == 10


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
