"""An operator's acts, each on a page of its own: with a reason, a confirmation, and the command's own function."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from candidates.applications.acts import ACTS
from candidates.applications.states import Status
from candidates.messages import resending
from candidates.models import Message
from candidates.rules.refusals import NotAllowed, Refused
from candidates.trail import audit
from candidates.views.answers import asked_in
from review.cases import decisions
from review.forms.console import ActForm, CheckedForm, ReasonForm
from review.operations import resetting
from review.views.case import not_yet
from review.views.console import finding
from review.views.console.pages import ask, page, refusals_lead_to

UNLOCKS = "考生可以更正下面选中的内容，然后再次提交；相当于由现在的审核级别退回补正。"
MOVES = "查看权限立即随新单位生效，报名编号、状态和历史不变，已打印的通知单作废。"
MEANS = {"unlock": UNLOCKS, "move": MOVES}


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_lead_to(finding.place_of_application)
def act(request, number, action):
    asked = asked_in(request, number, action)
    case, deadline = asked.application, _deadline(action, asked.application)
    premature = not_yet(case, [action])
    if action in premature:
        raise NotAllowed(premature[action] or "这份申请没有待补的材料，不能因此取消资格。")
    form = ActForm(request.POST or None, action=action, deadline=deadline, needs_day=action != "unlock")
    if request.method == "POST" and form.is_valid():
        try:
            _do(action, asked, form)
        except Refused as refusal:
            form.refuse(refusal.problems)
        else:
            messages.success(request, f"{number}：已办理“{ACTS[action].name}”。")
            return redirect(finding.place_of_application(number=number))
    what = f"{number}，现在是“{case.get_status_display()}”，{case.point or '没有选择报名点'}。"
    return ask(
        request,
        form,
        ACTS[action].name,
        what=what,
        then=MEANS.get(action) or ACTS[action].meaning,
        back=finding.place_of_application(number=number),
        grave=ACTS[action].is_grave,
        hidden={"seen": request.POST.get("seen") or case.last_record_id or 0},
    )


def _deadline(action, application):
    """Return what the deadline that this act gives is called; empty where it gives none."""
    if action == "unlock":
        until = timezone.localtime(application.session.default_return_deadline(timezone.now()))
        return f"补正期限（不填为 {application.session.correction_days} 天，到 {until:%Y-%m-%d %H:%M}）"
    if action == "reinstate":
        return "新的缴费截止日" if decisions.pays_again(application) else ""
    back = application.last_record.from_status if action == "reopen" and application.last_record else ""
    return "新的补正期限" if action == "extend" or back == Status.RETURNED else ""


def _do(action, asked, form):
    """Call the function that the command calls."""
    pk, named = asked.application.pk, {"actor": asked.actor, "seen": asked.seen, "reason": form.cleaned_data["reason"]}
    if action == "unlock":
        until = form.until_moment or asked.application.session.default_return_deadline(timezone.now())
        reasons = {kind: dict.fromkeys(form.cleaned_data[kind], named["reason"]) for kind in ("categories", "sections")}
        return decisions.unlock(pk, until=until, **reasons, **named)
    if action == "move":
        return decisions.move_to(pk, point=form.cleaned_data["point"], **named)
    if action in ("extend", "reopen", "reinstate"):
        return getattr(decisions, action)(pk, until=form.until_moment, **named)
    return getattr(decisions, action)(pk, **named)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_lead_to(finding.place_of_application)
def resend(request, number, pk):
    """Send a message of an application once more."""
    case = finding.get_case(request, number)
    message = get_object_or_404(Message, pk=pk, application=case)
    if not resending.may_be(message):
        raise NotAllowed("这条消息不能再发。")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        again = resending.resend(pk)
        _kept_reason("resend_message", request, {"application": number, "message": again.pk}, form)
        messages.success(request, f"已重新写入“{message.subject}”，按考生现在的联系方式发送；结果见下面的消息。")
        return redirect(finding.place_of_application(number=number))
    then = "同样的内容再写一条，按消息规则发到考生现在的手机或电子邮箱；考生在站内也会看到第二条。"
    what = f"{number}：“{message.subject}”，{timezone.localtime(message.at):%Y-%m-%d %H:%M}。"
    back = finding.place_of_application(number=number)
    return ask(request, form, "再次发送消息", what=what, then=then, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_lead_to(finding.place_of_account)
@sensitive_variables("password")
def password(request, pk):
    account = finding.get_account(request, pk)
    finding.require_open(account)
    form = CheckedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = resetting.password(account, by=request.user)
        _kept_reason("reset_password", request, {"account": account.pk}, form)
        return page(request, "password", "一次性密码", {"one": account, "password": password})
    then = "原来的密码和已登录的会话立即失效，登录失败的限制一并解除；一次性密码只显示一次，下次登录时必须修改。"
    return ask(request, form, "重设密码", what=_what(account), then=then, back=finding.place_of_account(pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_lead_to(finding.place_of_account)
def factor(request, pk):
    account = finding.get_account(request, pk)
    if account.is_candidate:
        raise Http404
    form = CheckedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if resetting.factor(account, by=request.user):
            _kept_reason("reset_second_factor", request, {"account": account.pk}, form)
            messages.success(request, "两步验证已重设，下次登录时重新绑定。")
        else:
            messages.info(request, "没有绑定两步验证，不需要重设。")
        return redirect(finding.place_of_account(pk=pk))
    then = "原来的验证器、恢复码和已登录的会话立即失效，下次登录时重新绑定。"
    return ask(request, form, "重设两步验证", what=_what(account), then=then, back=finding.place_of_account(pk=pk))


def _what(account):
    known = account.username or f"考生账号 {account.pk}"
    return f"{known}（{account.get_kind_display()}{f'，{account.unit}' if account.unit else ''}）。"


def _kept_reason(command, request, about, form):
    """Write down who has done it and why: as the operator wrote it, who was asked for no name there."""
    audit.note(command, request.user, {**about, "reason": form.cleaned_data["reason"]})
