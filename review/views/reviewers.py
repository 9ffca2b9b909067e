"""审核员的账号: what the head of a unit does with those of the people led."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidates.messages import sending
from candidates.models import Account, Unit
from candidates.rules import id_number
from candidates.rules.levels import is_code
from candidates.rules.refusals import Refused
from candidates.views.answers import refusals_told_on
from review.forms.reviewers import ReviewerForm
from review.models import ReviewerAct
from review.office.leading import leads
from review.operations import delegation

RECENT = 10


@dataclass(frozen=True)
class Deed:
    """An act on an account: its name, what follows from it, the action, and what is said when it is done."""

    name: str
    then: str
    do: Callable[..., Account]
    done: str


DEEDS = {
    "disable": Deed(
        "停用",
        "下一次请求起不能再使用；正在审阅的放开，分派给本人的回到未分派，没有提交的审核意见作废。",
        delegation.disable,
        "已停用",
    ),
    "enable": Deed("启用", "可以重新登录；密码和两步验证不变。", delegation.enable, "已启用"),
    "password": Deed(
        "重设密码",
        "原来的密码和已登录的会话立即失效，新的一次性密码发给本人，您看不到。请先核实是本人要求。",
        delegation.reset_password,
        "一次性密码已发给本人",
    ),
    "second-factor": Deed(
        "重设两步验证",
        "原来的验证器、恢复码和已登录的会话立即失效，下次登录时重新绑定。请先核实是本人要求。",
        delegation.reset_second_factor,
        "两步验证已重设，下次登录时重新绑定",
    ),
    "head": Deed(
        "设为负责人",
        "可以分派本单位的申请，登记缺勤，管理本单位和下级单位的审核员账号。",
        partial(delegation.name_head, is_head=True),
        "已设为负责人",
    ),
    "no-head": Deed(
        "不再担任负责人",
        "不能再分派和管理账号，仍是本单位的审核员。",
        partial(delegation.name_head, is_head=False),
        "不再担任负责人",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def reviewers(request):
    """List who works for a unit that one leads (`?unit=` its code), and make an account there on POST."""
    unit = _unit(request)
    mine = request.user.unit
    form = ReviewerForm(request.POST if request.method == "POST" else None, unit=mine, chosen=unit)
    if form.is_bound and form.is_valid():
        said = {**form.cleaned_data}
        try:
            account = delegation.create(said.pop("unit"), by=request.user, **said)
        except Refused as refusal:
            for key, sentence in refusal.problems.items():
                form.add_error(key, sentence)
        else:
            messages.success(request, f"{account.username} 已新建，一次性密码已发到{_where(account)}。")
            return redirect(f"{reverse('review:manage_reviewers')}?unit={account.unit.code}")

    everybody = Account.objects.filter(kind="reviewer", unit=unit).select_related("unit", "second_factor")
    keys = [one.pk for one in everybody.order_by("username")]
    context = {
        "unit": unit,
        "above": unit.parent if unit != mine else None,
        "units": Unit.objects.filter(parent=unit, is_active=True),
        "rows": [(one, _deeds(request.user, one)) for one in everybody.order_by("-is_active", "username")],
        "recent": ReviewerAct.objects.filter(account__in=keys).select_related("account", "by")[:RECENT],
        "form": form,
    }
    return render(request, "review/manage_reviewers.html", context, status=422 if form.errors else 200)


def _unit(request) -> Unit:
    """Return the unit whose accounts are asked for, the own one if none is named; 404 for whoever does not lead it."""
    code = request.GET.get("unit", "")
    units = Unit.objects.select_related("parent")
    unit = units.filter(code=code).first() if is_code(code) else None if code else request.user.unit
    if not leads(request.user, unit):
        raise Http404
    return unit


def _deeds(me, account):
    """Return what can be done with this account now: code -> deed."""
    if not delegation.may_manage(me, account):
        return {}
    fits = {
        "disable": account.is_active,
        "enable": not account.is_active,
        "password": account.is_active,
        "second-factor": hasattr(account, "second_factor"),
        "head": account.is_active and not account.is_head,
        "no-head": account.is_head,
    }
    return {code: deed for code, deed in DEEDS.items() if fits[code]}


def _where(account):
    """Say where messages to this account go, with the middle left out."""
    ways = [
        f"{sending.CONTACTS[one]}（{id_number.masked(account.mobile)}）" if one == "mobile" else sending.CONTACTS[one]
        for one in delegation.contacts()
        if getattr(account, one)
    ]
    return "、".join(ways)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def act(request, pk, deed):
    """Ask on GET, with what follows; do it on POST."""
    account = get_object_or_404(Account.objects.filter(kind="reviewer").select_related("unit"), pk=int(pk))
    if not leads(request.user, account.unit):
        raise Http404
    chosen, back = DEEDS[deed], f"{reverse('review:manage_reviewers')}?unit={account.unit.code}"
    if request.method == "POST":
        chosen.do(account.pk, by=request.user)
        messages.success(request, f"{account.username}：{chosen.done}。")
        return redirect(back)
    context = {
        "account": account,
        "deed": chosen,
        "back": back,
        "where": _where(account),
    }
    return render(request, "review/manage_reviewer.html", context)
