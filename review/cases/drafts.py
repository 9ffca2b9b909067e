"""What a reviewer has put into a case's page and not decided on yet: the whole form, kept per reviewer and case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from candidates.models import Account, Application
from review.models import DraftVerdicts, Reason

Judged = Mapping[str, Mapping[str, str]]  # picture's id -> verdict, reason (a code), words


@dataclass(frozen=True)
class Draft:
    """`rest`: categories and sections (code -> named, reason), ticks (document -> seen, note), until, displayed."""

    judged: Judged = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)


def keep(
    application: Application,
    account: Account,
    judged: Judged,
    rest: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> None:
    """Put the whole page in the place of what was kept; the last to arrive counts."""
    DraftVerdicts.objects.update_or_create(
        application=application,
        account=account,
        defaults={
            "round": application.round,
            "judged": dict(judged),
            "rest": dict(rest or {}),
            "at": now or timezone.now(),
        },
    )


def kept(application: Application, account: Account) -> Draft:
    """Return what this reviewer had put in, in this round; empty where nothing is kept."""
    found = DraftVerdicts.objects.filter(application=application, account=account, round=application.round).first()
    return Draft(found.judged, found.rest) if found else Draft()


def judged_as(verdict: str, words: str, reasons: list[Reason]) -> dict[str, str]:
    """Take a verdict apart as the page has it: the standard reason that it begins with is chosen, the rest typed."""
    fitting = [one for one in reasons if one.sentence and words.startswith(one.sentence)]
    reason = max(fitting, key=lambda one: len(one.sentence), default=None)
    typed = words.removeprefix(reason.sentence) if reason else words
    return {"verdict": verdict, "reason": reason.code if reason else "", "words": typed}


def forget_ticks(application: Application) -> None:
    """Forget the on-site list in everybody's: the desk has written it, and the page shows what stands."""
    for one in DraftVerdicts.objects.select_for_update().filter(application=application):
        one.rest = {name: value for name, value in one.rest.items() if name != "ticks"}
        one.save(update_fields=["rest"])


def drop(application: Application) -> None:
    """Forget everybody's, once the level has decided."""
    DraftVerdicts.objects.filter(application=application).delete()
