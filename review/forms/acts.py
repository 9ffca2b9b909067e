"""An act on a page of its own: its reason, standard or in words, and where the table says so a deadline."""

from django import forms

from candidates.forms.fields import PlainField
from review.forms.acting import ActingForm
from review.forms.days import OptionalDayField
from review.models import Reason


class ActForm(ActingForm):
    standard = forms.ChoiceField(
        label="标准原因",
        required=False,
        help_text="按数字选择，再按两次 Tab 到确认按钮；可以在下面补充。",
        error_messages={"invalid_choice": "没有这个原因，请重新选择。"},
    )
    reason = PlainField(
        required=False,  # the act itself asks for it, so that every way to it says the same
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "原因最多 %(limit_value)d 个字，现在有 %(show_value)d 个。"},
    )
    until = OptionalDayField(help_text="当日 24:00 前。")

    def __init__(self, data=None, *, reason: str, deadline: str, standard: list[Reason] | None = None):
        """Ask for what an act gives. The first field has the focus.

        `reason`, `deadline`: their labels, `deadline` empty where it gives none; `standard`: reasons to choose from.
        """
        super().__init__(data)
        self.sentences = {one.code: one.sentence for one in standard or ()}
        numbered = [(one.code, f"{number} {one.label}") for number, one in enumerate(standard or (), 1)]
        self.fields["standard"].choices = [("", "选择原因，或在下面填写"), *numbered]
        if not standard:
            del self.fields["standard"]
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True
        self.fields["reason"].label = reason
        self.fields["reason"].mark = "选了标准原因的可不填" if standard else "必填"
        self.fields["until"].mark, self.fields["until"].label = "必填", deadline
        if not deadline:
            del self.fields["until"]

    @property
    def said(self) -> str:
        """The standard reason's sentence, then the words of one's own."""
        return self.sentences.get(self.cleaned_data.get("standard", ""), "") + self.cleaned_data["reason"]
