"""An act on a page of its own: its reason, and where the table says so a deadline."""

from datetime import datetime

from django import forms

from candidates.forms.fields import PlainField
from review.forms.days import OptionalDayField, end_of


class ActForm(forms.Form):
    reason = PlainField(
        required=False,  # the act itself asks for it, so that every way to it says the same
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "原因最多 %(limit_value)d 个字，现在有 %(show_value)d 个。"},
    )
    until = OptionalDayField(label="新的补正期限", help_text="当日 24:00 前。")

    def __init__(self, data=None, *, reason: str, with_deadline: bool):
        """`reason`: the label of the act's reason."""
        super().__init__(data)
        self.fields["reason"].label = reason
        self.fields["reason"].mark = self.fields["until"].mark = "必填"
        if not with_deadline:
            del self.fields["until"]

    @property
    def until_moment(self) -> datetime | None:
        day = self.cleaned_data.get("until")
        return end_of(day) if day else None

    def refuse(self, problems: dict[str, str]) -> None:
        for key, sentence in problems.items():
            self.add_error(key if key in self.fields else None, sentence)
