"""Sealed anew: what an older key or cipher has sealed, what is bound to nothing yet, and files that lie in clear.

After a new key stands first in NMEC_FIELD_KEYS, or another NMEC_CIPHER is set. Everything is readable throughout. A
few rows are held at a time; it may be stopped, and begun again: what is done is not done twice.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.models import F, Func, Q, QuerySet, Value
from django.utils import timezone
from psycopg2.extras import execute_values

from candidates.encryption import HEAD, Undecryptable, head_now
from candidates.models.sealed import EncryptedField
from materials.files import sealing
from materials.files.storage import STORAGE_ERRORS
from materials.models import MaterialImage, RenderedDocument
from review.models import ArchiveState

BATCH = 200  # rows held at a time
STILL_READ = 60  # seconds: who has read a row before reads its old file by then
COUNTS = {"values": "数据项", "files": "文件", "unreadable": "打不开的数据项", "lost": "缺失的文件"}
FILES: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (MaterialImage, ("file", "thumbnail")),
    (RenderedDocument, ("file",)),
)
Told = Callable[[int, int], object]  # done, total


def left() -> dict[str, int]:
    """Count the rows that are not sealed as they would be now: by table, and those whose files lie in clear."""
    found = {model._meta.db_table: _stale(model, fields).count() for model, fields in tables()}
    if settings.SEAL_FILES:
        found |= {f"{model._meta.db_table} 文件": _clear(model, names).count() for model, names in FILES}
    return found


def reseal(told: Told) -> dict[str, int]:
    """Seal all of it anew; return how many of COUNTS. Raises what STORAGE_ERRORS names, and whatever `told` raises."""
    total, done = sum(left().values()), 0
    tally = Counter(dict.fromkeys(COUNTS, 0))
    told(0, total)
    for rows, counts in _work():
        done += rows
        tally.update(counts)
        told(min(done, total), total)
    return dict(tally)


def tables() -> Iterator[tuple[type[models.Model], list[EncryptedField]]]:
    """Yield every model that has sealed columns, with these."""
    for model in apps.get_models():
        fields = [one for one in model._meta.concrete_fields if isinstance(one, EncryptedField)]
        if fields and not model._meta.proxy:
            yield model, fields


def _work() -> Iterator[tuple[int, dict[str, int]]]:
    for model, fields in tables():
        yield from _columns(model, fields)
    if settings.SEAL_FILES:
        for clear, names in FILES:
            yield from _files(clear, names)


# --- columns ---------------------------------------------------------------------------------------------------------


def _stale(model: type[models.Model], fields: list[EncryptedField]) -> QuerySet[Any]:
    """Select the rows of which some value does not begin as what is sealed now."""
    heads = {
        f"head_of_{one.name}": Func(
            F(one.name), Value(1), Value(HEAD), function="substr", output_field=models.BinaryField()
        )
        for one in fields
    }
    some = Q()
    for one in fields:
        some |= Q(**{f"{one.name}__isnull": False}) & ~Q(**{f"head_of_{one.name}__in": [head_now(), b""]})
    return model._base_manager.alias(**heads).filter(some)


def _columns(model: type[models.Model], fields: list[EncryptedField]) -> Iterator[tuple[int, dict[str, int]]]:
    last = None
    while True:
        rows = _stale(model, fields).order_by("pk")
        with transaction.atomic(), pgtrigger.ignore():
            held = list((rows if last is None else rows.filter(pk__gt=last)).select_for_update(of=("self",))[:BATCH])
            found = [_sealed_now(row, fields) for row in held]
            _write(model, fields, [values for values in found if values])
        if not held:
            return
        last = held[-1].pk
        opened = [values for values in found if values]
        sealed = sum(bool(value) for values in opened for value in values[1:])
        yield len(held), {"values": sealed, "unreadable": len(held) - len(opened)}


def _sealed_now(row: models.Model, fields: list[EncryptedField]) -> list[Any]:
    """Return the row's key and its values sealed anew; nothing where no key opens one of them: it stays as it is."""
    try:
        for one in fields:
            getattr(row, one.attname)  # opens it: what nobody has opened is saved as it was
    except Undecryptable:
        return []
    return [row.pk, *(one.get_prep_value(one.pre_save(row, False)) for one in fields)]


def _write(model: type[models.Model], fields: list[EncryptedField], rows: list[list[Any]]) -> None:
    """Write all rows' values by one statement."""
    if not rows:
        return
    table, key = model._meta.db_table, model._meta.pk.column
    columns = [str(one.column) for one in fields]
    sets = ", ".join(f"{column} = new.{column}" for column in columns)
    values = f"(VALUES %s) AS new (key, {', '.join(columns)})"
    update = f"UPDATE {table} SET {sets} FROM {values} WHERE {table}.{key} = new.key"  # noqa: S608 (names of ours)
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, update, rows, template=f"(%s{', %s::bytea' * len(columns)})", page_size=BATCH)


# --- files -----------------------------------------------------------------------------------------------------------


def _clear(model: type[models.Model], names: tuple[str, ...]) -> QuerySet[Any]:
    """Select the rows that name a file which lies in clear, and have it still."""
    some = Q()
    for name in names:
        some |= ~Q(**{f"{name}__endswith": sealing.ENDING}) & ~Q(**{name: ""})
    rows = model._base_manager.filter(some)
    return rows.filter(Q(removed_at=None) | Q(submitted=True)) if model is MaterialImage else rows


def _files(model: type[models.Model], names: tuple[str, ...]) -> Iterator[tuple[int, dict[str, int]]]:
    """Seal files under new keys, and remove the clear ones once nobody reads them any more."""
    last, former = None, deque[tuple[float, str]]()
    while True:
        rows = _clear(model, names).select_related("application").order_by("pk")
        found = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
        if not found:
            break
        last, counts = found[-1].pk, Counter[str]()
        for row in found:
            keys = _sealed_anew(row, names)
            former.extend((time.monotonic(), key) for key in keys or [])
            counts.update(files=len(keys or []), lost=keys is None)
        _ask_the_archive_for_all()
        _remove(former)
        yield len(found), counts

    while former:
        yield 0, {}
        time.sleep(min(1, STILL_READ))
        _remove(former)


def _sealed_anew(row: Any, names: tuple[str, ...]) -> list[str] | None:
    """Seal a row's clear files; return the keys that no row names any more, None where the storage has lost one."""
    old = {name: getattr(row, name) for name in names if not sealing.is_sealed(getattr(row, name))}
    new = {name: f"{key}{sealing.ENDING}" for name, key in old.items()}
    try:
        with default_storage.drafts() as drafts:  # type: ignore[attr-defined]  # of both storages
            for name, key in old.items():
                content = sealing.read(row.application, key)
                drafts.begin(new[name], sealing.sealed(row.application, new[name], content))
            drafts.keep()
    except FileNotFoundError:
        return None
    if type(row)._base_manager.filter(pk=row.pk, **old).update(**new):
        return list(old.values())
    return list(new.values())  # it was replaced meanwhile


def _remove(former: deque[tuple[float, str]]) -> None:
    while former and former[0][0] <= time.monotonic() - STILL_READ:
        _, key = former.popleft()
        try:
            default_storage.delete(key)
        except STORAGE_ERRORS:
            continue  # an orphan: verify_storage sweeps it


def _ask_the_archive_for_all() -> None:
    ArchiveState.objects.update(all_asked_at=timezone.now())
