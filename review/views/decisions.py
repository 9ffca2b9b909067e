from django.contrib import messages
from django.shortcuts import render
from django.views.decorators.http import require_POST

from candidates.applications.acts import act_of
from candidates.applications.workflow import moment
from candidates.models import Application
from candidates.rules.levels import FIRST
from candidates.rules.refusals import Refused
from candidates.views.answers import Asked, asked_in, refusals_told_on
from review.cases import decisions, holds, shown, undo_offers, undoing
from review.forms.case import CaseForm, displayed_in
from review.views.case import case_for, drawn_again
from review.views.queue import list_query, redirect_to_next, to_case, to_list

HANDED_ON = ("pass", "return", "reject", "send_back")  # after these the case waits for somebody else


@require_POST
@refusals_told_on("review/refused.html")
def decide(request, number, action):
    """Do 审核通过 or 退回补正 with the verdicts of the page; show what is missing beside what it is about."""
    asked = asked_in(request, number, action)
    form = CaseForm(case_for(request.user, asked.application), request.POST)
    try:
        if not form.is_valid():
            raise Refused(form.problems)
        if action == "return" and "listed" not in request.POST and form.returns:
            return _listed(request, asked.application, form)
        application = _decided(asked, action, form)
    except Refused as refusal:
        form.refused = refusal.problems
        return drawn_again(request, asked.application, form)
    return done(request, application, action)


def _listed(request, application, form):
    """List what will be returned, for a page without its script; the next press returns it."""
    context = {
        "application": application,
        "form": form,
        "carried": carried(request.POST),
        "list_query": list_query(request),
    }
    return render(request, "review/returning.html", context)


def carried(posted):
    """Return what stands in the case page's form, to be sent on by a page that asks once more: name, value."""
    own = ("csrfmiddlewaretoken", "then", "listed")
    return [(name, value) for name, value in posted.items() if name not in own]


def _decided(asked: Asked, action: str, form: CaseForm) -> Application:
    ticks = form.ticked if asked.actor.level == FIRST else {}
    if action == "pass":
        return decisions.pass_on(
            asked.application.pk,
            actor=asked.actor,
            seen=asked.seen,
            verdicts=form.verdicts,
            ticks=ticks,
            displayed=form.displayed,
        )
    return decisions.return_for_correction(
        asked.application.pk,
        actor=asked.actor,
        seen=asked.seen,
        verdicts=form.verdicts,
        categories=form.named_categories,
        sections=form.named_sections,
        until=form.until,
        ticks=ticks,
        displayed=form.displayed,
    )


def done(request, application, action):
    """Say what was done and lead on: to the next case where that was asked for, else to the list or the case."""
    holds.release(application, request.user)
    shown.record(request.user, application, displayed_in(request.POST))
    undo_offers.offer(request.session, application, request.user)
    until = f"，补正期限 {moment(application.return_deadline)}" if application.return_deadline else ""
    record = application.last_record  # what the act has become: a pass may have been drawn for a second look
    messages.success(request, f"{application.number}：{act_of(record.action).name if record else action}{until}。")

    if request.POST.get("then") == "next" and request.user.is_reviewer:
        return redirect_to_next(request, after=application.pk)
    return to_list(request) if action in HANDED_ON else to_case(request, application.number)


@require_POST
@refusals_told_on("review/refused.html")
def undo(request, number):
    """Do 撤回操作, and open the case where it is one's own again, with what had been put in."""
    asked = asked_in(request, number, "undo")
    application = undoing.undo(asked.application.pk, actor=asked.actor, seen=asked.seen)
    undo_offers.forget(request.session)
    messages.success(
        request, f"{application.number}：已撤回，没有通知考生。您的审核意见都保留在这里，可以修改后重新提交。"
    )
    return to_case(request, application.number)


@require_POST
@refusals_told_on("review/refused.html")
def received(request, number):
    """Do 已收到: the site holds an owed paper."""
    asked = asked_in(request, number, "received")
    category = request.POST.get("category", "")
    try:
        application = decisions.received(asked.application.pk, actor=asked.actor, seen=asked.seen, category=category)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return to_case(request, number)
    return done(request, application, "received")
