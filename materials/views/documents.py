from functools import lru_cache

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from candidates.applications import steps
from candidates.applications.access import candidates_only, get_my_application, my_session
from candidates.applications.notices import note_printed
from candidates.applications.states import NO_DOCUMENTS, OPEN_FOR_PICTURES, Status
from candidates.models import Application, NoticeVersion
from candidates.rules import names
from materials.desk import Desk
from materials.printing import correction as corrections
from materials.printing import documents, rendered
from materials.submitting import is_ready, obstacles
from materials.views.printed import A_DAY, FileName, as_pdf, name_of


@candidates_only
@require_safe
def offered(request):
    """Show what this candidate may print, prefilled and blank."""
    application = get_my_application(request)
    profile = application.profile

    conflicts = _conflicts(application)

    papers = [
        {
            "slug": one.slug,
            "title": one.title(application.session.year),
            "attachment": one.attachment,
            "copies": documents.copies_of(one, application),
            "for_employer": one.for_employer,
            "prefilled": _is_prefilled(application, one, conflicts),
        }
        for one in (documents.offered(profile) if profile else documents.blank_forms())
    ]

    desk = Desk.of(application)
    context = {
        "application": application,
        "papers": papers,
        "conflicts": conflicts,
        "steps": steps.steps(application, desk.now, is_ready=is_ready(desk)),
    }
    return render(request, "materials/documents.html", context)


@candidates_only
@require_safe
def document(request, slug):
    """Answer with one PDF, prefilled, or blank with ?blank=1 (Attachments 4 to 8).

    What Attachment 6 leaves to the employer is prefilled with ?employer=1 alone.
    """
    application = get_my_application(request)
    found = documents.get(slug, application.profile)
    if found is None:
        raise Http404

    if request.GET.get("blank") == "1":
        return _blank(request, found, application.session.year)

    if not _is_prefilled(application, found, _conflicts(application)):
        raise Http404
    employer = found.for_employer and request.GET.get("employer") == "1"
    answer = as_pdf(
        request,
        lambda: rendered.fetch(found.slug, application, employer=employer),
        name_of(found, application.number),
    )
    if found.has_versions and answer.status_code == 200:
        note_printed(application)
    return answer


@candidates_only
@require_safe
def correction(request):
    """Answer with 补正通知书, while the application is returned."""
    application = get_my_application(request)
    if not corrections.is_open(application):
        raise Http404
    name = FileName("补正通知书", corrections.SLUG, application.number)
    return as_pdf(request, lambda: corrections.fetch(application), name)


@login_not_required
@require_safe
def blank_form(request, slug):
    session, found = my_session(request), documents.get(slug)
    if session is None or found is None:
        raise Http404
    return _blank(request, found, session.year)


def _blank(request, found, year):
    if not found.attachment:
        raise Http404
    return as_pdf(request, lambda: _blank_pdf(found.slug, year), name_of(found, None), kept=A_DAY)


@lru_cache(maxsize=16)
def _blank_pdf(slug, year):
    return documents.render_blank(slug, year)


def _is_prefilled(application, document, conflicts):
    """Return whether it can be had prefilled: from `registered` on, while it is open to the application."""
    if application.number is None or application.profile is None:
        return False
    return document.is_open(application, conflicts)


def _conflicts(application):
    """Return what has to be put right in the form before the notice is offered again."""
    if application.status not in OPEN_FOR_PICTURES:
        return []
    found = obstacles(Desk.of(application))
    return [sentence for key, sentence in found.items() if key.startswith("field:")]


@login_not_required
@require_safe
def verify(request, code):
    """Say whether this printed notice is the current one; lead a reviewer who may see the case on to it."""
    read = NoticeVersion.objects.select_related("application__session", "application__point")
    notice = read.filter(code=code.upper()).first()
    if notice is None:
        return render(request, "materials/verify.html", {"notice": None}, status=404)

    application = notice.application
    mine = Application.objects.visible_to(request.user) | Application.objects.listed_to(request.user)
    if getattr(request.user, "is_reviewer", False) and mine.filter(pk=application.pk).exists():
        return redirect("review:case", number=application.number)

    context = {
        "notice": notice,
        "name": names.masked(application.name),
        "session": application.session,
        "is_withdrawn": application.status == Status.WITHDRAWN,
        "is_current": notice.replaced_at is None and application.status not in NO_DOCUMENTS,
        "point": application.point,
    }
    return render(request, "materials/verify.html", context)
