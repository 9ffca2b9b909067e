"""What reviewers write on a case beside their decisions."""

from django import forms
from django.utils import timezone

from candidates.forms.fields import PlainField
from materials.models import MaterialImage
from materials.rules.catalogue import CATEGORIES
from review.forms.acting import ActingForm
from review.forms.days import OptionalDayField, last_day
from review.models import LONGEST_NOTE, LONGEST_REASON, LONGEST_WORDS
from review.office import questions


class NoteForm(ActingForm):
    words = PlainField(
        label="备注",
        required=False,  # the act itself asks for it
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "备注最多 %(limit_value)d 个字，现在有 %(show_value)d 个。"},
    )
    image = forms.ChoiceField(
        label="关于", required=False, error_messages={"invalid_choice": "没有这张图片，请重新选择。"}
    )
    for_below = forms.BooleanField(label="下级单位也可以看到", required=False)

    def __init__(self, data=None, *, images: list[tuple[MaterialImage, str]], has_below: bool):
        """`images`: the pictures of the round, each with its caption; `has_below`: the author's unit has some below."""
        super().__init__(data, prefix="note")
        self.images = {str(image.pk): image for image, _ in images}
        self.fields["image"].choices = [("", "整份申请"), *((str(image.pk), caption) for image, caption in images)]
        if not has_below:
            del self.fields["for_below"]

    @property
    def about(self) -> MaterialImage | None:
        return self.images.get(self.cleaned_data["image"])


class AskForm(ActingForm):
    words = PlainField(
        label="问题",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "问题最多 %(limit_value)d 个字，现在有 %(show_value)d 个。"},
    )
    until = OptionalDayField(label="答复期限（当日 24:00 前）")
    category = forms.ChoiceField(
        label="请考生附一张图片",
        required=False,
        choices=[("", "不需要图片"), *((one.code, one.label) for one in CATEGORIES)],
        error_messages={"invalid_choice": "没有这一类材料，请重新选择。"},
    )

    def __init__(self, data=None):
        until = last_day(questions.default_until(timezone.now()))
        super().__init__(data, prefix="ask", initial={"until": until})


class AnswerForm(forms.Form):
    words = PlainField(
        label="您的答复",
        required=False,  # the act itself asks for it
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "答复最多 %(limit_value)d 个字，现在有 %(show_value)d 个。"},
    )


class SettleForm(forms.Form):
    reason = PlainField(
        label="核实的结果",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "核实的结果最多 %(limit_value)d 个字，现在有 %(show_value)d 个。"},
    )

    def clean_reason(self):
        if not self.cleaned_data["reason"]:
            raise forms.ValidationError("请写出核实的结果。")
        return self.cleaned_data["reason"]
