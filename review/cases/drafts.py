"""Verdicts that a reviewer has given on the page and not decided on yet: kept per reviewer and case."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from candidates.models import Account, Application
from review.models import DraftVerdicts

Judged = Mapping[str, Mapping[str, str]]  # picture's id -> verdict, reason (a code), words


def keep(application: Application, account: Account, judged: Judged, now: datetime | None = None) -> None:
    """Put the whole page's verdicts in the place of what was kept; the last to arrive counts."""
    DraftVerdicts.objects.update_or_create(
        application=application,
        account=account,
        defaults={"round": application.round, "judged": dict(judged), "at": now or timezone.now()},
    )


def kept(application: Application, account: Account) -> Judged:
    """Return what this reviewer had judged in this round; empty where nothing is kept."""
    found = DraftVerdicts.objects.filter(application=application, account=account, round=application.round).first()
    return found.judged if found else {}


def drop(application: Application) -> None:
    """Forget everybody's, once the level has decided."""
    DraftVerdicts.objects.filter(application=application).delete()
