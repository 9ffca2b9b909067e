from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from candidates.rules.refusals import Refused
from review.cases import saved_lists
from review.forms.queue import SavedListForm


@require_POST
def keep(request):
    """Save the list that is shown under a name."""
    form = SavedListForm(request.POST)
    query = request.POST.get("query", "")[: 2 * saved_lists.LONGEST]
    try:
        if not form.is_valid():
            raise Refused({"name": " ".join(str(one) for one in form.errors["name"])})
        saved = saved_lists.keep(request.user, name=form.cleaned_data["name"], query=query)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        query = saved.query
        messages.success(request, f"已保存列表“{saved.name}”。")
    return redirect(f"{reverse('review:queue')}?{query}")


@require_POST
def forget(request, pk):
    """Delete one of one's own."""
    saved_lists.forget(request.user, pk)
    messages.success(request, "已删除保存的列表。")
    return redirect("review:queue")
