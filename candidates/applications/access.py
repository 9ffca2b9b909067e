"""The gate: the only way to an application. A miss is 404, as if it did not exist."""

from datetime import datetime
from functools import cache, wraps

from django.http import Http404
from django.utils import timezone

from candidates.applications import steps
from candidates.applications.states import Status
from candidates.applications.workflow import RELATED
from candidates.models import Account, Application, ExamSession
from candidates.models.session import SHANGHAI
from candidates.prepared import Prepared

SHOWN = 21  # a candidate's applications: the current one, and what the page lists of the others
YEAR = "year"  # in an address, and from then on in the log-in session: which of two running applications is meant
FORM = "application"  # in a form, or in the address it is sent to: the key of the application that it is about
NO_HURRY = datetime.max.replace(tzinfo=SHANGHAI)


@cache
def _mine(related: tuple[str, ...], only: tuple[str, ...]) -> Prepared[Application]:
    rule = Application.objects.visible_to(Account(pk=0, kind="candidate"))
    read = rule.select_related(*related).only(*only)
    return Prepared(lambda: read.order_by("-session__year", "-pk")[:SHOWN])


def get_my_application(request, related: tuple[str, ...] = RELATED, only: tuple[str, ...] = ()) -> Application:
    """The candidate's current application: the one that is running, whatever other year has been opened.

    With what lies beside it (`related`), and with all its fields or `only` some, where reading the others takes longer
    than what is done with them.
    """
    application = find_my_application(request, related, only)
    if application is None:
        raise Http404
    return application


def find_my_application(request, related: tuple[str, ...] = RELATED, only: tuple[str, ...] = ()) -> Application | None:
    user = request.user
    mine = _mine(related, only)(user.pk) if user.is_authenticated and user.is_active and user.is_candidate else []
    found = _current(request, mine)
    request.my_application, request.my_applications = found, mine  # what pages say of them asks no second time
    return found


def _current(request, mine: list[Application]) -> Application | None:
    """The one that a posted form is about. Else of several that run the one whose year was asked for, or the one with
    the nearest deadline; where none runs, of the newest session the one not withdrawn if there is one.
    """
    if len(mine) < 2:
        return mine[0] if mine else None
    if request.method == "POST":
        named = request.GET.get(FORM) or request.POST.get(FORM)
        if named:  # whatever has happened to it: what was meant for one never falls to another
            return next((one for one in mine if str(one.pk) == named), None)
    now = timezone.now()
    running = [one for one in mine if one.is_running(now)]
    if not running:
        newest = [one for one in mine if one.session_id == mine[0].session_id]
        return next((one for one in newest if one.status != Status.WITHDRAWN), newest[0])
    if len(running) > 1:
        _remember_year(request, running)
        chosen = next((one for one in running if one.session.year == request.session.get(YEAR)), None)
        if chosen:
            return chosen
    return min(running, key=lambda one: steps.deadline(one, now) or NO_HURRY)


def _remember_year(request, running: list[Application]) -> None:
    """`?year=` says which; it holds until another is asked for."""
    asked = next((one.session.year for one in running if str(one.session.year) == request.GET.get(YEAR)), None)
    if asked and request.session.get(YEAR) != asked:
        request.session[YEAR] = asked


def my_session(request) -> ExamSession | None:
    """The session that is this person's concern: of the application that runs, else the portal's current one."""
    application = known_application(request)
    if application is not None and application.is_running(timezone.now()):
        return application.session
    return ExamSession.current()


def known_application(request) -> Application | None:
    """The current application, read at most once a request; None for everybody but a candidate who has one."""
    return request.my_application if hasattr(request, "my_application") else find_my_application(request)


def my_others(request, current: Application | None):
    """What this account applied for besides the current one, newest first; read-only."""
    mine = Application.objects.visible_to(request.user).select_related(*RELATED)
    return mine.exclude(pk=current.pk if current else None).order_by("-session__year", "-pk")


def get_case(request, number: str) -> Application:
    """An application by its number, as far as this account may see its contents; else 404."""
    case = Application.objects.visible_to(request.user).filter(number=number).select_related(*RELATED).first()
    if case is None:
        raise Http404
    return case


def get_listed(request, number: str) -> Application:
    """An application of which this account may see number, name and status only; else 404."""
    case = Application.objects.listed_to(request.user).filter(number=number).first()
    if case is None:
        raise Http404
    return case


def candidates_only(view):
    """Reviewers and operators find nothing at a candidate's address (404)."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.is_candidate:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
