"""撤回修改: GET asks, POST does."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from candidates.applications import steps, workflow
from candidates.applications.access import candidates_only, get_my_application, get_my_application_anew
from candidates.applications.states import OPEN_FOR_PICTURES
from candidates.rules.refusals import AlreadyMoved, NotAllowed
from candidates.views.answers import actor_of, refusals_told, seen_in
from materials import recalling
from materials.needs import last_submission

NOT_SUBMITTED = "您的材料现在没有提交，可以直接修改，不用撤回。改好后请提交审核。"


@candidates_only
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told
def recall(request):
    application = get_my_application(request)
    if request.method == "POST":
        return _recalled(request, application)

    if application.status in OPEN_FOR_PICTURES:  # taken back already, or not submitted yet
        raise NotAllowed(NOT_SUBMITTED)
    workflow.require("recall", application, actor_of(request))
    now, submission = timezone.now(), last_submission(application)
    if submission is None:
        raise Http404
    if why := recalling.refusal(application, submission, now):
        raise NotAllowed(why)
    context = {
        "application": application,
        "session": application.session,
        "steps": steps.steps(application, now),
        "seen": application.last_record_id or 0,
        "until": recalling.open_until(application, now),
    }
    return render(request, "materials/recall.html", context)


def _recalled(request, application):
    try:
        recalling.recall(application.pk, actor=actor_of(request), seen=seen_in(request))
    except AlreadyMoved as moved:
        application = get_my_application_anew(request)
        is_done = moved.record and moved.record.action == "recall" and application.status in OPEN_FOR_PICTURES
        if not is_done:  # else pressed twice
            raise
    messages.success(request, "提交已撤回：现在可以修改，改好后请再次提交审核。")
    return redirect("materials:desk")
