"""备注: written and withdrawn on the case page, or on a page of its own where something is wrong with it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidates.applications.access import get_case, open_case
from candidates.rules.levels import FIRST
from candidates.rules.refusals import Refused
from candidates.views.answers import actor_of, refusals_told_on
from materials.rules.catalogue import BY_CODE
from review.cases.verdicts import submitted_images
from review.forms.office import NoteForm
from review.models import Note
from review.office import notes
from review.views.queue import case_address


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def write(request, number):
    """Ask on GET, keep a note on POST."""
    application = open_case(request, number, "case")
    data = request.POST if request.method == "POST" else None
    form = form_for(request.user, _captioned(submitted_images(application)), data)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            notes.write(
                application.pk,
                actor=actor_of(request),
                words=said["words"],
                image=form.about,
                for_below=said.get("for_below", False),
            )
        except Refused as refusal:
            form.refuse(refusal.problems)
        else:
            messages.success(request, "备注已保存，考生看不到。")
            return redirect(f"{case_address(request, number)}#notes")

    context = {"application": application, "form": form, "notes": notes.of_case(application, request.user)}
    return render(request, "review/note.html", context, status=422 if form.errors else 200)


def form_for(account, captioned, data=None):
    """Make the form of a note of this account, on a case with these pictures, each with its caption."""
    unit = account.unit
    return NoteForm(data, images=captioned, has_below=unit is not None and unit.level != FIRST)


def _captioned(images):
    return [(image, caption_of(image, _place(image, images))) for image in images]


def _place(image, images):
    return [one for one in images if one.category == image.category].index(image) + 1


def caption_of(image, number):
    """Name a picture by its category and its place there."""
    return f"{BY_CODE[image.category].label} 第 {number} 张"


@require_POST
@refusals_told_on("review/refused.html")
def withdraw(request, number, key):
    application = get_case(request, number)
    if not Note.objects.visible_to(request.user).filter(application=application, pk=key).exists():
        raise Http404
    notes.withdraw(key, actor=actor_of(request))
    messages.success(request, "备注已撤回。")
    return redirect(f"{reverse('review:case', args=[number])}#notes")
