"""The form of an exam session in the back office."""

from django import forms
from django.utils import timezone

from candidates.applications.years import FOLLOWING, asks, wrong_state
from candidates.models import ExamSession
from candidates.models.session import ENDS, WINDOWS, SessionState


class SessionForm(forms.ModelForm):
    """What ends or begins at once is told when it is sent, and saved once it has been confirmed."""

    confirmed = forms.BooleanField(
        label="已核对，确认更改",
        required=False,
        help_text="需要确认的事项会在保存时列出；没有要确认的不必勾选。",
    )

    class Meta:
        model = ExamSession
        fields = ["year", "state", "correction_days", *(f"{window}_{end}" for window in WINDOWS for end in ENDS)]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "state" in self.fields:
            now = SessionState(self.instance.state)
            may_be = (now, *FOLLOWING[now]) if self.instance.pk else (SessionState.DRAFT, SessionState.OPEN)
            self.fields["state"].choices = [(one.value, one.label) for one in may_be]
            self.fields[
                "state"
            ].help_text = "草稿只有操作员看得到，没有内容时可以删除；关闭后不再受理新的报名，已提交的照常办完。"

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        before = ExamSession.objects.filter(pk=self.instance.pk).first()
        if why := wrong_state(before, self.instance.state):
            self.add_error("state", why)
        elif (asked := asks(before, self.instance, timezone.now())) and not self.cleaned_data["confirmed"]:
            self.add_error("confirmed", [*asked, "请核对；确实如此，请勾选后再保存一次。"])
