"""分派: the head's page, where cases are given out by rule, and what the queue's chosen rows are sent to."""

from collections import Counter

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from candidates.models import Account, Application, ExamCategory, Unit
from candidates.rules.numbers import is_number
from candidates.rules.refusals import Refused
from candidates.views.answers import refusals_told_on
from review.cases import listing
from review.forms.assignment import AssignForm
from review.models import AssignmentAct
from review.office import assignments, dividing, presence
from review.office.leading import heads
from review.views.queue import list_query

RECENT = 10
CHANGED = "份已由他人处理、改派或开始审核，没有改动"


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def assignment(request):
    """Show who has what, on GET; on POST show what a rule would do, and do it where that is confirmed."""
    unit, now = unit_of_head(request), timezone.now()
    presence.begin(unit, now)
    everybody = list(assignments.people(unit))
    away = presence.absent([one.pk for one in everybody], timezone.localdate(now))
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        unit=unit,
        people=everybody,
        away={pk: f"{one.last_day:%Y-%m-%d}" for pk, one in away.items()},
    )
    has = assignments.loads(unit)
    if form.is_bound and form.is_valid():
        cases = assignments.oldest(unit, form.from_whom, form.most, now)
        if "confirmed" not in request.POST and cases:
            return render(request, "review/assignment_asked.html", _preview(unit, form, cases, has))
        try:
            return _divided(request, unit, form, cases, has)
        except Refused as refusal:
            for key, sentence in refusal.problems.items():
                form.add_error(key, sentence)

    context = {
        "unit": unit,
        "form": form,
        "rows": [(one, away.get(one.pk), has.get(one.pk, 0)) for one in everybody],
        "free": listing.count(assignments.waiting_at(unit).filter(assigned_to=None)),
        "recent": AssignmentAct.objects.filter(unit=unit, number__gt=0).select_related("by").order_by("-at")[:RECENT],
    }
    return render(request, "review/assignment.html", context, status=422 if form.errors else 200)


def unit_of_head(request) -> Unit:
    """Return the unit that this account is head of; the address is nobody else's (404)."""
    if not heads(request.user, request.user.unit):
        raise Http404
    return request.user.unit


def _loads(form, has):
    return {one.pk: has.get(one.pk, 0) for one in form.chosen}


def _proposed(form, cases, has):
    """Return the groups' sizes and who gets each; both empty where it goes case by case."""
    rule = form.cleaned_data["rule"]
    if rule == "even":
        return {}, {}
    sizes = dividing.groups(rule, cases)
    return sizes, dividing.proposed(sizes, _loads(form, has))


def _preview(unit, form, cases, has):
    sizes, whose = _proposed(form, cases, has)
    rule = form.cleaned_data["rule"]
    by_name = {one.pk: one.username for one in form.chosen}
    context = {"unit": unit, "form": form, "number": len(cases), "rule_name": dividing.RULES[rule]}
    if rule == "even":
        gets = Counter(dividing.dealt(cases, _loads(form, has)).values())
        return {**context, "lines": [(one, has.get(one.pk, 0), gets[one.pk]) for one in form.chosen]}
    names = _names_of(rule, sizes)
    return {**context, "groups": [(one, names(one), sizes[one], by_name[whose[one]]) for one in sizes]}


def _names_of(rule, codes):
    """Return what says a group's name to people."""
    if rule == "digit":
        return lambda code: f"末位 {code}"
    model = ExamCategory if rule == "category" else Unit
    found = dict(model.objects.filter(code__in=list(codes)).values_list("code", "name"))
    return lambda code: found.get(code, code)


def _divided(request, unit, form, cases, has):
    rule = form.cleaned_data["rule"]
    sizes, proposed = _proposed(form, cases, has)
    if rule == "even":
        whose = dividing.dealt(cases, _loads(form, has))
    else:
        whose = dividing.by_groups(rule, cases, form.whose(sizes, proposed))
    given = assignments.divide(unit, by=request.user, way=rule, whose=whose, source=form.from_whom)
    _tell(request, given, {one.pk: one.username for one in form.chosen})
    return redirect("review:assignment")


def _tell(request, given, names):
    """Say what came of it."""
    gave = "，".join(f"{names[pk]} {number} 份" for pk, number in sorted(given.numbers.items(), key=str) if pk in names)
    said = (
        f"已分派 {given.total} 份：{gave}。" if gave else f"已放开 {given.total} 份。" if given.total else "没有改动。"
    )
    messages.success(request, said + (f"另有 {given.left} {CHANGED}。" if given.left else ""))


@require_POST
@refusals_told_on("review/refused.html")
def chosen(request):
    """Give the rows chosen in the queue to one person, or let them go, and lead back to the list."""
    unit, query = unit_of_head(request), list_query(request)
    back = redirect(f"{reverse('review:queue')}{f'?{query}' if query else ''}")
    numbers = [one.partition(":")[0] for one in request.POST.getlist("case")[: listing.PAGE]]
    cases = Application.objects.visible_to(request.user).filter(number__in=[one for one in numbers if is_number(one)])
    keys = list(cases.values_list("pk", flat=True))
    if not keys:
        messages.info(request, "请先在列表中勾选要分派的申请。")
        return back

    name = request.POST.get("to", "")
    to = _person(assignments.people(unit), name)
    try:
        if name and to is None:
            raise Refused({"people": assignments.GONE})
        given = assignments.give(unit, keys, by=request.user, to=to)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back

    _tell(request, given, {to.pk: to.username} if to else {})
    if to and (away := presence.absent([to.pk], timezone.localdate()).get(to.pk)):
        messages.warning(request, f"请注意：{to.username} 缺勤至 {away.last_day:%Y-%m-%d}。")
    return back


@require_POST
@refusals_told_on("review/refused.html")
def free(request):
    """Let go what one of the unit's people has and has not begun."""
    unit = unit_of_head(request)
    source = _person(Account.objects.filter(kind="reviewer", unit=unit), request.POST.get("person", ""))
    if source is None:
        raise Http404
    given = assignments.free(unit, source, by=request.user)
    left = f"另有 {given.left} 份已经开始，仍在 {source.username} 手上。" if given.left else ""
    messages.success(request, f"已放开 {given.total} 份，任何人都可以取到。{left}")
    return redirect("review:assignment")


def _person(accounts, name):
    """Find somebody by the user name that was posted, whatever that is; None where nobody is called so."""
    return next((one for one in accounts if one.username == name), None)
