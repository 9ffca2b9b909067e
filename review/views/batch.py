from django.contrib import messages
from django.shortcuts import render
from django.views.decorators.http import require_POST

from candidates.applications.workflow import require
from candidates.models import Application
from candidates.rules.levels import LABELS
from candidates.rules.refusals import NotAllowed
from candidates.views.answers import actor_of, record_id, refusals_told_on
from review.cases import decisions, listing
from review.cases.verdicts import rounds_of
from review.office import questions, samples
from review.views.queue import list_query, to_list


@require_POST
@refusals_told_on("review/refused.html")
def pass_many(request):
    """批量通过, above the point: list what cannot pass and why; confirmed, pass the others, one record each."""
    actor = actor_of(request)
    if actor.level not in decisions.IN_BATCHES:
        raise NotAllowed(f"批量通过只供{'和'.join(LABELS[level] for level in decisions.IN_BATCHES)}使用。")
    chosen = _cases_of(request)
    if not chosen:
        messages.info(request, "请先在列表中勾选要通过的申请。")
        return to_list(request)
    if "confirmed" not in request.POST:
        context = {**_confirmation(chosen, actor), "list_query": list_query(request)}
        return render(request, "review/pass_many.html", context)

    passed, left = decisions.pass_many([(case.pk, seen) for case, seen in chosen], actor=actor)
    by_key = {case.pk: case for case, _ in chosen}
    left = [(by_key[pk], why) for pk, why in left.items()]
    context = {"passed": passed, "left": left, "list_query": list_query(request)}
    return render(request, "review/passed_many.html", context)


def _cases_of(request):
    """Return the chosen cases, each with the last record that the list was drawn with; at most one page of them."""
    chosen = dict(one.partition(":")[::2] for one in request.POST.getlist("case")[: listing.PAGE])
    cases = Application.objects.visible_to(request.user).filter(number__in=[one for one in chosen if one.isdecimal()])
    cases = cases.select_related("session", "region", "exam_category", "last_record").order_by("submitted_at", "id")
    return [(case, record_id(chosen[case.number]) or 0) for case in cases]


def _confirmation(chosen, actor):
    rounds = rounds_of([case for case, _ in chosen])
    looked = samples.open_among([case.pk for case, _ in chosen])
    ready, left = [], []
    for case, seen in chosen:
        why = (
            _refused(case, seen, actor)
            or (questions.OPEN if case.question else "")
            or (samples.ONE_BY_ONE if case.pk in looked else "")
            or "".join(dict.fromkeys(rounds[case.pk].obstacles.values()))
        )
        if why:
            left.append((case, why))
        else:
            ready.append((case, seen))
    return {"ready": ready, "left": left}


def _refused(case, seen, actor):
    if case.last_record_id != seen:
        return "该申请已由他人处理。"
    try:
        require("pass", case, actor)
    except NotAllowed as refusal:
        return str(refusal)
    return ""
