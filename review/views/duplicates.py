"""疑似重复: settled on a page of its own, which asks for what came of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidates.applications.access import open_case
from candidates.rules.refusals import Refused
from candidates.views.answers import actor_of, refusals_told_on
from review.forms.office import SettleForm
from review.office import duplicates


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def settle(request, number, other):
    """Ask for the reason on GET, settle on POST; 404 where nothing is shared that this account may know of."""
    application = open_case(request, number, "case")
    twin = duplicates.twin_of(application, other, request.user)
    if twin is None:
        raise Http404

    form = SettleForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason, key = form.cleaned_data["reason"], twin.application.pk
        try:
            duplicates.settle(application.pk, other=key, actor=actor_of(request), reason=reason)
        except Refused as refusal:
            form.add_error("reason", refusal.problems["reason"])
        else:
            messages.success(request, f"已核实与 {other} 的疑似重复，两份申请的标记都已去掉。")
            return redirect(f"{reverse('review:case', args=[number])}#duplicates")

    context = {"application": application, "twin": twin, "form": form}
    return render(request, "review/duplicate.html", context, status=422 if form.errors else 200)
