"""询问, from the reviewer's side: asked on the case page, or on a page of its own where something is wrong with it."""

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from candidates.applications.access import open_case
from candidates.applications.workflow import moment
from candidates.rules.refusals import NotAllowed, Refused
from candidates.views.answers import actor_of, asked_in, refusals_told_on
from review.cases import holds
from review.forms.case import displayed_in
from review.forms.office import AskForm
from review.office import questions
from review.views.queue import list_query, to_list


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def ask(request, number):
    """Ask for the question on GET, ask the candidate on POST."""
    asked_in(request, number, "ask")
    application = open_case(request, number, "case")  # who asks has looked: nothing of it can be recalled any more
    if why := questions.not_yet(application, timezone.now()):
        raise NotAllowed(why)

    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            question = _asked(request, application, form)
        except Refused as refusal:
            form.refuse(refusal.problems)
        else:
            holds.release(application, request.user)
            messages.success(request, f"{number}：已询问考生，{moment(question.until)} 前等待答复。")
            return to_list(request)

    seen = request.POST.get("seen") or application.last_record_id
    context = {"application": application, "form": form, "seen": seen, "list_query": list_query(request)}
    context["displayed"] = request.POST.get("displayed", "")
    return render(request, "review/ask.html", context, status=422 if form.errors else 200)


def _asked(request, application, form):
    asked = asked_in(request, application.number, "ask")
    said = form.cleaned_data
    return questions.ask(
        application.pk,
        actor=actor_of(request),
        seen=asked.seen,
        words=said["words"],
        until=form.until_moment,
        category=said["category"],
        displayed=displayed_in(request.POST),
    )
