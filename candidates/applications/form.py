"""The application form: what of it may be changed now, and saving it section by section."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.applications.notices import issue_notice
from candidates.applications.personal_data import write_to_account
from candidates.applications.states import Status
from candidates.applications.unlocking import Unlocking
from candidates.applications.windows import require_correction_time, require_window
from candidates.applications.workflow import Actor, lock, move
from candidates.encryption import keyed_hash
from candidates.models import Application
from candidates.rules import contradictions, id_number, institutions
from candidates.rules.profile import Profile
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.sections import SECTION_OF, SECTIONS

SEALED = ("document_number", "mobile")  # shown masked in records
_COLUMNS = {column.name: column.attname for column in Application._meta.concrete_fields}


@dataclass(frozen=True)
class Saved:
    """What saving a section has come to."""

    application: Application
    changed: tuple[str, ...]  # the fields that have another value now
    profile_before: Profile | None


def editable_fields(application: Application, now: datetime) -> frozenset[str]:
    """Return the fields that the candidate may change now; raises NotAllowed, with the reason, where there are none."""
    if application.status == Status.DRAFT:
        require_window(application.session, "registration", now=now)
        return frozenset(SECTION_OF)
    if application.status == Status.REGISTERED:
        require_window(application.session, "registration", "upload", now=now)
        return frozenset(SECTION_OF)
    if application.status != Status.RETURNED:
        raise NotAllowed("上报完成，内容已锁定，报名表不能修改。")

    require_correction_time(application, now)
    unlocking = Unlocking.of(application)
    fields = _fields_of(unlocking.sections) | set(unlocking.fields)
    if not fields:
        raise NotAllowed("本次退回没有要求修改报名表，请按要求补正材料。")
    return frozenset(fields)


@transaction.atomic
def save_section(
    pk: int,
    section: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    seen: int | None,
    drawn: str = "",
    now: datetime | None = None,
) -> Saved:
    """Save the values of one section, as far as they may be changed now, also where they are not complete yet.

    `values`: field -> value in its stored spelling; those of other sections are ignored. `seen` is the id of the last
    record that the form was drawn with, `drawn` the print_of() what stood in it. Raises NotAllowed, AlreadyMoved,
    Refused (number or mobile of another account; under "" where another tab has saved other answers since).
    """
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    allowed = _allowed(application, section, actor, now)

    before, profile_before, was = values_of(application), application.profile, print_of(application, section)
    wrong_before = problems(application, now=now) if application.status == Status.RETURNED else {}
    _write(application, {field: values[field] for field in allowed & set(values)})
    if drawn and drawn != was and print_of(application, section) != was:
        raise Refused({"": "这一部分已在另一个页面保存过：请刷新页面，核对后再保存。"})
    if section == "basic":
        write_to_account(application, before)

    changed = tuple(field for field, value in values_of(application).items() if value != before[field])
    if section not in application.saved_sections:
        application.saved_sections = [*application.saved_sections, section]
    if application.status == Status.RETURNED:
        _note_correction(application, section, before, changed)
        _unlock_conflicts(application, wrong_before, now)
    _keep(application, before, changed, actor, now)
    return Saved(application, changed, profile_before)


def _allowed(application: Application, section: str, actor: Actor, now: datetime) -> frozenset[str]:
    """Return the section's fields that this actor may change now. Raises NotAllowed where there are none."""
    if not actor.belongs_to(application):
        raise NotAllowed("这不是您的报名。")
    allowed = editable_fields(application, now) & set(SECTIONS[section].fields)
    if not allowed:
        raise NotAllowed("本次退回没有要求修改这一部分。")
    return allowed


def _write(application: Application, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        setattr(application, field, value)
    if "point" in values:
        application.place_at(values["point"])


def _keep(
    application: Application, before: Mapping[str, Any], changed: tuple[str, ...], actor: Actor, now: datetime
) -> None:
    """Save the row; what changed after completing is recorded, and the notice made anew."""
    if application.status == Status.DRAFT or not changed:
        application.save()
        return

    after = values_of(application)
    note = {field: [_told(field, before[field]), _told(field, after[field])] for field in changed}
    move(application, "amend", actor, data={"fields": list(changed)}, note=note, now=now)
    issue_notice(application, now)


def _told(field: str, value: Any) -> str:
    if field in SEALED and value:
        return id_number.masked(value)
    if field == "further_institutions":
        return institutions.words(value)
    return "" if value is None else str(value)


# --- what stands in it -----------------------------------------------------------------------------------------------


def problems(application: Application, *, now: datetime, missing: bool = True) -> dict[str, str]:
    """Return what stands in the way of completing, or contradicts something: see contradictions.problems."""
    return contradictions.problems(
        answers_of(application),
        session_year=application.session.year,
        today=timezone.localdate(now),
        missing=missing,
    )


def answers_of(application: Application) -> dict[str, Any]:
    """Return the form's fields with the units and the category themselves: what the form's rules look at."""
    return {field: getattr(application, field) for field in SECTION_OF}


def values_of(application: Application) -> dict[str, Any]:
    """Return the form's fields as the row holds them, references by their key, in the form's order."""
    return {field: getattr(application, _COLUMNS[field]) for field in SECTION_OF}


def print_of(application: Application, section: str) -> str:
    """Return a keyed hash of a section as it is saved: no record tells that a draft was saved meanwhile."""
    values = values_of(application)
    return keyed_hash(json.dumps([values[field] for field in SECTIONS[section].fields], default=str, sort_keys=True))


def fingerprint(value: Any) -> str:
    """Return a keyed hash of a field's value: tells whether it has changed, not what it was."""
    return keyed_hash(f"field:{value}")


# --- what a return has unlocked --------------------------------------------------------------------------------------


def _note_correction(
    application: Application, section: str, before: Mapping[str, Any], changed: tuple[str, ...]
) -> None:
    unlocking = Unlocking.of(application)
    if section in unlocking.sections and section not in unlocking.saved:
        unlocking.saved.append(section)
    for field in changed:
        unlocking.changed.setdefault(field, fingerprint(before[field]))
    unlocking.write(application)


def _unlock_conflicts(application: Application, wrong_before: Mapping[str, str], now: datetime) -> None:
    """Unlock fields of other sections that this save brings into conflict; what was wrong before is not judged anew."""
    unlocking = Unlocking.of(application)
    new = set(problems(application, now=now)) - set(wrong_before) - _fields_of(unlocking.sections)
    unlocking.fields = sorted({*unlocking.fields, *new})
    unlocking.write(application)


def _fields_of(sections: Mapping[str, str]) -> set[str]:
    return {field for code in sections for field in SECTIONS[code].fields}
