"""Money of which nobody knows for which order it came: matched by an operator, or left with a reason."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidates.rules.refusals import Refused
from review.forms.console import MatchForm, ReasonForm
from review.models import PaymentOrder, StatementLine
from review.payments import waiting
from review.payments.money import yuan
from review.views.console.pages import ask, page, refusals_lead_to

PER_PAGE = 100
LIKE = 5


@require_safe
def lines(request):
    """List what waits, newest first; `?after=` the key of a line goes on."""
    rows = StatementLine.objects.filter(state="open")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    settled = StatementLine.objects.exclude(state="open").select_related("payment__order", "settled_by")
    context = {
        "rows": [(one, yuan(one.amount)) for one in shown],
        "next": shown[-1].pk if len(found) > PER_PAGE else "",
        "settled": [(one, yuan(one.amount)) for one in settled.order_by("-pk")[:20]],
    }
    return page(request, "lines", "没有匹配的账目", context)


def _to_lines(**named):
    return reverse("admin:console_lines")


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_lead_to(_to_lines)
def match(request, pk):
    line = get_object_or_404(StatementLine, pk=pk)
    form = MatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            payment = waiting.match(pk, number=form.cleaned_data["number"], account=request.user)
        except Refused as refusal:
            for field, sentence in refusal.problems.items():
                form.add_error(field if field in form.fields else None, sentence)
        else:
            words = f"{yuan(line.amount)} 元已入账，订单 {payment.order.number}：{payment.get_state_display()}。"
            (messages.success if payment.state == "settled" else messages.warning)(request, words)
            return redirect("admin:console_lines")
    like = PaymentOrder.objects.filter(number__startswith=line.order_number[:12]) if line.order_number[:12] else []
    then = "金额与订单不符，或订单已支付、已关闭的，记为待退款。"
    if like:
        then += f"号码相近的订单：{'、'.join(f'{one.number}（{yuan(one.amount)} 元）' for one in like[:LIKE])}。"
    return ask(request, form, "匹配账目", what=_what(line), then=then, back=_to_lines())


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_lead_to(_to_lines)
def leave(request, pk):
    line = get_object_or_404(StatementLine, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        waiting.leave(pk, reason=form.cleaned_data["reason"], account=request.user)
        messages.success(request, "已标明不入账。")
        return redirect("admin:console_lines")
    return ask(
        request,
        form,
        "不入账",
        what=_what(line),
        then="这一行不再列出；不是考试缴费的款项才这样办理。",
        back=_to_lines(),
    )


def _what(line):
    named = f"，对方写的订单号“{line.order_number}”" if line.order_number else ""
    return f"{line.get_provider_display()}，交易号 {line.trade_number}，{yuan(line.amount)} 元{named}：{line.why}"
