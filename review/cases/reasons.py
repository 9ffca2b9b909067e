"""The standard reasons for 不合格, as shipped; operators change them in the back office or load their own."""

import re
from pathlib import Path
from typing import Any

from django.db.models import F, Q

from candidates.applications.states import LEVEL_OF_STATUS
from candidates.models import Application, Unit
from candidates.reference.csv_lines import Line, refuse_twice
from candidates.reference.long_tables import read
from candidates.reference.outcomes import WRITE, How, Report
from candidates.reference.writing import Written, carry_out
from candidates.rules.levels import LEVELS, TOP
from review.models import Reason
from review.models.reason import USES

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

# use, code, name, sentence: for acts of their own, which those who get the case back or the candidate read
FOR_ACTS = (
    ("send_back", "overlooked", "有图片需重新核对", "请重新核对图片与填报信息是否一致，并改正结论。"),
    ("send_back", "originals", "原件核对有疑问", "请重新核对原件，并在现场审核清单中注明结果。"),
    ("send_back", "eligibility", "报考条件有疑问", "请核实考生的学历、专业和试用（执业）期限是否符合报考条件。"),
    ("reject", "ineligible", "不符合报考条件", "您的学历、专业或试用（执业）期限不符合报考条件。"),
    ("reject", "no_originals", "未提交原件核对", "您没有在规定时间内提交原件核对。"),
    ("reject", "false_papers", "材料不真实", "经核实，您提交的材料不真实。"),
)


# column -> its Chinese headings
COLUMNS = {
    "code": "代码",
    "label": "名称",
    "sentence": "考生看到的说明|说明",
    "position": "快捷数字键",
    "active": "启用",
    "use": "用于|用途",
    "unit": "单位代码|单位",
}
KIND = Written(Reason, ("code",), name="label")


def offered(application: Application, use: str = "") -> list[Reason]:
    """Return the reasons for this use that the level at work has: everybody's, then its own and those above it."""
    level = LEVEL_OF_STATUS.get(application.status) or application.returned_level or TOP
    units = [getattr(application, f"{one}_id") for one in LEVELS[LEVELS.index(level) :]]
    mine = Reason.objects.filter(Q(unit=None) | Q(unit__in=units), is_active=True, use=use)
    return list(mine.order_by(F("unit").asc(nulls_first=True), "position", "code"))


def add_missing() -> None:
    """Add the standard reasons that are not there; what an operator has changed stays."""
    for position, (code, label, sentence) in enumerate(STANDARD, start=1):
        values = {"label": label, "sentence": sentence, "position": position}
        Reason.objects.get_or_create(code=code, defaults=values)
    for position, (use, code, label, sentence) in enumerate(FOR_ACTS, start=1):
        values = {"use": use, "label": label, "sentence": sentence, "position": position}
        Reason.objects.get_or_create(code=code, defaults=values)


def load_reasons(path: Path, how: How = WRITE) -> Report:
    """Load the columns code, label, sentence, position, and where they are there active (1 or 0), use (empty,
    send_back or reject) and unit (the code of the unit whose reason it is).

    A complete table ends the reasons that it leaves out, those of a use and unit that it speaks of; verdicts keep the
    sentence they were given with. Raise BadFile, Unconfirmed.
    """
    lines = read(path, ("code", "label", "sentence", "position"), COLUMNS, how.sheet)
    refuse_twice(lines, "code", "代码")
    for place in {_place(line) for line in lines}:
        refuse_twice([line for line in lines if _place(line) == place], "position", "快捷数字键")
    rows = [(line, _row(line)) for line in lines]

    codes = {row["code"] for _, row in rows}
    spoken_of = {(row["use"], row["unit"]) for _, row in rows}
    active = Reason.objects.filter(is_active=True).select_related("unit")
    there = [one for one in active if (one.use, one.unit) in spoken_of]
    gone = [one for one in there if one.code not in codes] if how.complete else ()
    return carry_out(KIND, rows, how, ending=gone, there=len(there))


def _place(line: Line) -> tuple[str, str]:
    return line.cells.get("use", ""), line.cells.get("unit", "")


def _row(line: Line) -> dict[str, Any]:
    code, position = line.text("code", "代码", 20, required=True), line.text("position", "快捷数字键", 2, required=True)
    if code and not re.fullmatch(r"[a-z][a-z_]*", code):
        line.problem(f"代码“{code}”只能用小写字母和下划线。")
    if position and not re.fullmatch(r"[1-9][0-9]?", position):
        line.problem(f"快捷数字键“{position}”应为 1 至 99 的整数。")
    use, unit_code = _place(line)
    if use not in USES:
        line.problem(f"用途（use）的值“{use}”无法识别，请填写 send_back、reject 或留空。")
    unit = Unit.objects.filter(code=unit_code).first() if unit_code else None
    if unit_code and unit is None:
        line.problem(f"没有代码为 {unit_code} 的单位（unit）。")
    return {
        "code": code,
        "use": use,
        "unit": unit,
        "label": line.text("label", "名称", 20, required=True),
        "sentence": line.text("sentence", "考生看到的说明", 120, required=True),
        "position": int(position) if position.isdecimal() else 0,
        "is_active": line.flag("active", True),
    }
