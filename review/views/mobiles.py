"""更换手机号码: a candidate who has lost the phone stands at the desk with the original document."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from candidates.accounts import lost_phones, mobiles
from candidates.applications.access import get_case, get_listed
from candidates.forms.accounts import CodeForm
from candidates.models import MobileChange
from candidates.rules.id_number import DOCUMENT_TYPES, masked
from candidates.rules.refusals import NotAllowed, Refused
from candidates.views.answers import actor_of, refusals_told_on
from review.forms.mobiles import MobileChangeForm

DONE = {
    "ask": "验证码已发到新号码：请录入考生收到的验证码。",
    "code": "新号码已确认：请另一位审核员打开本页核对并确认。",
    "agree": "手机号码已更换，考生的登录已全部退出，新旧号码都会收到通知。",
    "drop": "已作废，手机号码没有更换。",
}


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def mobile(request, number):
    application, actor, now = _of(request, number), actor_of(request), timezone.now()
    change = lost_phones.open_change(application, now)
    wanted = request.POST.get("do", "") if request.method == "POST" else ""
    form = CodeForm(request.POST if wanted == "code" else None) if change and not change.code_at else None
    if change is None or wanted == "ask":
        form = MobileChangeForm(request.POST if wanted == "ask" else None)

    if wanted and (not form or not form.is_bound or form.is_valid()):
        try:
            _do(wanted, application, change, form, actor)
        except Refused as refusal:
            for field, sentence in refusal.problems.items():
                if form:
                    form.add_error(field if field in form.fields else None, sentence)
                else:
                    messages.error(request, sentence)
        else:
            messages.success(request, DONE[wanted])
            return redirect("review:mobile", number)

    context = {
        "application": application,
        "document": DOCUMENT_TYPES[application.account.document_type].label,
        "form": form,
        "change": change if wanted != "ask" else None,
        "new_number": masked(change.mobile) if change else "",
        "may_ask": lost_phones.may_ask(application, actor),
        "may_agree": bool(change) and lost_phones.may_agree(change, actor),
        "no_way": mobiles.no_way(),
        "earlier": MobileChange.objects.filter(account=application.account_id, agreed_at__isnull=False)
        .select_related("asked_by", "agreed_by")[:5],
    }  # fmt: skip
    return render(request, "review/mobile.html", context, status=422 if form and form.errors else 200)


def _of(request, number):
    """Find the case; of what was not submitted yet the units see so much that they can help at the desk."""
    try:
        return get_case(request, number)
    except Http404:
        return get_listed(request, number)


def _do(wanted, application, change, form, actor):
    if wanted == "ask":
        lost_phones.ask(application, actor=actor, **form.cleaned_data)
    elif change is None or wanted not in DONE:
        raise NotAllowed(lost_phones.GONE)
    elif wanted == "code":
        if form:  # else somebody has typed it in meanwhile
            lost_phones.take_code(change, form.cleaned_data["code"], actor=actor)
    elif wanted == "agree":
        lost_phones.agree(change.pk, actor=actor)
    else:
        lost_phones.drop(change.pk, actor=actor)
