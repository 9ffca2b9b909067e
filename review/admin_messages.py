"""消息规则: the channels of each kind of message and the days of reminders, and beside them what is so now."""

from datetime import timedelta

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils import timezone

from candidates.admin_kinds import Remembered
from candidates.messages import kinds, routes, sending
from candidates.messages.kinds import KINDS
from candidates.models import Delivery, KindRule
from candidates.models.kind_rule import are_days
from candidates.models.message import CHANNELS
from review.operations import reminders

URGENCIES = {kinds.CODE: "验证码", kinds.NOW: "急", kinds.DAY: "不急", kinds.QUIET: "只在站内"}
ADVICE = (  # part of a provider's code -> what an operator does
    ("AMOUNT_NOT_ENOUGH", "余额不足：请充值"),
    ("InsufficientBalance", "套餐包余量不足：请购买"),
    ("OUT_OF_SERVICE", "欠费停机：请充值"),
    ("Arrears", "欠费停机：请充值"),
    ("AccessKey", "密钥不对：请核对设置中的密钥"),
    ("SecretId", "密钥不对：请核对设置中的密钥"),
    ("SignatureDoesNotMatch", "密钥不对：请核对设置中的密钥"),
    ("SignatureFailure", "密钥不对：请核对设置中的密钥"),
    ("RAM_PERMISSION", "密钥没有发送短信的权限：请授权"),
    ("RequestPermissionDeny", "没有发送短信的权限：请授权"),
    ("InvalidTimeStamp", "服务器的时间不准：请对时"),
    ("RequestTime", "服务器的时间不准：请对时"),
    ("SignatureExpire", "服务器的时间不准：请对时"),
    ("DENY_IP", "服务器的地址不在服务商允许的范围：请在控制台核对"),
    ("IpNotInWhitelist", "服务器的地址不在服务商允许的范围：请在控制台核对"),
    ("MONTH_LIMIT", "到了控制台里设置的月发送限额：请调高"),
    ("SIGN_", "短信签名未通过或写错：请核对设置中的短信签名"),
    ("SIGNATURE", "短信签名未通过或写错：请核对设置中的短信签名"),
    ("TEMPLATE", "短信模板未通过、写错或变量不符：请核对设置中的模板"),
    ("PARAM", "模板变量不符或太长：请对照模板核对"),
    ("SENSITIVE", "内容含敏感词：请修改模板"),
    ("CONTENT", "内容含敏感词或不合要求：请修改模板"),
)
REMINDERS = {one.told: one for one in reminders.KINDS.values()}


class KindRuleForm(forms.ModelForm):
    kind = forms.ChoiceField(label="消息种类", choices=lambda: [(code, one.label) for code, one in KINDS.items()])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("days") and cleaned.get("kind", self.instance.kind) not in REMINDERS:
            self.add_error("days", "只有提醒类的消息有提醒日子。")
        return cleaned

    def clean_days(self):
        days = self.cleaned_data["days"].replace("，", ",").replace("、", ",").replace(" ", "")
        are_days(days)
        return ",".join(sorted(days.split(","), key=int, reverse=True)) if days else ""


@admin.register(KindRule)
class KindRuleAdmin(Remembered):
    """A kind without a row goes as its urgency says; a row may be deleted: then it does again."""

    form = KindRuleForm
    list_display = ["label", "order", "days"]

    def get_readonly_fields(self, request, obj=None):
        return ["kind"] if obj else []

    @admin.display(description="消息种类", ordering="kind")
    def label(self, rule):
        return KINDS[rule.kind].label if rule.kind in KINDS else rule.kind

    def changelist_view(self, request, extra_context=None):
        """Show every kind as it goes now, with the SMS of today beside the day's cap."""
        rules, today = {one.kind: one for one in KindRule.objects.all()}, routes.today(timezone.now())
        rows = [_row(code, one, rules.get(code), today.get(code, 0)) for code, one in KINDS.items()]
        context = {
            "refusals": _refusals(timezone.now()),
            "rows": rows,
            "cap": routes.cap(),
        }
        return super().changelist_view(request, {**(extra_context or {}), **context})


def _refusals(now):
    """Return what providers have refused since yesterday, most first: provider, code, what it means, how often."""
    gone = Delivery.objects.filter(outcome="refused", at__gte=now - timedelta(days=1), channel="sms")
    counted = gone.values_list("sender", "code").annotate(number=Count("pk")).order_by("-number", "sender", "code")
    return [(sender, code, _advice(code), number) for sender, code, number in counted]


def _advice(code):
    return next((words for part, words in ADVICE if part.lower() in code.lower()), "请在服务商控制台查看该错误码")


def _row(code, kind, rule, number):
    set_so = rule.channels if rule else None
    order = routes.ORDER.get(kind.urgency, ()) if set_so is None else set_so
    reminder = REMINDERS.get(code)
    days = rule.days.split(",") if rule and rule.days else reminder.days if reminder else ()
    return {
        "label": kind.label,
        "urgency": URGENCIES[kind.urgency],
        "order": "，再".join(CHANNELS[one] for one in order) or "只在站内",
        "is_set": set_so is not None,
        "days": "、".join(map(str, days)),
        "has_sms": bool(kind.sms),
        "providers": "、".join(one.name for one in sending.chain_of("sms", code)) if kind.sms else "",
        "number": number,
        "is_full": kind.urgency != kinds.CODE and number >= routes.cap(),
    }
