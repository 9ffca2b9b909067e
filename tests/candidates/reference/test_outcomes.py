"""What comes of a table, as plain data: counted, told in sentences, and held up where somebody has to say yes."""

import pytest

from candidates.reference import outcomes
from candidates.reference.outcomes import TRY, WRITE, BadFile, Change, How, Outcome, Report, Unconfirmed


def report(*found, **more):
    one = Report(**more)
    for outcome in found:
        one.add(outcome)
    return one


def test_each_outcome_is_one_sentence():
    told = report(
        Outcome("new", 2, "11 北京"),
        Outcome("changed", 3, "12 天津", (Change("地址", "", "路1号"), Change("启用", "是", "否"))),
        Outcome("refused", 4, "13", said=("缺少名称（name）。", "太长。")),
        Outcome("ended", 0, "14 河北", (Change("启用", "是", "否"),)),
    )
    assert list(told.lines()) == [
        "第 2 行 新增：11 北京",
        "第 3 行 更改：12 天津：地址 （空） → 路1号；启用 是 → 否",
        "第 4 行 有误：13：缺少名称（name）。；太长。",
        "表中没有 停用：14 河北：启用 是 → 否",
    ]
    assert told.summary == "新增 1，更改 1，停用 1，未变 0，有误 1"
    assert told.sums == (1, 1, 1, 0)


def test_one_refused_line_refuses_the_table_with_every_fault():
    with pytest.raises(BadFile) as bad:
        report(Outcome("new", 2, "11"), Outcome("refused", 3, said=("一。", "二。")), problems=["太多。"]).settle(TRY)
    assert bad.value.problems == ["第 3 行：一。", "第 3 行：二。", "太多。"]
    assert bad.value.report.counts["new"] == 1


@pytest.mark.parametrize(("ended", "asks"), [(1, False), (2, True)])
def test_more_than_a_tenth_is_asked_about(ended, asks):
    told = report(*[Outcome("ended", 0)] * ended)
    told.ask_about_the_ended(10)
    assert bool(told.asks) is asks


def test_what_is_asked_is_told_by_a_dry_run_done_when_confirmed_and_else_not():
    told = report(asks=["确定吗？"])
    told.settle(TRY)
    told.settle(How(confirmed=True))
    with pytest.raises(Unconfirmed, match="确定吗"):
        told.settle(WRITE)


def test_a_very_long_table_is_counted_to_its_end_and_every_refusal_is_kept(monkeypatch):
    monkeypatch.setattr(outcomes, "MOST_KEPT", 2)
    told = report(*[Outcome("same", line) for line in range(2, 7)], Outcome("refused", 7, said=("错。",)))
    assert (told.counts["same"], len(told.outcomes), told.not_kept) == (5, 3, 3)
    assert list(told.lines())[-1] == "另有 3 行只计数，没有逐行列出。"
