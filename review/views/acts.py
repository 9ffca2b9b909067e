"""Acts on a page of their own, which asks for the reason: GET asks, POST acts, or asks where it brings none."""

from uuid import UUID

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from candidates.applications.acts import ACTS
from candidates.applications.states import Status
from candidates.models import Application
from candidates.rules.refusals import NotAllowed, Refused
from candidates.views.answers import Asked, asked_in, refusals_told_on
from review.cases import decisions
from review.cases.reasons import offered
from review.forms.acts import ActForm
from review.forms.case import CaseForm, displayed_in
from review.models.reason import USES
from review.views.case import case_for, drawn_again, not_yet
from review.views.decisions import done
from review.views.queue import list_query

WITH_A_REASON_ALONE = {
    "send_back": decisions.send_back,
    "retract": decisions.retract,
    "cancel": decisions.cancel,
}
CARRIED = ("displayed", "list")  # of the case page, and its verdicts


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def act(request, number, action):
    asked = asked_in(request, number, action)
    application, posted = asked.application, request.method == "POST"
    judged = CaseForm(case_for(request.user, application), request.POST) if action == "reject" and posted else None
    if judged and not judged.is_valid():
        return drawn_again(request, application, judged)

    asked_only = not posted or "reason" not in request.POST  # the case page's button sends what is to be carried along
    premature = not_yet(application, [action])
    if asked_only and action in premature:
        raise NotAllowed(premature[action] or "这份申请没有待补的材料，不能因此取消资格。")

    data = None if asked_only else request.POST
    form = ActForm(
        data,
        reason=ACTS[action].reason,
        deadline=_deadline(action, application),
        standard=offered(application, action) if action in USES else None,
    )
    if asked_only or not form.is_valid():
        return _page(request, application, action, form)
    try:
        application = _acted(asked, action, form, judged, displayed_in(request.POST))
    except Refused as refusal:
        form.refuse(refusal.problems)
        return _page(request, application, action, form)
    return done(request, application, action)


def _deadline(action, application):
    """Return what the deadline that this act gives is called; empty where it gives none."""
    if action == "reinstate":
        return "新的缴费截止日" if decisions.pays_again(application) else ""
    back = application.last_record.from_status if action == "reopen" and application.last_record else ""
    return "新的补正期限" if action == "extend" or back == Status.RETURNED else ""


def _page(request, application, action, form):
    """Ask, and carry the verdicts of the case page along, so that none is lost."""
    context = {
        "application": application,
        "act": ACTS[action],
        "form": form,
        "carried": [
            (name, value) for name, value in request.POST.items() if name.startswith("image-") or name in CARRIED
        ],
        "list_query": list_query(request),
        "seen": request.POST.get("seen") or application.last_record_id,
    }
    return render(request, "review/act.html", context, status=422 if form.errors else 200)


def _acted(
    asked: Asked, action: str, form: ActForm, judged: CaseForm | None, displayed: set[UUID] | None
) -> Application:
    pk, actor, seen, reason = asked.application.pk, asked.actor, asked.seen, form.said
    if action == "extend":
        until = _require_until(form)
        return decisions.extend(pk, actor=actor, seen=seen, reason=reason, until=until, displayed=displayed)
    if action == "reopen":
        until = form.until_moment
        return decisions.reopen(pk, actor=actor, seen=seen, reason=reason, until=until, displayed=displayed)
    if action == "reinstate":
        until = form.until_moment
        return decisions.reinstate(pk, actor=actor, seen=seen, reason=reason, until=until, displayed=displayed)
    if action == "reject":
        verdicts = judged.verdicts if judged else {}
        return decisions.reject(pk, actor=actor, seen=seen, reason=reason, verdicts=verdicts, displayed=displayed)
    return WITH_A_REASON_ALONE[action](pk, actor=actor, seen=seen, reason=reason, displayed=displayed)


def _require_until(form):
    if form.until_moment is None:
        raise Refused({"until": "请填写新的补正期限。"})
    return form.until_moment
