"""What the forms of acts have in common: the act says what is wrong, and a deadline is the end of a day."""

from datetime import datetime

from django import forms

from review.forms.days import end_of


class ActingForm(forms.Form):
    @property
    def until_moment(self) -> datetime | None:
        """Return 24:00 of the day typed into `until`; None where there is none."""
        day = self.cleaned_data.get("until")
        return end_of(day) if day else None

    def refuse(self, problems: dict[str, str]) -> None:
        """Show what the act has refused, each beside the field that it is about."""
        for key, sentence in problems.items():
            self.add_error(key if key in self.fields else None, sentence)
