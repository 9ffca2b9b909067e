"""The operators' back office: reviewers, reasons and fees are theirs; orders and payments are to read."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from candidates.admin_kinds import Kept, ReadOnly, Remembered
from candidates.forms.fields import PlainField
from candidates.models import ExamSession
from candidates.models.session import possible_years
from candidates.rules.refusals import NotAllowed, Refused
from candidates.trail import audit
from review import admin_messages  # noqa: F401  # registers itself
from review.models import Fee, Holiday, OfficeSetting, Payment, PaymentOrder, Reason, Refund, Reviewer, ReviewTerm
from review.models.refund import UNDER_WAY
from review.operations import accounts, delegation
from review.payments import orders, refunds
from review.payments.money import fen
from review.payments.money import yuan as in_words

admin.site.unregister(Group)  # who may do what follows from an account's kind and unit


def yuan(fen: int) -> str:
    return f"{in_words(fen)} 元"


@admin.register(Reason)
class ReasonAdmin(Remembered):
    """Switched off where it is no longer wanted; verdicts keep the sentence they were given with."""

    list_display = ["position", "code", "use", "unit", "label", "sentence", "is_active"]
    list_display_links = ["code"]
    list_filter = ["is_active", "use"]
    list_select_related = ["unit"]
    raw_id_fields = ["unit"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ReviewTerm)
class ReviewTermAdmin(Remembered):
    list_display = ["level", "days"]


@admin.register(Holiday)
class HolidayAdmin(Remembered):
    list_display = ["name", "first_day", "last_day", "is_worked"]
    list_filter = ["is_worked"]


@admin.register(OfficeSetting)
class OfficeSettingAdmin(Remembered):
    """Set by the heads of units, on the page of their own."""

    list_display = ["unit", "share", "digest"]
    list_select_related = ["unit"]
    raw_id_fields = ["unit"]


@admin.register(Fee)
class FeeAdmin(Remembered):
    list_display = ["session", "region", "level", "in_yuan"]
    list_filter = ["session", "level"]
    list_select_related = ["session", "region"]

    def changelist_view(self, request, extra_context=None):
        """Warn where nobody can pay, as long as it is so."""
        now = timezone.now()
        sessions = ExamSession.objects.filter(payment_closes__gt=now, year__in=possible_years(now))
        for session in sessions.order_by("year"):
            missing = orders.missing_fees(session)
            if missing:
                messages.warning(request, f"{session}还没有收费标准，考生不能缴费：{'、'.join(missing)}。")
        return super().changelist_view(request, extra_context)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "region":
            field.queryset = field.queryset.filter(level="region")
        return field

    @admin.display(description="金额", ordering="amount")
    def in_yuan(self, fee):
        return yuan(fee.amount)


class ReviewerForm(forms.ModelForm):
    def clean_username(self):
        username = self.cleaned_data["username"]
        if not accounts.USERNAME.fullmatch(username):
            raise forms.ValidationError("应以英文字母开头，3 至 40 个字符，只用字母、数字和 . _ -。")
        return username


@admin.register(Reviewer)
class ReviewerAdmin(Kept):
    """Added one by one with a one-time password, moved, switched off; many at once: import_reviewers."""

    form = ReviewerForm
    list_display = [
        "username",
        "name",
        "unit",
        "is_head",
        "is_active",
        "must_change_password",
        "enrolled",
        "last_login",
    ]
    list_filter = ["is_active", "unit__level"]
    list_select_related = ["unit", "second_factor"]
    search_fields = ["username", "unit__code", "unit__name"]
    search_help_text = "用户名、单位代码或名称"
    ordering = ["unit__code", "username"]
    autocomplete_fields = ["unit"]
    fields = ["unit", "username", "name", "email", "is_head", "is_active"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(kind="reviewer")

    def get_readonly_fields(self, request, obj=None):
        return ["username"] if obj else ["is_active"]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        for name in {"unit", "username"} & set(form.base_fields):
            form.base_fields[name].required = True
        return form

    @admin.display(description="两步验证", boolean=True)
    def enrolled(self, reviewer):
        return hasattr(reviewer, "second_factor")

    def save_model(self, request, obj, form, change):
        if change and form.changed_data:
            accounts.change(obj, form.changed_data)
            audit.note("change_reviewer", request.user, {"names": [obj.username], "changed": form.changed_data})
        elif not change:
            obj.one_time_password = accounts.add(obj)
            audit.note("add_reviewer", request.user, {"names": [obj.username]})

    def response_add(self, request, obj, post_url_continue=None):
        return self._show(request, obj, obj.one_time_password)

    def get_urls(self):
        see = self.admin_site.admin_view
        return [
            path("<int:pk>/password/", see(self.password), name="review_reviewer_password"),
            path("<int:pk>/second-factor/", see(self.second_factor), name="review_reviewer_second_factor"),
            *super().get_urls(),
        ]

    def password(self, request, pk):
        reviewer = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method != "POST":
            return self._ask(request, reviewer, "重设密码", "原来的密码和已登录的会话立即失效，换一个一次性密码。")
        try:
            password = delegation.password_by_operator(pk, by=request.user)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:review_reviewer_change", pk)
        audit.note("reset_password", request.user, {"names": [reviewer.username]})
        return self._show(request, reviewer, password)

    def second_factor(self, request, pk):
        reviewer = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method != "POST":
            then = "原来的验证器、恢复码和已登录的会话立即失效，下次登录时重新绑定。"
            return self._ask(request, reviewer, "重设两步验证", then)
        try:
            was_enrolled = delegation.second_factor_by_operator(pk, by=request.user)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:review_reviewer_change", pk)
        if was_enrolled:
            audit.note("reset_second_factor", request.user, {"names": [reviewer.username]})
            messages.success(request, "两步验证已重设，下次登录时重新绑定。")
        else:
            messages.info(request, "没有绑定两步验证，不需要重设。")
        return redirect("admin:review_reviewer_change", pk)

    def _ask(self, request, reviewer, what, then):
        context = {**self.admin_site.each_context(request), "title": what, "reviewer": reviewer}
        return render(request, "admin/review/reviewer/ask.html", {**context, "what": what, "then": then})

    def _show(self, request, reviewer, password):
        context = {**self.admin_site.each_context(request), "title": "一次性密码", "reviewer": reviewer}
        return render(request, "admin/review/reviewer/password.html", {**context, "password": password})


@admin.register(PaymentOrder)
class PaymentOrderAdmin(ReadOnly):
    # fields, not functions of ours: Django shows a function's time as it is stored, and nothing as None
    list_display = ["number", "of_application", "in_yuan", "state", "created_at", "paid_at", "closed_at"]
    fields = list_display
    sortable_by = ["number", "state"]
    list_filter = ["state"]
    list_select_related = ["application"]
    search_fields = ["number"]

    @admin.display(description="报名编号")
    def of_application(self, order):
        return order.application.number

    @admin.display(description="金额")
    def in_yuan(self, order):
        return yuan(order.amount)


class Refunds(admin.SimpleListFilter):
    title, parameter_name = "退款", "refund"

    def lookups(self, request, model_admin):
        return [("open", "待退款，未处理"), ("closed", "待退款，已处理")]

    def queryset(self, request, queryset):
        if self.value() not in ("open", "closed"):
            return queryset
        return queryset.filter(state="refund_needed", closed_at__isnull=self.value() == "open")


class RefundForm(forms.ModelForm):
    closed_reason = PlainField(
        label="退款处理说明", max_length=200, help_text="例如：已于 3 月 8 日原路退回，退款单号 …。保存后不能修改。"
    )


@admin.register(Payment)
class PaymentAdmin(ReadOnly):
    """To read; what needs a refund stays on the list until an operator closes it with a reason."""

    list_display = [
        "trade_number",
        "provider",
        "order",
        "in_yuan",
        "state",
        "received_at",
        "closed_reason",
        "closed_at",
    ]
    fields = [*list_display, "refunded_in_yuan", "strange"]
    list_display = [*list_display, "to_refund"]
    sortable_by = ["trade_number", "provider", "state", "closed_reason"]
    list_filter = [Refunds, "state", "provider"]
    list_select_related = ["order__application"]
    search_fields = ["trade_number"]
    form = RefundForm

    def has_change_permission(self, request, obj=None):
        return obj is not None and obj.state == "refund_needed" and obj.closed_at is None

    def get_readonly_fields(self, request, obj=None):
        return [name for name in self.fields if name != "closed_reason"]

    def save_model(self, request, obj, form, change):
        try:
            orders.close_refund(obj.pk, reason=form.cleaned_data["closed_reason"])
        except Refused as refusal:
            messages.error(request, str(refusal))

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("refunds")

    def get_urls(self):
        see = self.admin_site.admin_view
        return [path("<int:pk>/refund/", see(self.refund), name="review_payment_refund"), *super().get_urls()]

    def refund(self, request, pk):
        """Ask for a refund through the provider; another operator confirms it."""
        payment = get_object_or_404(self.get_queryset(request), pk=pk)
        allowed = refunds.refundable(payment)
        form = RefundAskedForm(request.POST or None, initial={"amount": in_words(allowed.amount)})
        if request.method == "POST" and not allowed.why_not and form.is_valid():
            try:
                refunds.ask(pk, account=request.user, **form.cleaned_data)
            except Refused as refusal:
                for field, sentence in refusal.problems.items():
                    form.add_error(field, sentence)
            except NotAllowed as refusal:
                messages.error(request, str(refusal))
                return redirect("admin:review_payment_changelist")
            else:
                messages.success(request, "已提出。请另一位操作员在“退款”里确认，确认以后才交给支付平台。")
                return redirect("admin:review_refund_changelist")
        context = {**self.admin_site.each_context(request), "title": "提出退款", "payment": payment, "form": form}
        context |= {"allowed": allowed, "amount": yuan(payment.amount)}
        return render(request, "admin/review/payment/refund.html", context)

    @admin.display(description="金额")
    def in_yuan(self, payment):
        return yuan(payment.amount)

    @admin.display(description="已退、在退金额")
    def refunded_in_yuan(self, payment):
        return yuan(payment.refunded)

    @admin.display(description="退款")
    def to_refund(self, payment):
        if refunds.is_in_use(payment):
            return "—"
        under_way = any(one.state in UNDER_WAY for one in payment.refunds.all())
        if under_way or payment.closed_at or payment.refunded == payment.amount:
            return yuan(payment.refunded)
        return format_html('<a href="{}">提出退款</a>', reverse("admin:review_payment_refund", args=[payment.pk]))


class RefundAskedForm(forms.Form):
    amount = PlainField(label="退款金额（元）", max_length=12)
    reason = PlainField(label="原因", max_length=200, help_text="例如：重复付款。原因留在系统里，考生看不到。")

    def clean_amount(self):
        try:
            return fen(self.cleaned_data["amount"])
        except ValueError:
            raise forms.ValidationError("请以元为单位，写成 260.00。") from None


@admin.register(Refund)
class RefundAdmin(ReadOnly):
    """What goes back: another operator than who asked confirms it here."""

    list_display = ["number", "of_payment", "in_yuan", "state", "asked_by", "asked_at", "confirmed_by", "finished_at"]
    list_display = [*list_display, "to_do"]
    fields = [*list_display[:-1], "confirmed_at", "reason", "provider_number", "answer"]
    sortable_by = ["number", "state"]
    list_filter = ["state"]
    list_select_related = ["payment", "asked_by", "confirmed_by"]
    search_fields = ["number"]

    def get_urls(self):
        see = self.admin_site.admin_view
        return [
            path("<int:pk>/confirm/", see(self.confirm), name="review_refund_confirm"),
            path("<int:pk>/decline/", see(self.decline), name="review_refund_decline"),
            *super().get_urls(),
        ]

    def confirm(self, request, pk):
        return self._asked(request, pk, "确认退款", refunds.confirm)

    def decline(self, request, pk):
        return self._asked(request, pk, "不同意退款", refunds.decline)

    def _asked(self, request, pk, what, act):
        refund = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST":
            try:
                refund = act(pk, account=request.user)
            except NotAllowed as refusal:
                messages.error(request, str(refusal))
            else:
                words = f"退款 {refund.number}：{refund.get_state_display()}。{refund.answer}"
                (messages.error if refund.state == "failed" else messages.success)(request, words)
            return redirect("admin:review_refund_changelist")
        context = {**self.admin_site.each_context(request), "title": what, "refund": refund}
        context |= {"amount": yuan(refund.amount), "own": refund.asked_by_id == request.user.pk}
        return render(request, "admin/review/refund/ask.html", {**context, "confirms": act is refunds.confirm})

    @admin.display(description="收款")
    def of_payment(self, refund):
        return str(refund.payment)

    @admin.display(description="金额")
    def in_yuan(self, refund):
        return yuan(refund.amount)

    @admin.display(description="办理")
    def to_do(self, refund):
        if refund.state != "asked":
            return "—"
        links = [("review_refund_confirm", "确认"), ("review_refund_decline", "不同意")]
        given = ((reverse(f"admin:{name}", args=[refund.pk]), word) for name, word in links)
        return format_html_join(" · ", '<a href="{}">{}</a>', given)
