"""The history of reference data, read: who changed what, when, from what to what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.utils import timezone
from pghistory.core import event_models

from candidates.models.history import ACTS

EventModel = Any  # a class that pghistory makes: the tracked fields, and pgh_… beside them
IN_THE_DATABASE = "直接在数据库中"  # by psql, or by code that names nobody


@dataclass(frozen=True)
class Line:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One change of one row; a row that is new has no `before`, one that was deleted no `after`."""

    at: datetime
    who: str
    command: str  # of manage.py, or empty
    act: str
    kind: str  # the model's name on screen
    model: str  # app_label.model_name
    pk: int
    name: str
    lines: tuple[Line, ...]


def kinds() -> dict[str, EventModel]:
    """Return the tables of events by the model whose history they are."""
    found: list[EventModel] = list(event_models())
    found.sort(key=lambda one: one.pgh_tracked_model._meta.label_lower)
    return {one.pgh_tracked_model._meta.label_lower: one for one in found}


def of(row: models.Model) -> list[Change]:
    """Return every change of this row, newest first."""
    event = kinds()[row._meta.label_lower]
    return _told(event, _events(event).filter(pgh_obj=row.pk).order_by("-pgh_id"))


def states_of(row: models.Model, fields: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    """Give the moment of each change of this row and what these fields were from then on, newest first."""
    events = _events(kinds()[row._meta.label_lower]).filter(pgh_obj=row.pk).order_by("-pgh_id")
    yield from events.values_list("pgh_created_at", *fields)


def _events(event: EventModel) -> models.QuerySet[Any]:
    return models.QuerySet(event)


def page(after: str = "", *, kind: str = "", size: int = 50) -> tuple[str, list[Change]]:
    """Return where the next page begins (empty where there is none), and the changes of this one, newest first.

    Of all reference data, or of one kind. `after`, as the page before gave it, is the last change of each table so
    far: a page is a range of each table's key, however deep, and nothing is counted.
    """
    tables = kinds()
    wanted = {kind: tables[kind]} if kind in tables else tables
    ends = _ends(after, len(wanted))
    asked = [
        _below(event, ends.get(place))
        .annotate(pgh_table=Value(label))
        .values_list("pgh_created_at", "pgh_id", "pgh_table")
        .order_by("-pgh_id")[: size + 1]
        for place, (label, event) in enumerate(wanted.items())
    ]
    rows = asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0]
    found = sorted(rows, reverse=True)
    keys = found[:size]

    told: dict[tuple[str, int], Change] = {}
    for label in {label for _, _, label in keys}:
        ids = [pk for _, pk, one in keys if one == label]
        changes = _told(wanted[label], _events(wanted[label]).filter(pk__in=ids).order_by("-pgh_id"))
        told |= {(label, pk): one for pk, one in zip(sorted(ids, reverse=True), changes, strict=True)}
    last = {label: min(pk for _, pk, one in keys if one == label) for label in {label for _, _, label in keys}}
    following = [last.get(label, ends.get(place, 0)) for place, label in enumerate(wanted)]
    token = "-".join(map(str, following)) if len(found) > size else ""
    return token, [told[label, pk] for _, pk, label in keys]


def _ends(after: str, number: int) -> dict[int, int]:
    """Read the place of a page: by table the key that it begins below; nothing where it is none."""
    parts = after.split("-")
    if len(parts) != number or not all(one.isascii() and one.isdecimal() and len(one) < 19 for one in parts):
        return {}
    return {place: int(one) for place, one in enumerate(parts) if int(one)}


def _below(event: EventModel, end: int | None) -> models.QuerySet[Any]:
    return _events(event).filter(pgh_id__lt=end) if end else _events(event).all()


def _told(event: EventModel, rows: models.QuerySet) -> list[Change]:
    earlier = _events(event).filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    events = list(rows.annotate(previous=Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])))
    before = _events(event).in_bulk([one.previous for one in events if one.previous])
    names = _names(event, [*events, *before.values()])
    return [_change(one, before.get(one.previous), names) for one in events]


def _change(event: Any, before: Any, names: dict[tuple[type, int], str]) -> Change:
    tracked, context = event.pgh_tracked_model, event.pgh_context or {}
    gone = event.pgh_label == "delete"
    lines = []
    for field in _fields(tracked):
        old = "" if before is None else _words(field, before, names)
        new = "" if gone else _words(field, event, names)
        if old != new:
            lines.append(Line(str(field.verbose_name), old, new))

    return Change(
        at=event.pgh_created_at,
        who=context.get("who", IN_THE_DATABASE),
        command=context.get("command", ""),
        act=ACTS.get(event.pgh_label, event.pgh_label),
        kind=str(tracked._meta.verbose_name),
        model=tracked._meta.label_lower,
        pk=event.pgh_obj_id,
        name=_name(event, names),
        lines=tuple(lines),
    )


def _fields(tracked: type[models.Model]) -> Sequence[models.Field]:
    return [field for field in tracked._meta.concrete_fields if not field.primary_key]


def _name(event: Any, names: dict[tuple[type, int], str]) -> str:
    """Name the row: the first three of its short fields that say something, as they were then."""
    long = (models.BooleanField, models.TextField, models.DateTimeField)
    fields = [field for field in _fields(event.pgh_tracked_model) if not isinstance(field, long)]
    return " ".join([words for field in fields if (words := _words(field, event, names))][:3])


def _words(field: models.Field, event: Any, names: dict[tuple[type, int], str]) -> str:
    """Return a value as the back office shows it; empty where there is none."""
    value = getattr(event, field.attname)
    if value is None or value == "" or value == []:
        return ""

    if field.related_model:
        return names.get((field.related_model, value), f"已删除（{value}）")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        known = dict(getattr(field, "base_field", field).flatchoices)
        return "、".join(str(known.get(one, one)) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}".removesuffix(":00")

    return str(value)


def _names(event: EventModel, events: Iterable[Any]) -> dict[tuple[type, int], str]:
    """Return what the rows that these events point to are called now, one query a model."""
    wanted: dict[type[models.Model], set[int]] = {}
    for field in _fields(event.pgh_tracked_model):
        if field.related_model:
            keys = {getattr(one, field.attname) for one in events} - {None}
            wanted.setdefault(field.related_model, set()).update(keys)
    found = ((model, model._default_manager.in_bulk(keys)) for model, keys in wanted.items())
    return {(model, pk): str(row) for model, rows in found for pk, row in rows.items()}
