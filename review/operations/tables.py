"""Every kind of table that an operator loads, for a command as for a page: what it holds, and what loads it.

A page tries a table first (`foresee`), shows the report's outcomes, asks what `report.asks` says, and then loads it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from candidates.reference import institutions, loading
from candidates.reference.outcomes import BadFile, How, Report
from review.cases import reasons
from review.operations import accounts
from review.payments import fees


@dataclass(frozen=True)
class Table:
    """`columns`: their names with their Chinese headings (several with |); the `needed` ones have to be there.

    `can_end`: what becomes of what a complete table leaves out; empty where a table ends nothing.
    """

    label: str
    load: Callable[[Path, How], Report]
    columns: Mapping[str, str]
    needed: tuple[str, ...]
    can_end: str = ""


TABLES = {
    "units": Table("考区、考点、报名点", loading.load_units, loading.UNIT_COLUMNS, ("code", "name"), "停用"),
    "categories": Table(
        "报考类别", loading.load_categories, loading.CATEGORY_COLUMNS, ("code", "level", "route", "name"), "停用"
    ),
    "sessions": Table(
        "考试年度",
        loading.load_sessions,
        loading.SESSION_COLUMNS,
        tuple(name for name in loading.SESSION_COLUMNS if name not in ("correction_days", "state")),
    ),
    "institutions": Table(
        "医疗机构",
        institutions.load_institutions,
        institutions.COLUMNS,
        ("registration_number", "name"),
        "停用（只在表中写到的考区内）",
    ),
    "fees": Table("收费标准", fees.load_fees, fees.COLUMNS, tuple(fees.COLUMNS)),
    "reasons": Table(
        "标准原因",
        reasons.load_reasons,
        reasons.COLUMNS,
        ("code", "label", "sentence", "position"),
        "停用（只在表中写到的用途和单位内）",
    ),
    "reviewers": Table("审核员账号", accounts.import_reviewers, accounts.COLUMNS, ("unit", "username", "name"), "停用"),
}


def foresee(load: Callable[[Path, How], Report], path: Path, how: How) -> Report:
    """Return what a table would do, line by line, whether or not all of it can be; nothing is written."""
    try:
        return load(path, replace(how, dry_run=True))
    except BadFile as bad:
        return bad.report or Report(problems=bad.problems)
