"""One word for one thing, in whatever candidates read: the words in the templates and in the code of their pages.

The official forms' own wording (templates/documents) stays to the letter.
"""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from candidates.messages.kinds import KINDS

ROOT = Path(settings.BASE_DIR)
FOR_STAFF = (
    "passkey passkeys recovery_codes recovery_codes_shown second_factor second_factor_enrol second_factor_recover"
)
PAGES = [
    path
    for folder in (
        "templates",
        "templates/candidates",
        "templates/materials",
        "templates/appointments",
        "templates/parts",
    )
    for path in sorted((ROOT / folder).rglob("*.html") if folder.count("/") else (ROOT / folder).glob("*.html"))
    if path.stem not in FOR_STAFF.split()
]
CODE = [
    path
    for folder in ("candidates/rules", "candidates/forms", "materials/rules", "materials/views", "candidates/views")
    for path in sorted((ROOT / folder).glob("*.py"))
] + [
    ROOT / name
    for name in (
        *("candidates/applications/steps.py", "candidates/applications/windows.py", "candidates/applications/form.py"),
        *("candidates/messages/kinds.py", "materials/submitting.py", "materials/desk.py", "materials/recalling.py"),
        *("review/appointments/bookings.py", "review/appointments/offers.py", "review/payments/orders.py"),
    )
]
# what is not said -> what is said instead
INSTEAD = {
    "居民类别": "考生身份",
    "登录名": "账号",
    "您的申请": "您的报名",
    "您申请的": "您报名的",
    "文书": "通知单、表格、文件",
    "申报执业医师": "报考执业医师",
    "修改报名信息": "修改报名表",
    "报名信息待": "报名表待",
    "现场审核清单": "现场审核携带的材料",
    "该证件": "这个证件",
    "该手机": "这个手机",
    "该报名点": "这个报名点",
}
# the labels of columns, and what somebody has agreed to
MAY_STAND = {
    ("candidates/rules/sections.py", "申报执业医师"),
    ("candidates/rules/text.py", "登录名"),
    ("templates/candidates/privacy.html", "文书"),  # a change of its words is a new version to agree to
}


def said(path: Path) -> str:
    """What a file says: a template whole, of Python its texts without docstrings."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return source
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    texts = [one for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return "\n".join(one.value for one in texts if id(one) not in docstrings)


@pytest.mark.parametrize("word", INSTEAD)
def test_one_word_for_one_thing(word):
    found = [name for path in (*PAGES, *CODE) if word in said(path) and (name := str(path.relative_to(ROOT)))]
    assert [name for name in found if (name, word) not in MAY_STAND] == []


def test_the_search_reads_pages_messages_and_rules():
    words = "".join(said(path) for path in (*PAGES, *CODE))
    assert [one in words for one in ("材料已齐，还差一步：提交审核", "您的报名已转到", "这个报考类别本年度")] == [
        True
    ] * 3


def test_every_message_that_something_is_over_or_refused_says_where_to_turn():
    over = ("rejected", "cancelled", "retracted", "payment_due")
    turns = {kind: KINDS[kind].text for kind in over if kind in KINDS}
    assert [
        kind for kind, text in turns.items() if not any(word in text for word in ("联系", "通知您", "请登录"))
    ] == []
