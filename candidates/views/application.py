"""My application: where it stands, what to do next; starting and withdrawing."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.applications import registration, steps, summary, workflow
from candidates.applications.access import (
    YEAR,
    candidates_only,
    find_my_application,
    get_my_application,
    get_my_application_anew,
    my_applications,
    my_others,
)
from candidates.applications.form import editable_fields, problems
from candidates.applications.states import ENDED_BY_AN_OFFICE, NO_DOCUMENTS, NOT_SUBMITTED, Status
from candidates.applications.unlocking import Unlocking
from candidates.messages import outbox
from candidates.messages.unread import unread_by
from candidates.models import Application, ExamSession
from candidates.models.session import SessionState, current_of
from candidates.rules.refusals import AlreadyMoved, NotAllowed
from candidates.rules.sections import SECTIONS, label
from candidates.views.answers import actor_of, refusals_told, seen_in
from materials import recalling, submitting
from materials.desk import Desk
from materials.models import MaterialImage
from materials.printing import documents
from materials.rules.catalogue import BY_CODE
from review.appointments import captures, offers


@candidates_only
@require_safe
def overview(request):
    application, mine = find_my_application(request), my_applications(request)
    now = timezone.now()
    sessions = ExamSession.every()
    to_start = registration.startable(mine, sessions, now)
    session = to_start[0] if to_start else current_of(sessions, now)
    if application is None or (_is_past(application, now) and session != application.session):
        return _start_page(request, session, to_start, now)

    desk = Desk.of(application, now)
    conflicts, is_ready = _conflicts(application, now), submitting.is_ready(desk)
    others = [one for one in mine if one != application]
    context = {
        "application": application,
        "session": application.session,
        "steps": steps.steps(application, now, is_ready=is_ready),
        "next": steps.next_step(application, now, conflicts=bool(conflicts), is_ready=is_ready),
        "state_words": steps.state_words(application, now, is_ready=is_ready),
        "conflicts": [(field, label(field), words) for field, words in conflicts.items()],
        "news": unread_by(request.user),
        "unreached": outbox.unreached(request.user),
        "returned": _returned(desk),
        "reason": _reason(application),
        "documents": _documents(application, conflicts),
        "may_start": application.session in to_start,
        "to_start": [one for one in to_start if one != application.session],
        "recall_until": recalling.open_until(application, now),
        "may_edit": _may_edit(application, now),
        "may_withdraw": "withdraw" in workflow.actions_for(application, request.user),
        "running": [one for one in others if one.is_running(now)],
        "earlier": [one for one in others if not one.is_running(now)],
        "appointment": offers.card(application, now),
        "captures": captures.of_case(application) if application.round else (),
    }

    return render(request, "candidates/application.html", context)


def _is_past(application: Application, now) -> bool:
    """Tell whether its session is closed or over, and nothing of it still goes on."""
    session = application.session
    return (session.state != SessionState.OPEN or now >= session.over_at) and not application.is_running(now)


def _start_page(request, session: ExamSession | None, to_start: list[ExamSession], now):
    return render(
        request,
        "candidates/start.html",
        {
            "session": session,
            "steps": steps.steps(None, now, session=session),
            "is_open": session and session.is_open("registration", now),
            "is_over": session and now >= session.registration_closes,
            "closed": workflow.window_closed(session, "registration", now) if session else "",
            "to_start": [one for one in to_start if one != session],
            "news": unread_by(request.user),
            "earlier": my_applications(request),
        },
    )


def _conflicts(application: Application, now) -> dict[str, str]:
    """Return what the candidate has to change in the form, as far as it may be changed now."""
    if application.status not in NOT_SUBMITTED:
        return {}
    return problems(application, now=now)


def _may_edit(application: Application, now) -> bool:
    try:
        return bool(editable_fields(application, now))
    except NotAllowed:
        return False


def _returned(desk: Desk) -> list[tuple[str, str, str, bool]]:
    """Return what a return named: (what, reason, where it is mended, whether it has been)."""
    application = desk.application
    if application.status != Status.RETURNED:
        return []

    unlocking, left = Unlocking.of(application), submitting.obstacles(desk)
    edit, pictures = reverse("edit"), reverse("materials:desk")

    def row(what: str, reason: str, address: str, *named: str) -> tuple[str, str, str, bool]:
        return what, reason, address, left.keys().isdisjoint(named)

    found = [
        row(f"报名表：{SECTIONS[code].title}", reason, f"{edit}?section={code}", f"section:{code}")
        for code, reason in unlocking.sections.items()
    ]
    found += [
        row(f"材料：{BY_CODE[code].label}", reason, f"{pictures}#{code}", f"category:{code}")
        for code, reason in unlocking.categories.items()
    ]

    images = MaterialImage.objects.filter(application=application, pk__in=unlocking.images).values_list(
        "pk", "category"
    )
    for pk, category in images:
        what, named = f"图片：{BY_CODE[category].label}", (f"image:{pk}", f"category:{category}")
        found.append(row(what, unlocking.images[str(pk)], f"{pictures}#{category}", *named))
    return found


def _reason(application: Application) -> str:
    """Return why it was rejected or cancelled."""
    record = application.last_record
    if application.status not in ENDED_BY_AN_OFFICE or record is None:
        return ""
    note = getattr(record, "note", None)
    return note.reason if note else ""


def _documents(application: Application, conflicts):
    """Return what can be printed now; the notice not while the form contradicts itself."""
    if application.status in NO_DOCUMENTS or application.profile is None:
        return []
    year = application.session.year
    offered = documents.offered(application.profile)
    return [(one.slug, one.title(year)) for one in offered if one.is_open(application, conflicts)]


@candidates_only
@require_safe
def earlier(request, pk: int):
    """Show an earlier application, or a withdrawn one: read-only."""
    application = my_others(request, None).filter(pk=pk).first()
    if application is None:
        raise Http404
    left = application.images.filter(submitted=False, removed_at=None).count()
    withdrawn_pictures = left if application.status == Status.WITHDRAWN else 0
    context = {
        "application": application,
        "sections": summary.of(application),
        "withdrawn_pictures": withdrawn_pictures,
    }
    return render(request, "candidates/earlier.html", context)


@candidates_only
@require_POST
@refusals_told
def start(request):
    """Start an application for the year that the form names, else for the one that is offered first."""
    mine, now, year = my_applications(request), timezone.now(), request.POST.get(YEAR, "")
    sessions = list(ExamSession.objects.order_by())
    offered = registration.startable(mine, sessions, now)

    if year:
        known = (*offered, *(one.session for one in mine))
        session = next((one for one in known if str(one.year) == year), None)
    else:
        session = offered[0] if offered else current_of(sessions, now)

    if session is None:
        raise Http404
    registration.start(request.user, session=session, actor=actor_of(request))
    return redirect(f"{reverse('edit')}?{YEAR}={session.year}" if mine else "edit")


@candidates_only
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told
def withdraw(request):
    """Ask on GET, withdraw on POST."""
    application = get_my_application(request)
    if request.method == "POST":
        try:
            registration.withdraw(application.pk, actor=actor_of(request), seen=seen_in(request))
        except AlreadyMoved:
            application = get_my_application_anew(request)
            if application.status != Status.WITHDRAWN:  # pressed twice: it is done
                raise
        messages.success(request, "报名已撤销。")
        return redirect("application")

    workflow.require("withdraw", application, actor_of(request))
    context = {
        "application": application,
        "session": application.session,
        "seen": application.last_record_id or 0,
        "closed": workflow.window_closed(application.session, "registration", timezone.now()),
    }
    return render(request, "candidates/withdraw.html", context)
