"""Every act there is: what it is called, what it asks for, and what it means for what was decided before.

What may follow what, and at whose level: workflow.TRANSITIONS.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Act:
    name: str
    reason: str = ""  # the label of its reason, where it must give one
    meaning: str = ""  # what follows from it, said by the page of its own that asks for the reason
    is_grave: bool = False  # asked twice, in red
    decides: bool = True  # else it stands aside: what was decided before it is still the last decision
    undoes: bool = False  # takes back what a unit decided: whoever reads the case next must see why
    may_be_undone: bool = False  # for a few minutes, by who has done it; the candidate is told after them


ACTS: Mapping[str, Act] = {
    "complete": Act("完成报名"),
    "submit": Act("提交审核"),
    "pass": Act("审核通过", may_be_undone=True),
    # a pass that is drawn for a second look, and what comes of the look (review/office/samples.py)
    "first_pass": Act("审核通过，等待抽查复核", decides=False),
    "second_pass": Act("抽查复核通过，两次一致"),
    "second_differs": Act("抽查复核意见不同，由负责人裁定", decides=False),
    "second_up": Act("抽查复核意见不同，由上级审核"),
    "second_missed": Act("没有第二人复核，按第一次的通过办理"),
    "return": Act("退回补正", may_be_undone=True),
    "extend": Act(
        "延长补正期限",
        reason="延长的理由",
        meaning="考生在新的期限以前可以继续补正。",
        decides=False,
    ),
    "send_back": Act(
        "退回下级复核",
        reason="退回的原因",
        meaning="申请回到下一级重新审核，已有的图片结论保留。",
        undoes=True,
    ),
    "reject": Act(
        "审核不通过",
        reason="不通过的原因",
        meaning="审核不通过以后，考生不能再修改或提交。请再次确认。",
        is_grave=True,
    ),
    "reopen": Act(
        "恢复审核",
        reason="恢复的理由",
        meaning="申请恢复到审核不通过以前的状态。",
        undoes=True,
    ),
    "retract": Act(
        "撤回至考区审核",
        reason="撤回的原因",
        meaning="申请回到考区审核，未支付的缴费订单随即关闭。",
        undoes=True,
    ),
    "cancel": Act(
        "取消资格",
        reason="取消资格的原因",
        meaning="因承诺补交的材料没有按期收到而取消资格，未支付的缴费订单随即关闭。请再次确认。",
        is_grave=True,
    ),
    "reinstate": Act(
        "恢复资格",
        reason="恢复资格的理由",
        meaning="申请恢复到取消资格以前的状态，已关闭的缴费订单不会恢复；没有缴费或已经退款的，在新的截止日以前重新缴费。",
    ),
    "undo": Act("撤回操作"),
    "withdraw": Act("撤销报名"),
    "recall": Act("撤回修改"),
    "pay": Act("缴费"),
    "unlock": Act("解锁", reason="解锁的原因", undoes=True),
    "received": Act("已收到", decides=False),
    "ask": Act("询问考生", reason="要问的问题", decides=False),
    "answer": Act("答复", reason="答复", decides=False),
    "amend": Act("修改报名信息", decides=False),
    "move": Act("调整报名点", reason="调整的原因", decides=False),
}


# by which a level says what becomes of a case: who does one of them at a level does none at another
JUDGING = frozenset(
    ("pass", "first_pass", "second_pass", "second_differs", "second_up", "return", "reject", "send_back", "reopen")
)


def act_of(action: str) -> Act:
    """Return the act that a record names: one that is done no more, and so not in the table, by its code."""
    return ACTS.get(action) or Act(action)
