"""The list of medical institutions: loaded by operators, looked up while the form is filled in.

A list may hold some hundred thousand rows: it is read, compared and written a thousand at a time. Rows that a file does
not name stay as they are, as the lists of several provinces are files of their own.
"""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import CharField

from candidates.models import MedicalInstitution
from candidates.reference.csv_lines import BadFile, Line
from candidates.reference.loading import Loaded
from candidates.reference.long_tables import lines_of
from candidates.rules import contacts
from candidates.rules.institutions import CHOSEN, LISTED, MOST_FOUND, folded, is_enough

KEPT = (*CHOSEN, "region", "is_active")
BATCH = 1000  # rows
MOST_PROBLEMS = 200  # sentences, before the rest of the file is not looked at any more
_LONGEST = {
    field.name: field.max_length or 0 for field in MedicalInstitution._meta.fields if isinstance(field, CharField)
}


def load_institutions(path: Path, *, dry_run: bool = False) -> Loaded:
    """Load columns registration_number, name; as far as they are there the other cells, region, active.

    Raises BadFile.
    """
    problems: list[str] = []
    counts = {"made": 0, "changed": 0, "same": 0}
    with transaction.atomic():
        rows = _rows(path, problems)
        while batch := list(islice(rows, BATCH)):
            if not problems:
                _write(batch, counts)
        if problems:
            raise BadFile(problems)
        transaction.set_rollback(dry_run)
    return Loaded(counts["made"], counts["changed"], counts["same"])


def _rows(path: Path, problems: list[str]) -> Iterator[dict[str, Any]]:
    """Give each line as a row; what is wrong with them is added to `problems`."""
    first: dict[str, int] = {}
    for line in lines_of(path, ("registration_number", "name"), (*CHOSEN, "region", "active")):
        row = _row(line)
        number = row["registration_number"]
        if number in first:
            line.problem(f"登记号 {number} 与第 {first[number]} 行重复。")
        elif number:
            first[number] = line.number
        problems += line.problems
        if len(problems) >= MOST_PROBLEMS:
            problems.append(f"错误太多：第 {line.number} 行以后没有检查。")
            return
        yield row


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


def _write(batch: list[dict[str, Any]], counts: dict[str, int]) -> None:
    """Write what is new or has changed of these rows, in one statement."""
    numbers = [row["registration_number"] for row in batch]
    there = MedicalInstitution.objects.filter(registration_number__in=numbers)
    known = {one.registration_number: {cell: getattr(one, cell) for cell in KEPT} for one in there}

    written = []
    for row in batch:
        before = known.get(row["registration_number"])
        after = {**(before or {}), **row}
        kind = "made" if before is None else "same" if before == after else "changed"
        counts[kind] += 1
        if kind != "same":
            written.append(MedicalInstitution(**after))
    MedicalInstitution.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["registration_number"],
        update_fields=[cell for cell in KEPT if cell != "registration_number"],
    )


# --- looked up -------------------------------------------------------------------------------------------------------


def is_there() -> bool:
    """Return whether there is anything to look up."""
    return MedicalInstitution.objects.filter(is_active=True).exists()


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
