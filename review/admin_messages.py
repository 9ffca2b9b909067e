"""消息规则: the channels of each kind of message and the days of reminders, and beside them what is so now."""

from django import forms
from django.contrib import admin
from django.utils import timezone

from candidates.admin_kinds import Remembered
from candidates.messages import kinds, routes, sending
from candidates.messages.kinds import KINDS
from candidates.models import KindRule
from candidates.models.message import CHANNELS
from review.operations import reminders

URGENCIES = {kinds.CODE: "验证码", kinds.NOW: "急", kinds.DAY: "不急", kinds.QUIET: "只在站内"}
REMINDERS = {one.told: one for one in reminders.KINDS.values()}


class KindRuleForm(forms.ModelForm):
    kind = forms.ChoiceField(label="消息种类", choices=lambda: [(code, one.label) for code, one in KINDS.items()])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("days") and cleaned.get("kind", self.instance.kind) not in REMINDERS:
            self.add_error("days", "只有提醒类的消息有提醒日子。")
        return cleaned

    def clean_days(self):
        days = self.cleaned_data["days"]
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
        context = {"rows": rows, "cap": routes.cap(), "providers": [one.name for one in sending.chain()]}
        return super().changelist_view(request, {**(extra_context or {}), **context})


def _row(code, kind, rule, number):
    set_so = rule.channels if rule else None
    order = routes.ORDER.get(kind.urgency, ()) if set_so is None else set_so
    days = rule.days.split(",") if rule and rule.days else REMINDERS[code].days if code in REMINDERS else ()
    return {
        "label": kind.label,
        "urgency": URGENCIES[kind.urgency],
        "order": "，再".join(CHANNELS[one] for one in order) or "只在站内",
        "is_set": set_so is not None,
        "days": "、".join(map(str, days)),
        "providers": "、".join(one.name for one in sending.chain_of("sms", code)) if kind.sms else "没有短信",
        "number": number,
        "is_full": kind.urgency != kinds.CODE and number >= routes.cap(),
    }
