"""Acts on a page of their own, which asks for the reason: GET asks, POST acts."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from candidates.applications.access import get_case
from candidates.applications.acts import ACTS
from candidates.applications.states import Status
from candidates.rules.refusals import NotAllowed, Refused
from candidates.views.answers import actor_of, refusals_told_on, require_still, seen_in
from review.cases import decisions
from review.cases.case import Case
from review.forms.acts import ActForm
from review.forms.case import CaseForm
from review.views.case import drawn, not_yet
from review.views.decisions import done


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def act(request, number, action):
    application = get_case(request, number)
    actor = actor_of(request)
    seen = seen_in(request) or 0
    require_still(action, application, actor, seen)
    judged = CaseForm(Case.of(application), request.POST) if action == "reject" and request.method == "POST" else None
    if judged and not judged.is_valid():
        return drawn(request, application, judged, status=422)
    asked_only = request.method != "POST" or (judged and "reason" not in request.POST)
    premature = not_yet(application, [action])
    if asked_only and action in premature:
        raise NotAllowed(premature[action] or "这份申请没有待补的材料，不能因此取消资格。")
    form = ActForm(
        None if asked_only else request.POST,
        reason=ACTS[action].reason,
        with_deadline=has_deadline(action, application),
    )
    if asked_only or not form.is_valid():
        return asked(request, application, action, form)
    try:
        application = acted(action, application, actor, seen, form, judged)
    except Refused as refusal:
        form.refuse(refusal.problems)
        return asked(request, application, action, form)
    return done(request, application, action)


def has_deadline(action, application):
    back = application.last_record.from_status if action == "reopen" and application.last_record else ""
    return action == "extend" or back == Status.RETURNED


def asked(request, application, action, form):
    """The page that asks; the verdicts of the case page are carried along, so that none is lost."""
    carried = [(name, value) for name, value in request.POST.items() if name.startswith("image-")]
    seen = request.POST.get("seen") or application.last_record_id
    context = {
        "application": application,
        "action": action,
        "act": ACTS[action],
        "form": form,
        "carried": carried,
        "seen": seen,
    }
    return render(request, "review/act.html", context, status=422 if form.errors else 200)


def acted(action, application, actor, seen, form, judged):
    words = {"actor": actor, "seen": seen, "reason": form.cleaned_data["reason"]}
    if action == "extend":
        return decisions.extend(application.pk, until=require_until(form), **words)
    if action == "reopen":
        return decisions.reopen(application.pk, until=form.until_moment if "until" in form.fields else None, **words)
    if action == "reject":
        return decisions.reject(application.pk, verdicts=judged.verdicts, **words)
    return getattr(decisions, action)(application.pk, **words)


def require_until(form):
    if form.until_moment is None:
        raise Refused({"until": "请填写新的补正期限。"})
    return form.until_moment
