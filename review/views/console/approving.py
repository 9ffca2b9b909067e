"""What needs two operators, asked for and agreed to in the back office; what was agreed to is begun by who asked."""

from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates import jobs
from candidates.models import ExamSession
from candidates.rules.refusals import NotAllowed
from candidates.trail import audit
from review.forms.console import ExportForm, PurgeForm
from review.models import Approval
from review.operations import approvals, purging
from review.reports import full_exports, spreadsheets
from review.views.console.pages import ask, page, refusals_lead_to

LISTED = 50


def _to_list(**named):
    return reverse("admin:console_approvals")


@require_safe
def listed(request):
    """Show what waits for this operator, what this operator has asked for, and what has become of the last ones."""
    now = timezone.now()
    rows = Approval.objects.select_related("asked_by", "confirmed_by", "declined_by").order_by("-pk")[:LISTED]
    context = {"rows": [_row(one, request.user, now) for one in rows]}
    return page(request, "approvals", "双人确认", context)


def _row(approval, account, now):
    state = approval.state(now)
    mine = approval.asked_by_id == account.pk
    return {
        "one": approval,
        "what": told(approval),
        "state": approvals.STATES[state],
        "may_confirm": state == "asked" and not mine,
        "may_decline": state in ("asked", "confirmed"),
        "may_begin": mine and _begins_here(approval) and state == "confirmed",
        "at_the_shell": mine and state == "confirmed" and not _begins_here(approval),
    }


def told(approval):
    """Say in words what is asked for."""
    values = approval.arguments
    parts = [f"{values['year']} 年度" if "year" in values else "", values.get("unit") or ""]
    parts += ["、".join(values.get("status", ()))]
    if approval.kind == "restore":
        parts = [f"{values.get('made_at', '')[:16].replace('T', ' ')} 的备份"]
    return f"{approval.get_kind_display()}（{values.get('command', '')}{'：' if 'command' in values else ''}" + (
        f"{'，'.join(filter(None, parts)) or '全部'}）"
    )


def _begins_here(approval):
    return approval.kind == "purge" or approval.arguments.get("command") == full_exports.HERE


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_lead_to(_to_list)
def confirm(request, pk):
    return _asked(request, pk, "确认", approvals.confirm)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_lead_to(_to_list)
def decline(request, pk):
    return _asked(request, pk, "作废", approvals.decline)


def _asked(request, pk, what, act):
    approval = get_object_or_404(Approval.objects.select_related("asked_by"), pk=pk)
    if request.method == "POST":
        act(pk, account=request.user)
        messages.success(request, f"编号 {pk}：已{what}。")
        return redirect("admin:console_approvals")
    context = {
        "one": approval,
        "what": told(approval),
        "act": what,
        "state": approvals.STATES[approval.state(timezone.now())],
    }
    return page(request, "approval", f"{what}：编号 {pk}", context)


# --- asking for it ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_lead_to(_to_list)
def purge(request):
    """Ask for the purge of a session that is over; shows what would go."""
    now = timezone.now()
    over = [
        one for one in ExamSession.objects.order_by("year") if now >= one.over_at and purging.remaining(one).exists()
    ]
    form = PurgeForm(request.POST or None, years=[one.year for one in over])
    if request.method == "POST" and form.is_valid():
        named = {"year": form.cleaned_data["year"]}
        approval = approvals.ask("purge", account=request.user, arguments=named, reason=form.cleaned_data["reason"])
        return _waits(request, approval)
    what = "；".join(f"{one}：{_counts(one)}" for one in over) or "没有到期而还没有清除的考试年度。"
    then = "清除以后无法恢复：图片、文书、填报内容、姓名、审核意见和消息。请先做最后一次备份。"
    return ask(request, form, "清除考试年度", what=what, then=then, back=_to_list(), grave=True)


def _counts(session):
    words = {"applications": "份报名", "images": "张图片", "messages": "条消息", "accounts": "个考生账号"}
    counts = purging.counts(session)
    return "、".join(f"{counts[name]} {word}" for name, word in words.items())


def _waits(request, approval):
    messages.success(request, f"已提出，编号 {approval.pk}：请另一位操作员在 24 小时内登录后台管理确认。")
    return redirect("admin:console_approvals")


@require_http_methods(["GET", "HEAD", "POST"])
def export(request):
    """Ask for the table of applications with whole numbers."""
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        named = {name: form.cleaned_data[name] for name in ("year", "unit", "status")}
        approval = approvals.ask(
            "export",
            account=request.user,
            arguments={"command": full_exports.HERE, **named},
            reason=form.cleaned_data["reason"],
        )
        return _waits(request, approval)
    then = "表格中有完整的证件号码和手机号码。确认以后由您下载一次；用完按规定销毁。"
    return ask(request, form, "导出完整数据", what="全部填报项目，.xlsx，按报名编号排列。", then=then, back=_to_list())


@require_POST
@refusals_lead_to(_to_list)
def begin(request, pk):
    """Begin what another operator has agreed to: the purge as a job, the export as a download."""
    approval = get_object_or_404(Approval, pk=pk, asked_by=request.user)
    if not _begins_here(approval) or approval.begun_at:
        raise NotAllowed("这一项在服务器上用命令办理，或已经开始。")
    named = {"account": request.user, "arguments": approval.arguments}
    if approvals.take(approval.kind, **named) is None:
        raise NotAllowed("还没有另一位操作员确认，或确认已过期。")
    if approval.kind == "purge":
        jobs.ask("purge", asked_by=request.user, year=approval.arguments["year"], by=request.user.pk)
        messages.success(request, "已交给后台任务清除，进度见“后台任务的进度”。")
        return redirect("admin:console_jobs")
    return _table(request, approval)


def _table(request, approval):
    asked = approval.arguments
    cases = full_exports.cases_of(asked["year"], asked.get("unit", ""), asked.get("status", ()))
    rows = full_exports.Counted(full_exports.rows(cases, full=True))
    file = spreadsheets.write([("报名", full_exports.COLUMNS, rows)])
    audit.note("export_applications", request.user, approval.arguments, {"exported": rows.count})
    name = quote(f"applications-{approval.arguments['year']}-{timezone.localtime():%Y%m%d-%H%M}.xlsx")
    return FileResponse(file, as_attachment=True, filename=name, content_type=spreadsheets.MIME)
