"""Stored text brought into its one spelling (candidates/rules/text.py), for migrations of all three apps.

A row at a time: what somebody has changed meanwhile stays as it is, and a row that cannot be cleaned (its cleaned
number is another's, its key is gone) is counted and left. No table is locked, no row longer than its own UPDATE.
"""

import json
import logging
import os
from collections import Counter
from itertools import islice

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import Error, connections, transaction

from candidates.encryption import NONCE, Undecryptable, is_bound, keyed_hash, unseal
from candidates.rules.contacts import folded_email, folded_postcode
from candidates.rules.id_number import identity_key, normalise, normalise_any_mobile
from candidates.rules.institutions import CHOSEN, folded
from candidates.rules.text import clean, kind_of

BATCH = 1000  # rows
SEALED = ("document_number", "mobile")
ROWS = "further_institutions"
logger = logging.getLogger(__name__)


def clean_tables(tables):
    """Return what a migration runs: `tables` are names with the columns of text that people typed or pasted."""

    def run(apps, schema_editor):
        for table, columns in tables.items():
            counts = clean_table(schema_editor.connection.alias, table, columns)
            told = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
            if told:
                print(f"\n    {table}: {told}", end="")

    return run


def clean_table(alias, table, columns):
    """Clean the table; return how many values were cleaned, column by column, and how many rows could not be."""
    counts, last = Counter(), 0
    while rows := _rows(alias, table, columns, last):
        last = rows[-1]["id"]
        for row in rows:
            _clean_row(alias, table, columns, row, counts)
    return counts


def _rows(alias, table, columns, last):
    more = ("document_type", "kind", "identity_hash", "mobile_hash", "email_hash")
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE id > %s ORDER BY id LIMIT {BATCH}", [last])  # noqa: S608
        names = [one.name for one in cursor.description]
        wanted = {"id", *columns, *more}
        return [
            {name: value for name, value in zip(names, row, strict=True) if name in wanted}
            for row in islice(cursor, BATCH)
        ]


def _clean_row(alias, table, columns, row, counts):
    cleaned, hashes = {}, {}
    for column in columns:
        try:
            cleaned |= _cleaned(table, column, row, hashes)
        except Undecryptable:
            counts["not readable"] += 1
        except (ValueError, TypeError, KeyError, AttributeError):  # no number of its kind, or rows that are none
            continue
    if not cleaned and not hashes:
        return

    new = {**cleaned, **hashes}
    sets = ", ".join(f"{column} = %s" for column in new)
    same = " AND ".join(f"{column} IS NOT DISTINCT FROM %s" for column in new)
    where = [row["id"], *(row[column] for column in new)]
    try:
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {sets} WHERE id = %s AND {same}", [*new.values(), *where])  # noqa: S608
            counts.update(f"{column} cleaned" for column in new if cursor.rowcount)
    except Error as refused:
        counts["rows left"] += 1
        logger.warning("%s %s could not be cleaned: %s", table, row["id"], type(refused).__name__)


def _cleaned(table, column, row, hashes):
    """Return the column's new value where it changes, and add the hash that finds it to `hashes`."""
    old = row[column]
    if not old:
        return {}
    if column in SEALED:
        return _sealed(column, row, hashes)
    if column == ROWS:
        return _institutions(old)

    new = folded_postcode(old) if column.endswith("postcode") else clean(old, _kind(table, column))
    if column == "email" and row.get("email_hash"):
        _hash("email_hash", folded_email(new), row, hashes)
    return {column: new} if new != old else {}


def _kind(table, column):
    kind = kind_of(f"{table.partition('_')[2]}.{column}")
    return "lines" if kind == "words" and column == "text" else kind


def _sealed(column, row, hashes):
    if is_bound(bytes(row[column])):
        return {}  # sealed by what comes after this, which cleans what it takes
    old = unseal(bytes(row[column]), "").decode()
    if column == "mobile":
        new = normalise_any_mobile(old)
        if row["mobile_hash"]:
            _hash("mobile_hash", new, row, hashes)
    else:
        new = normalise(row["document_type"], old)
        if row["identity_hash"]:
            _hash("identity_hash", identity_key(row["document_type"], new), row, hashes)
    return {column: sealed_as_then(new)} if new != old else {}


def sealed_as_then(text):
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(settings.FIELD_KEYS[0]).encrypt(nonce, text.encode(), None)


def _hash(column, text, row, hashes):
    if row[column] != keyed_hash(text):
        hashes[column] = keyed_hash(text)


def _institutions(old):
    rows = json.loads(old) if isinstance(old, str) else old
    new = [
        {cell: folded(cell, value) if value and cell in CHOSEN else value for cell, value in row.items()}
        for row in rows
    ]
    return {ROWS: json.dumps(new, ensure_ascii=False)} if new != rows else {}
