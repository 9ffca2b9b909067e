"""The log-ins of one account that go on: where each is, and ending one or all of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from candidates.accounts.logins import BEGAN, began_at
from candidates.encryption import keyed_hash
from candidates.models import Account, LoginSession
from candidates.rules.devices import browser_of

BROWSER = "browser"  # in the session: the browser in words, as it was at the log-in
UNKNOWN = "未知的浏览器"


@dataclass(frozen=True)
class LogIn:
    mark: str  # names it to a page, and opens nothing
    browser: str
    began_at: datetime | None
    last_at: datetime | None
    is_here: bool  # it is the one that asks


def note_browser(request) -> None:
    request.session[BROWSER] = browser_of(request.headers.get("User-Agent", "")) or UNKNOWN


def of(account: Account, session_key: str | None) -> list[LogIn]:
    """Return the log-ins that go on, this one first, then by when each was last used."""
    found = LoginSession.objects.filter(account=account, expire_date__gt=timezone.now())
    log_ins = [_read(row, session_key) for row in found]
    return sorted(log_ins, key=lambda one: (one.is_here, one.last_at.timestamp() if one.last_at else 0), reverse=True)


def _read(row: LoginSession, session_key: str | None) -> LogIn:
    data = row.get_decoded()
    return LogIn(
        mark=_mark(row.pk),
        browser=data.get(BROWSER, UNKNOWN),
        began_at=began_at(data) if BEGAN in data else None,
        last_at=row.last_at,
        is_here=row.pk == session_key,
    )


def _mark(session_key: str) -> str:
    return keyed_hash(f"log-in:{session_key}")[:24]


def end(account: Account, mark: str) -> bool:
    """Log out there. False where there is no such log-in of this account, or it has ended."""
    keys = LoginSession.objects.filter(account=account).values_list("pk", flat=True)
    there = [key for key in keys if _mark(key) == mark]
    return LoginSession.objects.filter(pk__in=there).delete()[0] > 0


@transaction.atomic
def end_all(account: Account) -> None:
    """Log out everywhere, here too; what a request under way still saves opens nothing."""
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)
    LoginSession.objects.filter(account=account).delete()
