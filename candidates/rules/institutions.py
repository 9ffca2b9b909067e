"""Further institutions of a trial or a practice, beside the first, which has fields of its own on the form.

One row an institution: every value is text as it is kept, months as the ISO date of their first day.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from candidates.rules import contacts
from candidates.rules.text import clean, kind_of

# key -> label, in the form's order
CELLS = {
    "name": "机构名称",
    "address": "机构地址",
    "postcode": "机构邮编",
    "registration_number": "机构登记号",
    "legal_representative": "机构法定代表人",
    "telephone": "机构电话",
    "period_from": "开始年月",
    "period_to": "结束年月",
}
NEEDED = ("name", "address", "registration_number", "legal_representative", "period_from", "period_to")
MONTHS = ("period_from", "period_to")
MOST = 5  # beside the first
# what the operators' list holds of an institution, and choosing one fills in
CHOSEN = tuple(cell for cell in CELLS if cell not in MONTHS)
LISTED = {cell: "登记号" if cell == "registration_number" else CELLS[cell].removeprefix("机构") for cell in CHOSEN}
LEAST_TYPED = {"name": 2, "registration_number": 4}  # characters, by what one is looked up by
MOST_FOUND = 10

Row = Mapping[str, str]
Problem = tuple[int, str, str]  # place of the row from 0, cell, sentence


# brackets as Chinese is written, letters and digits as keyboards give them
_NAMES = {
    ord("("): "（",
    ord(")"): "）",
    **{code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()},
}


def folded(cell: str, text: str) -> str:
    """Return a cell of an institution in the spelling that it is listed, and looked up, in."""
    if cell == "postcode":
        return contacts.folded_postcode(text)
    text = clean(text, kind_of(cell))
    return text.translate(_NAMES) if cell == "name" else text


def is_enough(cell: str, begins: str) -> bool:
    """Return whether institutions can be looked up by this beginning (folded) of a cell."""
    return cell in LEAST_TYPED and len(begins) >= LEAST_TYPED[cell] and "\0" not in begins


def number(place: int) -> int:
    """Return how people count the row at this place from 0: the first institution stands before them."""
    return place + 2


def month(row: Row, cell: str) -> date | None:
    """Return the first day of a month, None where it has not been filled in."""
    return date.fromisoformat(row[cell]) if row.get(cell) else None


def last_day(month: date) -> date:
    """Return the last day of the month that this day lies in."""
    following = month.replace(day=28) + timedelta(days=4)
    return following.replace(day=1) - timedelta(days=1)


def problems(rows: Iterable[Row], *, today: date, may_lie_ahead: bool, missing: bool = True) -> list[Problem]:
    """Return what stands in the way of completing, cell by cell; `missing=False` leaves out what is not filled in yet.

    `may_lie_ahead`: a period may end in the future, as a fresh graduate's.
    """
    found: list[Problem] = []
    for place, row in enumerate(rows):
        if missing:
            found += [(place, cell, f"请填写“{CELLS[cell]}”。") for cell in NEEDED if not row.get(cell)]
        wrong = period_problem(month(row, "period_from"), month(row, "period_to"), today, may_lie_ahead=may_lie_ahead)
        if wrong:
            found.append((place, *wrong))
    return found


def period_problem(start: date | None, end: date | None, today: date, *, may_lie_ahead: bool) -> tuple[str, str] | None:
    """Return what is wrong with a period of whole months: the field (period_from, period_to) and its sentence."""
    if start and end and end < start:
        return "period_to", "结束年月早于开始年月：请核对起止时间。"
    if start and start > today:
        return "period_from", "开始年月晚于今天：请核对起止时间。"
    if end and end > today.replace(day=1) and not may_lie_ahead:
        return "period_to", "结束年月晚于本月，只有应届医学专业毕业生可以这样填写：请核对起止时间。"
    return None


def sentence(found: Iterable[Problem]) -> str:
    """Return all problems in one sentence, each with the number of its institution; empty where there is none."""
    return "".join(f"第 {number(place)} 个机构：{words}" for place, _, words in found)


def words(rows: Iterable[Row]) -> str:
    """Return the rows as people read them, a line an institution."""
    return "\n".join(f"{number(place)}. {'，'.join(_parts(row))}" for place, row in enumerate(rows))


def _parts(row: Row) -> list[str]:
    months = [f"{day:%Y-%m}" if day else "" for day in (month(row, cell) for cell in MONTHS)]
    others = [cell for cell in CELLS if cell != "name" and cell not in MONTHS and row.get(cell)]
    told = [f"{CELLS[cell].removeprefix('机构')} {row[cell]}" for cell in others]
    return [row.get("name", ""), *([" 至 ".join(months)] if any(months) else []), *told]
