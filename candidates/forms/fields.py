"""Fields that take what people type and give the one stored spelling; what is wrong is said in the rules' words."""

import re
from collections.abc import Callable
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import ModelChoiceIterator
from django.utils.functional import lazy

from candidates.messages import sending
from candidates.rules import contacts, id_number, names
from candidates.rules.id_number import InvalidNumber
from candidates.rules.text import clean, kind_of

LONG_TERM = "long_term"
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
_MONTH = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})月?")


class _InOneStatement(ModelChoiceIterator):
    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from map(self.choice, self.field.rows() if self.field.rows else self.queryset.all())


class ListedField(forms.ModelChoiceField):
    """A choice among rows, read in one statement: Django declares a cursor for them, fetches and closes: three.

    `rows`: what gives the rows of its queryset where they are asked by a prepared query.
    """

    iterator = _InOneStatement
    rows: Callable[[], list[Model]] | None = None


class Shared:
    """A field that no form changes: its forms use it as it is, where Django copies it. A case has forty small forms."""

    def __deepcopy__(self, memo):
        return self


class PlainField(forms.CharField):
    """Text in its one spelling (text.py). `kind`: a key of its KINDS; else one line of words, or several in a box."""

    kind = ""

    def __init__(self, *args, kind: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        lines = isinstance(self.widget, forms.Textarea)
        self.kind = kind or self.kind or ("lines" if lines else "words")

    def to_python(self, value):
        return super().to_python(clean(value, self.kind) if isinstance(value, str) else value)

    def widget_attrs(self, widget):
        """Leave out maxlength: a browser cuts what is pasted there, without a word; the form says what is too long."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class SharedText(Shared, PlainField):
    pass


class SharedChoice(Shared, forms.ChoiceField):
    pass


class SharedTick(Shared, forms.BooleanField):
    pass


def column_field(column, **kwargs):
    """Return the field for a column of text: of the kind that the column's name tells."""
    return column.formfield(
        form_class=PlainField, kind=kind_of(f"{column.model._meta.model_name}.{column.name}"), **kwargs
    )


class PlainEmailField(forms.EmailField):
    kind = "email"

    def to_python(self, value):
        return super().to_python(clean(value, self.kind) if isinstance(value, str) else value)


class PostcodeField(PlainField):
    """A postcode (contacts.py), of six digits; of letters too where somebody lives abroad."""

    kind = "postcode"

    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    may_be_abroad = False

    def to_python(self, value):
        return contacts.folded_postcode(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        if wrong := contacts.wrong_postcode(value, may_be_abroad=self.may_be_abroad):
            raise ValidationError(wrong)


class TelephoneField(PlainField):
    """A telephone number (contacts.py)."""

    kind = "telephone"

    widget = forms.TextInput(attrs={"inputmode": "tel"})

    def validate(self, value):
        super().validate(value)
        if wrong := contacts.wrong_telephone(value):
            raise ValidationError(wrong)


class NameField(PlainField):
    """A person's name (names.py): of 1 to 50 characters."""

    kind = "name"

    def clean(self, value):
        value = super().clean(value)
        try:
            return names.normalise(value) if value else ""
        except names.InvalidName as refusal:
            raise ValidationError(str(refusal)) from None


def _mobile_help() -> str:
    return "用来登录和接收通知。" if "mobile" in sending.contacts() else "用来登录。"


def _email_help() -> str:
    return "" if "mobile" in sending.contacts() else "通知和重设密码的验证码发到这里；不填写的只能登录后查看通知。"


# what a contact is used for depends on NMEC_SENDER, asked each time a page is drawn
mobile_help, email_help = lazy(_mobile_help, str)(), lazy(_email_help, str)()


class MobileField(PlainField):
    """A mobile: eleven digits, or an overseas one (id_number.py); whose it may be is for its form to tell."""

    kind = "mobile"

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "class": "short"})

    def clean(self, value):
        value = super().clean(value)
        try:
            return id_number.normalise_any_mobile(value) if value else ""
        except InvalidNumber as refusal:
            raise ValidationError(str(refusal), code="unreadable") from None


