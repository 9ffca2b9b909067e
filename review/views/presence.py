"""缺勤: one's own days, and for a head those of the people led."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from candidates.models import Account, Application
from candidates.rules.refusals import Refused
from candidates.views.answers import refusals_told_on
from review.forms.assignment import AbsenceForm
from review.models import Absence
from review.office import presence
from review.office.leading import leads

NAMED = 50  # cases that are named after an absence has let them go


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def absences(request):
    """Show who is away when and what was let go, on GET; mark days on POST."""
    me, now = request.user, timezone.now()
    if not me.is_reviewer:
        raise Http404
    presence.begin(me.unit, now)
    everybody = _people(me)
    form = AbsenceForm(request.POST if request.method == "POST" else None, people=everybody, me=me)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            absence = presence.mark(form.account or me, by=me, first=said["first"], last=said["last"])
        except Refused as refusal:
            for key, sentence in refusal.problems.items():
                form.add_error(key, sentence)
        else:
            messages.success(request, _marked(absence))
            return redirect("review:presence")

    standing = presence.standing([one.pk for one in everybody], timezone.localdate(now))
    lines = [(one, absence, _freed(absence)) for one in everybody for absence in standing.get(one.pk, ())]
    context = {"form": form, "lines": lines, "leads": leads(me, me.unit), "today": timezone.localdate(now)}
    return render(request, "review/presence.html", context, status=422 if form.errors else 200)


def _people(me):
    """List oneself, and whom one leads: of the own unit and those below."""
    if not leads(me, me.unit):
        return [me]
    led = Account.objects.filter(kind="reviewer", is_active=True, unit__code__startswith=me.unit.code)
    others = led.exclude(pk=me.pk).select_related("unit").order_by("unit__code", "username")
    return [me, *others]


def _marked(absence):
    days = f"{absence.account.username}：{absence.first_day:%Y-%m-%d} 至 {absence.last_day:%Y-%m-%d} 缺勤已登记。"
    return days + (f"手上未开始的 {absence.freed.number} 份已放开。" if absence.freed else "")


def _freed(absence):
    """Return the cases that an absence has let go: the first of them, and whose they are now."""
    if absence.freed is None:
        return ()
    cases = Application.objects.filter(assignments__act=absence.freed).select_related("assigned_to")
    return list(cases.order_by("number")[:NAMED])


@require_POST
@refusals_told_on("review/refused.html")
def end(request, pk):
    found = Absence.objects.select_related("account__unit").filter(pk=pk).first()
    if found is None or not presence.may_mark(request.user, found.account):
        raise Http404
    presence.end(pk, by=request.user)
    messages.success(request, "缺勤已结束。放开的申请不会自动收回，可以重新分派。")
    return redirect("review:presence")
