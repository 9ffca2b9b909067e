"""The gate: the only way to an application. A miss is 404, as if it did not exist."""

from datetime import datetime
from functools import cache, wraps

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from candidates.applications import steps
from candidates.applications.states import Status
from candidates.applications.workflow import RELATED
from candidates.models import Account, Application, ExamSession, Unit
from candidates.models.session import SHANGHAI
from candidates.prepared import Prepared
from candidates.trail import looks

SHOWN = 21  # applications of a candidate that are read: the current one, and as many as the page lists besides
YEAR = "year"  # in an address, and from then on in the log-in session: which of two running applications is meant
FORM = "application"  # in a form, or in the address it is sent to: the key of the application that it is about
NO_HURRY = datetime.max.replace(tzinfo=SHANGHAI)


@cache
def _mine(related: tuple[str, ...], only: tuple[str, ...]) -> Prepared[Application]:
    rule = Application.objects.visible_to(Account(pk=0, kind="candidate"))
    read = rule.select_related(*related).only(*only)
    return Prepared(lambda: read.order_by("-session__year", "-pk")[:SHOWN])


def get_my_application(request) -> Application:
    """Return the candidate's current application (see find_my_application); a miss is 404."""
    return _or_404(find_my_application(request))


def find_my_application(request) -> Application | None:
    """Return the current application: the one that is running, whatever other year has been opened.

    None for a candidate who has none, and for everybody who is no candidate.
    """
    return _current(request, my_applications(request))


def my_applications(request) -> list[Application]:
    """Return all of this candidate's applications, newest first, as they are when the request first asks for them.

    Views, and what every page says of them, ask here; the database is asked once a request.
    """
    if not hasattr(request, "_my_applications"):
        request._my_applications = _read(request, RELATED, ())
    return request._my_applications


def get_my_application_anew(request) -> Application:
    """Return the current application as it is by now: for a page drawn after an act was refused."""
    request._my_applications = _read(request, RELATED, ())
    return get_my_application(request)


def get_my_application_with(request, related: tuple[str, ...], only: tuple[str, ...]) -> Application:
    """Return the current application with these fields only, and with what lies beside it (`related`).

    For a request to which reading the others would take longer than what it does with them; kept for nobody else.
    """
    return _or_404(_current(request, _read(request, related, only)))


def _read(request, related: tuple[str, ...], only: tuple[str, ...]) -> list[Application]:
    user = request.user
    return _mine(related, only)(user.pk) if user.is_authenticated and user.is_active and user.is_candidate else []


def _or_404(application: Application | None) -> Application:
    if application is None:
        raise Http404
    return application


def _current(request, mine: list[Application]) -> Application | None:
    """Choose the one that a posted form is about. Else of several that run the one whose year was asked for, or the one
    with the nearest deadline; where none runs, of the newest session the one not withdrawn if there is one.
    """
    if len(mine) < 2:
        return mine[0] if mine else None

    if request.method == "POST":
        named = request.GET.get(FORM) or request.POST.get(FORM)
        if named:  # whatever has become of it: what was meant for one must never reach another
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
    """Keep in the log-in session which year `?year=` asks for, until another is asked for."""
    asked = next((one.session.year for one in running if str(one.session.year) == request.GET.get(YEAR)), None)
    if asked and request.session.get(YEAR) != asked:
        request.session[YEAR] = asked


def my_session(request) -> ExamSession | None:
    """Return the session that is this person's concern: of the application that runs, else the portal's current one."""
    application = find_my_application(request)
    if application is not None and application.is_running(timezone.now()):
        return application.session
    return ExamSession.current()


def my_others(request, current: Application | None):
    """Return what this account applied for besides the current one, newest first; read-only."""
    mine = Application.objects.visible_to(request.user).select_related(*RELATED)
    return mine.exclude(pk=current.pk if current else None).order_by("-session__year", "-pk")


@cache
def _case_of(level: str) -> Prepared[Application]:
    rule = Application.objects.visible_to(Account(pk=0, kind="reviewer", unit=Unit(pk=0, level=level)))
    return Prepared(lambda: rule.filter(number="").select_related(*RELATED, "account"))


def get_case(request, number: str) -> Application:
    """Return an application by its number, as far as this account may see its contents; else 404.

    A reviewer's every request asks: made once it saves a tenth of what the case page costs.
    """
    account = request.user
    if account.is_authenticated and account.is_active and account.is_reviewer and account.unit.is_active:
        return _or_404(_case_of(account.unit.level).one(account.unit.pk, number))
    found = Application.objects.visible_to(account).filter(number=number)
    return _or_404(found.select_related(*RELATED, "account").first())


@transaction.atomic
def open_case(request, number: str, kind: str) -> Application:
    """Return the case as get_case does, with the look of staff recorded: a recall comes before it, or too late."""
    mine = Application.objects.visible_to(request.user).filter(number=number)
    list(mine.select_for_update().values_list("pk"))  # held, and only then read
    application = get_case(request, number)
    looks.write(request.user, [application], kind, timezone.now())
    return application


def get_listed(request, number: str) -> Application:
    """Return an application of which this account may see number, name and status only; else 404."""
    return _or_404(Application.objects.listed_to(request.user).filter(number=number).first())


def candidates_only(view):
    """Answer reviewers and operators 404 at a candidate's address."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.is_candidate:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
