import io

import pytest
from django.core.management import CommandError, call_command

from candidates.models import OperatorAct
from review.models import Fee
from tests.factories import make_session, make_units

pytestmark = pytest.mark.django_db
HEAD = "year,region,level,amount\n"


def load(folder, *lines, **options):
    out = io.StringIO()
    (folder / "fees.csv").write_text(HEAD + "\n".join(lines))
    call_command("load_fees", folder / "fees.csv", stdout=out, **options)
    return out.getvalue().strip()


def amounts():
    return list(Fee.objects.order_by("pk").values_list("region__code", "level", "amount"))


def test_fees_are_loaded_in_yuan_and_kept_in_fen_again_and_again(tmp_path):
    make_session(2027)
    make_units()
    lines = ["2027,11,physician,260.00", "2027,11,assistant,200"]
    assert load(tmp_path, *lines, dry_run=True).splitlines() == [
        "第 2 行 新增：2027 年度 11 北京考区 执业医师",
        "第 3 行 新增：2027 年度 11 北京考区 执业助理医师",
        "检查通过（未写入）：新增 2，更改 0，未变 0。",
    ]
    assert amounts() == []
    assert load(tmp_path, *lines) == "载入完成：新增 2，更改 0，未变 0。"
    assert load(tmp_path, "2027,11,physician,261.50", lines[1]) == "载入完成：新增 0，更改 1，未变 1。"
    assert amounts() == [("11", "physician", 26150), ("11", "assistant", 20000)]
    assert OperatorAct.objects.filter(command="load_fees", phase="done").count() == 2


def test_every_bad_line_is_named_and_nothing_is_loaded(tmp_path):
    make_session(2027)
    make_units()
    good = "2027,11,physician,260.00"
    with pytest.raises(CommandError) as refusal:
        load(
            tmp_path,
            good,
            good,
            "2026,11,assistant,1",
            "2027,1101,assistant,1",
            "2027,12,doctor,1",
            "2027,12,assistant,0",
        )
    assert str(refusal.value).splitlines() == [
        "第 3 行：与第 2 行是同一年度、考区和级别。",
        "第 4 行：没有年度“2026”，请先用 open_session 建立。",
        "第 5 行：没有考区“1101”，请填写 2 位考区代码。",
        "第 6 行：级别“doctor”无法识别，可选 physician、assistant。",
        "第 7 行：金额（amount）的值“0”不是金额，请以元为单位，写成 260.00。",
        "共 5 处错误，没有载入任何数据。",
    ]
    assert amounts() == []
