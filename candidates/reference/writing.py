"""Rows of a table written by their keys, all or none, with what becomes of each line told (outcomes.py)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from candidates.models.session import SHANGHAI
from candidates.reference.csv_lines import Line
from candidates.reference.outcomes import Change, How, Outcome, Report

Row = Mapping[str, Any]  # field -> value, or what is called for it when the row is written
Save = Callable[[Any, dict[str, Any]], None]  # what is there (None: nothing yet), and the fields that are to be so
OFF = {"is_active": False}


@dataclass(frozen=True)
class Written:
    """What rows of one kind are: their model, the fields that name one, and how one is shown and saved.

    `shown`: fields that people read otherwise than the model has them: their heading, and what makes text of a value.
    """

    model: type[models.Model]
    key: tuple[str, ...]
    name: str = "name"
    shown: Mapping[str, tuple[str, Callable[[Any], str]]] = field(default_factory=dict)
    save: Save | None = None


def carry_out(
    kind: Written,
    rows: Sequence[tuple[Line, Row]],
    how: How,
    *,
    ending: Iterable[models.Model] = (),
    there: int = 0,
    asks: Iterable[str] = (),
) -> Report:
    """Make and change rows by their keys, and switch off those of `ending`; all of it, or nothing.

    `there`: how many were active before, `asks`: what has to be confirmed besides. Raises BadFile where a line has a
    problem, Unconfirmed where somebody has to say yes first.
    """
    report = Report(asks=list(asks))
    writes = not any(line.problems for line, _ in rows)
    with transaction.atomic():
        for line, row in rows:
            report.add(_one(kind, line, row, writes=writes))
        report.outcomes.sort(key=lambda one: one.line)  # as some are written before others

        for gone in ending:
            report.add(ended(kind, gone))
            _save_of(kind)(gone, OFF)
        report.ask_about_the_ended(there)
        report.settle(how)
        transaction.set_rollback(how.dry_run)
    return report


def called(kind: Written, row: Row) -> str:
    """Say what a row is about: its key and its name."""
    fields = dict.fromkeys((*kind.key, kind.name))
    return " ".join(filter(None, (_text(kind, name, row.get(name)) for name in fields)))


def changes_of(kind: Written, found: models.Model | None, values: Row) -> tuple[Change, ...]:
    """Return every field of what is there that is to be otherwise; what is new changes nothing."""
    if found is None:
        return ()
    return tuple(
        Change(_label(kind, name), _text(kind, name, getattr(found, name)), _text(kind, name, value))
        for name, value in values.items()
        if getattr(found, name) != value
    )


def outcome_of(kind: Written, line: Line, values: Row, found: models.Model | None) -> Outcome:
    """Say what becomes of a line, whose row is this one, where `found` is there already."""
    name, changes = called(kind, values), changes_of(kind, found, values)
    if line.problems:  # without the place, which the outcome has
        return Outcome("refused", line.number, name, said=tuple(one.partition("：")[2] for one in line.problems))
    told = "new" if found is None else "changed" if changes else "same"
    return Outcome(told, line.number, name, changes)


def ended(kind: Written, found: models.Model) -> Outcome:
    """Say that this one is switched off, which the table leaves out."""
    return Outcome("ended", 0, called(kind, vars(found)), changes_of(kind, found, OFF))


def _one(kind: Written, line: Line, row: Row, *, writes: bool) -> Outcome:
    values = {name: value() if callable(value) else value for name, value in row.items()}
    there = kind.model._default_manager.select_for_update(of=("self",))
    found = None if line.problems else there.filter(**{name: values[name] for name in kind.key}).first()
    outcome = outcome_of(kind, line, values, found)
    if writes and outcome.kind in ("new", "changed"):
        _save_of(kind)(found, values)
    return outcome


def _save_of(kind: Written) -> Save:
    def save(found: models.Model | None, values: dict[str, Any]) -> None:
        row = kind.model() if found is None else found
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=None if found is None else list(values))

    return kind.save or save


def _label(kind: Written, name: str) -> str:
    if name in kind.shown:
        return kind.shown[name][0]
    return str(kind.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _text(kind: Written, name: str, value: Any) -> str:
    """Return a value as people read it."""
    if value is None or callable(value):
        return ""
    if name in kind.shown:
        return kind.shown[name][1](value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        at = value.astimezone(SHANGHAI)
        return at.strftime("%Y-%m-%d %H:%M:%S" if at.second else "%Y-%m-%d %H:%M")
    choices: dict[Any, Any] = dict(getattr(kind.model._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(value, value))
