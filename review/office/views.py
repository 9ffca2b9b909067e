"""询问, from the candidate's side: the question, and its answer."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from candidates.applications import steps
from candidates.applications.access import candidates_only
from candidates.models import Application
from candidates.rules.refusals import PictureRefused, Refused
from candidates.views.answers import actor_of, refusals_told
from candidates.views.typed import form_of, kept_when_refused, page
from materials.pictures import formats
from materials.pictures.check import check
from materials.turns import upload_turn
from review.forms.office import AnswerForm
from review.models import Question
from review.office import questions

LATE = "审核单位已经不再等待这个答复，您写的话已保存，供审核单位查阅。"


@candidates_only
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told
@kept_when_refused
def question(request, key):
    """Show a question on GET; keep its answer on POST, 409 where nothing is asked any more."""
    asked = _mine(request, key)
    form = form_of(request, AnswerForm)
    if request.method == "POST" and form.is_valid():
        try:
            answered = _answered(request, asked, form.cleaned_data["words"])
        except Refused as refusal:
            form.add_error("words", refusal.problems["words"])
        except PictureRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, LATE if answered.is_late else "答复已提交，审核单位会看到。")
            return redirect("application")

    now = timezone.now()
    context = {
        "question": asked,
        "is_over": asked.until <= now,
        "steps": steps.steps(asked.application, now),
        "form": form,
        "formats": formats,
    }
    return page(request, "review/question.html", context)


def _mine(request, key):
    """Return a question of an application that this candidate may see; else 404."""
    mine = Application.objects.visible_to(request.user)
    found = Question.objects.filter(pk=key, application__in=mine)
    asked = found.select_related("application__session", "application__last_record", "unit", "image").first()
    if asked is None:
        raise Http404
    return asked


def _answered(request, asked, words):
    file = request.FILES.get("image") if asked.category else None
    if not file or not asked.is_open or not words:
        return questions.answer(asked.pk, actor=actor_of(request), words=words)

    with upload_turn(request.user.pk) as turn:
        picture = check(
            file.read(),
            size=file.size,
            min_side=settings.PICTURE_MIN_SIDE,
            before=lambda received, is_costly: turn.admit(is_costly),
        )
        return questions.answer(asked.pk, actor=actor_of(request), words=words, picture=picture)
