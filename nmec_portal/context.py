from django.conf import settings
from django.utils.functional import SimpleLazyObject

from candidates import names
from candidates.models import ExamSession


def portal(request):
    """What every page's skeleton shows: the session's year, who is logged in, whether this is demo data."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return {
        "demo": settings.DEMO,
        "session": SimpleLazyObject(ExamSession.current),
        "person": (names.masked(user.name) if user.is_candidate else user.username) if known else "",
    }
