"""The list of medical institutions: loaded by operators, looked up while the form is filled in.

A list may hold some hundred thousand rows: it is read, compared and written a thousand at a time. Rows that a file does
not name stay as they are, unless it is said to be complete: the lists of several provinces are files of their own.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import CharField

from candidates.models import MedicalInstitution
from candidates.prepared import PreparedValues
from candidates.reference.csv_lines import Line
from candidates.reference.long_tables import lines_of
from candidates.reference.outcomes import WRITE, How, Report
from candidates.reference.writing import Written, ended, outcome_of
from candidates.rules import contacts
from candidates.rules.institutions import CHOSEN, LISTED, MOST_FOUND, folded, is_enough

COLUMNS = {**LISTED, "region": "考区代码|考区", "active": "启用"}  # with their Chinese headings
KIND = Written(MedicalInstitution, ("registration_number",))
KEPT = (*CHOSEN, "region", "is_active")
BATCH = 1000  # rows
MOST_PROBLEMS = 200  # sentences, before the rest of the file is not looked at any more
_LONGEST = {
    field.name: field.max_length or 0 for field in MedicalInstitution._meta.fields if isinstance(field, CharField)
}


def load_institutions(path: Path, how: How = WRITE) -> Report:
    """Load columns registration_number, name; as far as they are there the other cells, region, active.

    A complete list ends what it leaves out in the regions that it speaks of, or everywhere where it has no regions.
    Raises BadFile, Unconfirmed.
    """
    report, first, regions = Report(), dict[str, int](), set[str]()
    with transaction.atomic():
        rows = _rows(path, how.sheet, report, first)
        while batch := list(islice(rows, BATCH)):
            regions |= {row["region"] for _, row in batch if "region" in row}
            _write(batch, report)
        if how.complete and report.can_be_done:
            report.ask_about_the_ended(_end_others(first, regions, report))
        report.settle(how)
        transaction.set_rollback(how.dry_run)
    return report


def _rows(path: Path, sheet: str, report: Report, first: dict[str, int]) -> Iterator[tuple[Line, dict[str, Any]]]:
    """Give each line as a row; what is wrong with one is told in the report. `first`: in which line a number stands."""
    found = 0
    for line in lines_of(path, ("registration_number", "name"), COLUMNS, sheet):
        row = _row(line)
        number = row["registration_number"]
        if number in first:
            line.problem(f"登记号 {number} 与第 {first[number]} 行重复。")
        elif number:
            first[number] = line.number
        found += len(line.problems)
        yield line, row
        if found >= MOST_PROBLEMS:
            report.problems.append(f"错误太多：第 {line.number} 行以后没有检查。")
            return


def _row(line: Line) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for cell in CHOSEN:
        if cell in line.cells or cell in ("registration_number", "name"):
            longest = _LONGEST[cell]
            label, required = LISTED[cell], cell in ("registration_number", "name")
            read = line.identifier if cell == "registration_number" else line.text
            row[cell] = folded(cell, read(cell, label, longest, required=required))

    for cell, wrong in (("postcode", contacts.wrong_postcode), ("telephone", contacts.wrong_telephone)):
        if sentence := wrong(row.get(cell, "")):
            line.problem(f"{LISTED[cell]}（{cell}）的值“{row[cell]}”有误。{sentence}")
    if "region" in line.cells:
        row["region"] = line.cells["region"]
        if row["region"] and not re.fullmatch(r"[0-9]{2}", row["region"]):
            line.problem(f"考区代码（region）的值“{row['region']}”应为 2 位数字。")
    if "active" in line.cells:
        row["is_active"] = line.flag("active", True)
    return row


def _write(batch: list[tuple[Line, dict[str, Any]]], report: Report) -> None:
    """Tell what becomes of these rows, and write what is new or has changed in one statement while all can be."""
    numbers = [row["registration_number"] for _, row in batch]
    known = {one.registration_number: one for one in MedicalInstitution.objects.filter(registration_number__in=numbers)}
    written = []
    for line, row in batch:
        before = known.get(row["registration_number"])
        outcome = outcome_of(KIND, line, row, before)
        report.add(outcome)
        if outcome.kind in ("new", "changed"):
            kept = {cell: getattr(before, cell) for cell in KEPT} if before else {}
            written.append(MedicalInstitution(**{**kept, **row}))
    if not report.can_be_done:
        return
    MedicalInstitution.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["registration_number"],
        update_fields=[cell for cell in KEPT if cell != "registration_number"],
    )


def _end_others(first: Mapping[str, int], regions: set[str], report: Report) -> int:
    """Switch off who is not in the list; return how many there were that it speaks of."""
    there = MedicalInstitution.objects.filter(is_active=True)
    there = there.filter(region__in=regions) if regions else there
    number, gone = 0, []
    for one in there.order_by("pk").iterator(chunk_size=BATCH):
        number += 1
        if one.registration_number not in first:
            report.add(ended(KIND, one))
            gone.append(one.pk)
    for at in range(0, len(gone), BATCH):
        MedicalInstitution.objects.filter(pk__in=gone[at : at + BATCH]).update(is_active=False)
    return number


# --- looked up -------------------------------------------------------------------------------------------------------


_ONE = PreparedValues(lambda: MedicalInstitution.objects.filter(is_active=True).order_by().values_list("pk")[:1])


def is_there() -> bool:
    """Return whether there is anything to look up; every form asks."""
    return bool(_ONE())


def find(cell: str, typed: str) -> list[MedicalInstitution]:
    """Return the first few institutions whose name or number (`cell`) begins with what was typed, in order.

    None where that is too short, or where it could not be looked up by.
    """
    begins = folded(cell, typed)
    if not is_enough(cell, begins):
        return []
    found = MedicalInstitution.objects.filter(is_active=True, **{f"{cell}__startswith": begins})
    return list(found.order_by(cell, "id")[:MOST_FOUND])


def by_key(key: str) -> MedicalInstitution | None:
    """Return the institution of this key, as a page sends it, while it may be chosen."""
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    return MedicalInstitution.objects.filter(pk=key, is_active=True).first()
