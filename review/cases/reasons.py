"""The standard reasons for 不合格, as shipped; operators change them in the back office or load their own."""

import re
from pathlib import Path
from typing import Any

from candidates.reference.csv_lines import Line, refuse_bad, refuse_twice
from candidates.reference.loading import Loaded, write
from candidates.reference.long_tables import read
from review.models import Reason

# code, name, the sentence that the candidate reads with what to do
STANDARD = (
    ("unclear", "不清晰", "图片不清晰，文字或印章无法辨认。请重新拍摄或扫描后上传。"),
    ("incomplete", "缺页", "材料缺页或四角不全。请补齐全部页面后上传。"),
    ("unsealed", "未加盖公章", "材料没有加盖公章。请加盖出具单位的公章后重新上传。"),
    ("different", "与填报信息不一致", "材料与您填报的信息不一致。请更正填报信息，或上传正确的材料。"),
    ("expired", "已过有效期", "材料已过有效期。请上传在有效期内的材料。"),
    ("turned", "方向不正", "图片方向不正。请转正后重新上传。"),
    ("misplaced", "放错类别", "这张图片不属于本类材料。请删除，并上传到正确的类别。"),
    ("not_original", "非原件", "图片不是原件的彩色扫描件。请用原件扫描或拍摄后上传。"),
    ("other", "其他", "材料不符合要求，请按审核意见修改后重新上传。"),
)


def add_missing() -> None:
    """Add the standard reasons that are not there; what an operator has changed stays."""
    for position, (code, label, sentence) in enumerate(STANDARD, start=1):
        values = {"label": label, "sentence": sentence, "position": position}
        Reason.objects.get_or_create(code=code, defaults=values)


def load_reasons(path: Path, *, dry_run: bool = False) -> Loaded:
    """Load a CSV with the columns code, label, sentence, position, and active (1 or 0) where it is there.

    Reasons that the file does not have become inactive; verdicts keep the sentence they were given with. Raise BadFile.
    """
    lines = read(path, ("code", "label", "sentence", "position"), ("active",))
    refuse_twice(lines, "code", "代码")
    refuse_twice(lines, "position", "快捷数字键")
    rows = [_row(line) for line in lines]
    refuse_bad(lines)

    codes = {row["code"] for row in rows}
    gone = [
        {"code": one.code, "is_active": False} for one in Reason.objects.filter(is_active=True).exclude(code__in=codes)
    ]
    return write(Reason, "code", [*rows, *gone], dry_run=dry_run)


def _row(line: Line) -> dict[str, Any]:
    code, position = line.text("code", "代码", 20, required=True), line.text("position", "快捷数字键", 2, required=True)
    if code and not re.fullmatch(r"[a-z][a-z_]*", code):
        line.problem(f"代码“{code}”只能用小写字母和下划线。")
    if position and not re.fullmatch(r"[1-9][0-9]?", position):
        line.problem(f"快捷数字键“{position}”应为 1 至 99 的整数。")
    return {
        "code": code,
        "label": line.text("label", "名称", 20, required=True),
        "sentence": line.text("sentence", "考生看到的说明", 120, required=True),
        "position": int(position) if position.isdecimal() else 0,
        "is_active": line.flag("active", True),
    }
