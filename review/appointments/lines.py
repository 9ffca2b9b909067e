"""The on-site list at the desk: each line 原件已核对, 缺, or 下午补看 (parked: on the list again in the afternoon).

What is seen or missing are the ticks that a decision asks for; they are written at once, since the originals are there
now and the decision may come later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.applications.workflow import Actor, lock, require
from candidates.models import Application
from candidates.rules.refusals import Refused
from materials.models import Submission
from materials.rules import onsite
from review.cases import drafts
from review.cases.verdicts import onsite_lines
from review.models import OnsiteTick, ParkedLine

MARKS = {"seen": "原件已核对", "missing": "缺", "later": "下午补看"}
MISSING, LONGEST_NOTE = "缺", 120
# Attachment 4's number of a line -> the category whose pictures lie beside the paper
PICTURES = {
    2: "identity",
    3: "diploma",
    4: "education_proof",
    5: "assistant_licence",
    6: "assistant_licence",
    7: "probation",
    9: "institution_licence",
    10: "fresh_commitment",
}


@dataclass(frozen=True)
class Marked:
    """One line as the desk has it: what is marked (a key of MARKS, or empty), and the note of what is missing."""

    line: onsite.Line
    mark: str = ""
    note: str = ""
    by: str = ""
    at: datetime | None = None


def of_case(application: Application) -> list[Marked]:
    """List the lines of the case's present round with their marks."""
    ticks = _ticks_of(application)
    return [_marked(line, *ticks.get(line.document, (None, None))) for line in _lines(application)]


def _lines(application: Application) -> tuple[onsite.Line, ...]:
    submission = Submission.objects.filter(application=application, round=application.round).first()
    return onsite_lines(application, submission)


def _ticks_of(application: Application) -> dict[str, tuple[OnsiteTick | None, ParkedLine | None]]:
    ticks = OnsiteTick.objects.filter(application=application, round=application.round).select_related("account")
    parked = ParkedLine.objects.filter(application=application, settled_at=None).select_related("account")
    found: dict[str, tuple[OnsiteTick | None, ParkedLine | None]] = {one.document: (one, None) for one in ticks}
    return found | {one.document: (None, one) for one in parked}


def _marked(line: onsite.Line, tick: OnsiteTick | None, parked: ParkedLine | None) -> Marked:
    row = parked or tick
    if row is None:
        return Marked(line)
    mark = "later" if parked else "seen" if tick and tick.seen else "missing"
    note = tick.note if tick and not tick.seen and tick.note != MISSING else ""
    return Marked(line, mark, note, by=(row.account.username or "") if row.account else "", at=row.at)


@transaction.atomic
def mark(pk: int, marks: Mapping[str, tuple[str, str]], *, actor: Actor, now: datetime | None = None) -> list[Marked]:
    """Write marks: document -> (a key of MARKS or empty, note). Return the lines as they are then.

    Raise NotAllowed where the case does not wait at the actor's point, Refused under `line:<document>`.
    """
    now = now or timezone.now()
    application = lock(pk)
    require("pass", application, actor)
    problems = {f"line:{one}": wrong for one, (said, note) in marks.items() if (wrong := _wrong(said, note))}
    if problems:
        raise Refused(problems)

    before = {one.line.document: one for one in of_case(application)}
    changed = {
        document: (said, note.strip())
        for document, (said, note) in marks.items()
        if document in before and (before[document].mark, before[document].note) != (said, note.strip())
    }
    for document, (said, note) in changed.items():
        _write(application, document, said, note, actor, now)
    if changed:  # with the ticks that a case page keeps, its decision would take these back
        drafts.forget_ticks(application)
    return of_case(application)


def _wrong(said: str, note: str) -> str:
    if said and said not in MARKS:
        return "请选择原件已核对、缺或下午补看。"
    if len(note.strip()) > LONGEST_NOTE:
        return f"说明最多 {LONGEST_NOTE} 个字。"
    if note.strip() and said != "missing":
        return "说明写给缺的材料：请选“缺”，或删去说明。"
    return ""


def _write(application: Application, document: str, said: str, note: str, actor: Actor, now: datetime) -> None:
    """Put one mark in the place of what stood there."""
    round_of: dict[str, Any] = {"application": application, "round": application.round, "document": document}
    open_ones = ParkedLine.objects.filter(application=application, document=document, settled_at=None)
    if said != "later":
        open_ones.update(settled_at=now)
    if said in ("seen", "missing"):
        seen = said == "seen"
        words = "" if seen else note or MISSING
        OnsiteTick.objects.update_or_create(
            **round_of, defaults={"seen": seen, "note": words, "account": actor.account, "at": now}
        )
        return
    OnsiteTick.objects.filter(**round_of).delete()
    if said == "later" and not open_ones.exists():
        ParkedLine.objects.create(application=application, document=document, at=now, account=actor.account)
