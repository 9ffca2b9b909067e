from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import Extract, JSONObject
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from candidates.applications.access import find_my_application, my_applications
from candidates.applications.states import ENDED
from candidates.models import Announcement, ExamSession
from candidates.models.session import current_of
from candidates.prepared import Prepared
from candidates.rules import names
from materials.rules.catalogue import BY_CODE


def portal(request):
    """Return what every page's skeleton shows: the session's year, who is logged in, whether this is demo data."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    candidate = known and user.is_candidate
    session = SimpleLazyObject(_session)
    return {
        "demo": settings.DEMO,
        "demo_sms": settings.ALIYUN_SMS["gateway"] if settings.DEMO and settings.ALIYUN_SMS else "",
        "second_factor": settings.SECOND_FACTOR and known and not user.is_candidate,
        "announcements": SimpleLazyObject(lambda: session.pinned if session else _newest(_pinned())),
        "session": SimpleLazyObject(lambda: _concerning(request) or session) if candidate else session,
        "owed_line": SimpleLazyObject(lambda: _owed(request)) if candidate else None,
        "person": (names.masked(user.name) if user.is_candidate else user.username) if known else "",
    }


# sorted here: there are a few rows of each, on every page
_KEYS = ("pk", "title", "at")  # of a notice, as the query gives it
# made once: turning it into SQL took 2 of the 7 ms of the smallest page
_SESSIONS = Prepared(
    lambda: ExamSession.objects.annotate(
        pinned=ArraySubquery(_pinned().values(notice=JSONObject(pk="pk", title="title", at="at")))
    ).order_by()
)


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
    """Return the current session, with the notices to all as its `pinned`: one query, since every page asks."""
    now = timezone.now()
    current = current_of(_SESSIONS(*_KEYS, settings.TIME_ZONE, now, now), now)
    if current:
        current.pinned = _newest(current.pinned)
    return current


def _concerning(request):
    """Return the session of the application that runs, whatever other year has been opened: its pages are of it."""
    application = find_my_application(request)
    return application.session if application and application.is_running(timezone.now()) else None


def _owed(request):
    """Return what this candidate still owes and until when, shown on every page; empty where nothing is owed."""
    current = find_my_application(request)
    running = (one for one in my_applications(request) if one != current and one.is_running(timezone.now()))
    owing = (one for one in (current, *running) if one and one.owed and one.status not in ENDED)
    application = next(owing, None)
    if application is None:
        return {}
    until = application.session.owed_until
    labels = [BY_CODE[code].label for code in application.owed]
    return {"labels": labels, "until": until, "is_over": timezone.now() >= until}
