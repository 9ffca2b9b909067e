from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import Extract, JSONObject
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from candidates import names
from candidates.access import find_my_application
from candidates.models import Announcement, ExamSession
from materials.catalogue import BY_CODE

ENDED = ("withdrawn", "rejected", "cancelled")


def portal(request):
    """What every page's skeleton shows: the session's year, who is logged in, whether this is demo data."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    session = SimpleLazyObject(_session)
    return {
        "demo": settings.DEMO,
        "second_factor": settings.SECOND_FACTOR and known and not user.is_candidate,
        "announcements": SimpleLazyObject(lambda: session.pinned if session else _newest(_pinned())),
        "session": session,
        "owed_line": SimpleLazyObject(lambda: _owed(request)) if known and user.is_candidate else None,
        "person": (names.masked(user.name) if user.is_candidate else user.username) if known else "",
    }


# sorted here: there are a few rows of each, on every page


def _pinned():
    return (
        Announcement.objects.filter(pinned=True)
        .shown()
        .order_by()
        .values("pk", "title", at=Extract("starts_at", "epoch"))
    )


def _newest(notices):
    """Three at most."""
    return sorted(notices, key=lambda notice: (notice["at"], notice["pk"]), reverse=True)[:3]


def _session():
    """The newest session, and as its `pinned` the notices to all on every page: one query, since every page asks."""
    pinned = ArraySubquery(_pinned().values(notice=JSONObject(pk="pk", title="title", at="at")))
    newest = max(ExamSession.objects.annotate(pinned=pinned).order_by(), key=lambda one: one.year, default=None)
    if newest:
        newest.pinned = _newest(newest.pinned)
    return newest


def _owed(request):
    """What this candidate still owes, with its date, on every page until it is settled; empty where nothing is."""
    known = hasattr(request, "my_application")
    application = request.my_application if known else find_my_application(request)
    if application is None or not application.owed or application.status in ENDED:
        return {}
    until = application.session.owed_until
    labels = [BY_CODE[code].label for code in application.owed]
    return {"labels": labels, "until": until, "is_over": timezone.now() >= until}
