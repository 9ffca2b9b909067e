"""The gate: the only way to an application. A miss is 404, as if it did not exist."""

from functools import cache, wraps

from django.http import Http404

from candidates.models import Account, Application
from candidates.prepared import Prepared
from candidates.workflow import RELATED, VERSION

SHOWN = 21  # a candidate's applications: the current one, and what the page lists of the others


@cache
def _mine(related: tuple[str, ...], only: tuple[str, ...]) -> Prepared[Application]:
    rule = Application.objects.visible_to(Account(pk=0, kind="candidate"))
    read = rule.select_related(*related).only(*only).annotate(version=VERSION)  # see workflow.lock
    return Prepared(lambda: read.order_by("-session__year", "-pk")[:SHOWN])


def get_my_application(request, related: tuple[str, ...] = RELATED, only: tuple[str, ...] = ()) -> Application:
    """The candidate's current application: of the newest session, the one not withdrawn if there is one.

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
    newest = [one for one in mine if one.session_id == mine[0].session_id]
    found = next((one for one in newest if one.status != "withdrawn"), newest[0] if newest else None)
    request.my_application, request.my_applications = found, mine  # what pages say of them asks no second time
    return found


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
