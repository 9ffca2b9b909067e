"""代理: lending one's people to units below, and taking the place of a unit for a while."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from candidates.models import Account, Unit
from candidates.rules.refusals import Refused
from candidates.views.answers import refusals_told_on
from review.forms.deputies import DeputyForm
from review.models import Deputy
from review.office import deputies
from review.views.progress import chosen_unit

KEY = "deputy"  # in the log-in session: for which of the account's deputyships it acts now


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def lent(request):
    """Show one's own days as a deputy, and to who lends (`?unit=`) those of the unit; lend on POST."""
    today, lender = timezone.localdate(), chosen_unit(request)
    lends = deputies.may_lend(request.user, lender) and not request.user.lent_from
    if not lends and (request.method == "POST" or not request.user.is_reviewer):
        return _no_lender(request)
    form = _form(request, lender) if lends else None
    if form and form.is_bound and form.is_valid() and _lend(request, form):
        return redirect(f"{reverse('review:deputies')}?unit={lender.code}")

    context = {
        "unit": lender,
        "today": today,
        "mine": deputies.of(request.user, today) if request.user.is_reviewer and not request.user.lent_from else (),
        "form": form,
        "alone": deputies.left_alone(lender, today) if form else (),
        "lines": deputies.lent_by(lender, today) if form else (),
    }
    return render(request, "review/deputies.html", context, status=422 if form and form.errors else 200)


def _no_lender(request):
    """Let an operator choose a unit; to others the page does not exist."""
    if not request.user.is_operator or request.method == "POST":
        raise Http404
    return render(request, "review/deputies.html", {"units": Unit.objects.filter(level="region")})


def _form(request, lender):
    people = Account.objects.filter(kind="reviewer", is_active=True, unit=lender).order_by("username")
    units = Unit.objects.filter(parent=lender, is_active=True).select_related("parent").order_by("code")
    return DeputyForm(request.POST if request.method == "POST" else None, people=people, units=units)


def _lend(request, form):
    said = form.cleaned_data
    account, unit = form.people[said["person"]], form.units[said["unit"]]
    try:
        found = deputies.lend(account, unit, by=request.user, first=said["first"], last=said["last"])
    except Refused as refusal:
        for key, sentence in refusal.problems.items():
            form.add_error(key, sentence)
        return False
    messages.success(request, f"已指派 {account.username} 在 {found.first_day} 至 {found.last_day} 代理{unit.name}。")
    return True


@require_POST
@refusals_told_on("review/refused.html")
def end(request, pk):
    found = get_object_or_404(Deputy.objects.select_related("unit__parent"), pk=pk)
    if not deputies.may_end(request.user, found):
        raise Http404
    deputies.take_back(pk, by=request.user)
    messages.success(request, "代理已结束。")
    back = found.unit.parent.code if deputies.may_lend(request.user, found.unit.parent) else ""
    return redirect(reverse("review:deputies") + (f"?unit={back}" if back else ""))


# --- taking the place -------------------------------------------------------------------------------------------------


@require_POST
def begin(request, pk):
    """Act for the unit from now on, until it is given back, the log-in ends, or the last day is over."""
    if request.user.lent_from or not deputies.act_for(request.user, pk, timezone.localdate()):
        raise Http404
    request.session[KEY] = pk
    messages.success(request, f"您现在代理{request.user.unit.name}办理。")
    return redirect("review:queue")


@require_POST
def give_back(request):
    """Act for the own unit again."""
    request.session.pop(KEY, None)
    return redirect("review:deputies")


def take_place(request):
    """Put who acts as a deputy into the unit's place, for this request to the reviewers' screens."""
    if KEY not in request.session or not request.user.is_authenticated:
        return
    if not deputies.act_for(request.user, request.session[KEY], timezone.localdate()):
        del request.session[KEY]
        messages.warning(request, "代理已经结束，现在办理的是您所在单位的申请。")