class DayInput(forms.DateInput):
    """A date to pick or to type; the value is always ISO."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput

    def __init__(self, **kwargs):
        kwargs.setdefault("input_formats", DAY_FORMATS)
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "日期无法识别：请按“年-月-日”填写，例如 2018-07-01。"

    def clean(self, value):
        day = super().clean(clean(value, "date") if isinstance(value, str) else value)
        if day and not EARLIEST <= day < LATEST:
            raise ValidationError("年份不对：请核对日期。")
        return day


class WholeNumberInput(forms.TextInput):
    """A box for text: one for numbers gives nothing of what it cannot read, full-width digits among it."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "numeric", "class": "vIntegerField", **(attrs or {})})


class WholeNumberField(forms.IntegerField):
    """A year, a count, an amount in fen: digits of any script, with what cannot be seen between them."""

    widget = WholeNumberInput

    def to_python(self, value):
        return super().to_python(clean(value, "code") if isinstance(value, str) else value)


class MomentField(forms.SplitDateTimeField):
    """A day and a time of it, in two boxes, each read as DayField reads days."""

    def __init__(self, **kwargs):
        super().__init__(**{"input_date_formats": DAY_FORMATS, **kwargs})

    def clean(self, value):
        typed = value if isinstance(value, (list, tuple)) else []
        kinds = ("date", "moment")
        return super().clean(
            [clean(one, kind) if isinstance(one, str) else one for one, kind in zip(typed, kinds, strict=False)]
        )


class RowField(forms.ModelChoiceField):
    """Another row, by a key that may have been typed."""

    def to_python(self, value):
        return super().to_python(clean(value, "identifier") if isinstance(value, str) else value)


class MonthInput(forms.DateInput):
    """A month to pick, or to type as 2025-03 where the browser has nothing to pick it with."""

    input_type = "month"

    def __init__(self, attrs=None):
        super().__init__({"placeholder": "如 2025-03", "class": "short", **(attrs or {})}, format="%Y-%m")


class MonthField(forms.Field):
    """A month: 2025-03, 2025/3, 2025年3月, 202503. Gives its first day."""

    widget = MonthInput

    def to_python(self, value):
        if value in self.empty_values:
            return None

        found = _MONTH.fullmatch(clean(value, "date"))
        try:
            day = date(int(found[1]), int(found[2]), 1) if found else None
        except ValueError:
            day = None

        if day is None:
            raise ValidationError("年月无法识别：请按“年-月”填写，例如 2025-03。")
        if not EARLIEST <= day < LATEST:
            raise ValidationError("年份不对：请核对年月。")
        return day


class YesNoField(forms.TypedChoiceField):
    """是 or 否, or not answered yet: True, False, None."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs):
        super().__init__(
            choices=[("true", "是"), ("false", "否")], coerce=lambda value: value == "true", empty_value=None, **kwargs
        )
        self.layout = "choices-inline"

    def prepare_value(self, value):
        return {True: "true", False: "false"}.get(value, value)


class ValidUntilInput(forms.TextInput):
    """A date, or a tick at 长期有效: both are sent under one name, an ISO date or `long_term`."""

    template_name = "candidates/widgets/valid_until.html"
    use_fieldset = True

    def value_from_datadict(self, data, files, name):
        sent = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        dates = [value.strip() for value in sent if value.strip() and value != LONG_TERM]
        return [*dates, *([LONG_TERM] if LONG_TERM in sent else [])]

    def format_value(self, value):
        return value

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        values = value if isinstance(value, list) else [value]
        context["widget"]["long_term"] = LONG_TERM in values
        context["widget"]["day"] = next((str(one) for one in values if one and one != LONG_TERM), "")
        return context


class ValidUntilField(forms.Field):
    """Until when a document is valid: a date, or `long_term`."""

    widget = ValidUntilInput

    def clean(self, value):
        values = value if isinstance(value, list) else [value]
        if len(values) > 1:
            raise ValidationError("请填写日期，或勾选“长期有效”，只选一项。")
        if not values or not values[0]:
            raise ValidationError("请按证件填写有效期截止日期；证件上写“长期”的，勾选“长期有效”。")
        return LONG_TERM if values[0] == LONG_TERM else DayField().clean(values[0])

    def prepare_value(self, value):
        return value or ""

    def has_changed(self, initial, data):
        return True
