from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from candidates.applications.access import get_case
from candidates.applications.acts import ACTS
from candidates.applications.workflow import moment
from candidates.rules.refusals import Refused
from candidates.views.answers import actor_of, refusals_told_on, require_still, seen_in
from review.cases import decisions, holds
from review.cases.case import Case
from review.forms.case import CaseForm
from review.views.case import drawn
from review.views.queue import redirect_to_next


@require_POST
@refusals_told_on("review/refused.html")
def decide(request, number, action):
    """审核通过 or 退回补正, with the verdicts of the page; what is missing is shown beside what it is about."""
    application = get_case(request, number)
    actor = actor_of(request)
    seen = seen_in(request) or 0
    require_still(action, application, actor, seen)
    form = CaseForm(Case.of(application), request.POST)
    try:
        if not form.is_valid():
            raise Refused(form.problems)
        application = decided(action, application.pk, actor, seen, form)
    except Refused as refusal:
        form.refused = refusal.problems
        return drawn(request, application, form, status=422)
    return done(request, application, action)


def decided(action, pk, actor, seen, form):
    judged = {"verdicts": form.verdicts, "ticks": form.ticked if actor.level == "point" else {}}
    if action == "pass":
        return decisions.pass_on(pk, actor=actor, seen=seen, **judged)
    named = {"categories": form.named_categories, "sections": form.named_sections}
    return decisions.return_for_correction(pk, actor=actor, seen=seen, until=form.until, **named, **judged)


def done(request, application, action):
    """Says what was done and leads on: to the next case where that was asked for, else to the list or the case."""
    holds.release(application, request.user)
    until = f"，补正期限 {moment(application.return_deadline)}" if action in ("return", "extend") else ""
    messages.success(request, f"{application.number}：{ACTS[action].name}{until}。")
    if request.POST.get("then") == "next" and request.user.is_reviewer:
        return redirect_to_next(request, after=application.pk)
    if action in ("pass", "return", "reject", "send_back"):
        return redirect("review:queue")
    return redirect("review:case", number=application.number)


@require_POST
@refusals_told_on("review/refused.html")
def received(request, number):
    """已收到: the site holds an owed paper."""
    application = get_case(request, number)
    actor = actor_of(request)
    seen, category = seen_in(request) or 0, request.POST.get("category", "")
    try:
        application = decisions.received(application.pk, actor=actor, seen=seen, category=category)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("review:case", number=number)
    return done(request, application, "received")
