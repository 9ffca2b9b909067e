"""Forms around the account: registering, logging in, passwords, contact data."""

import re

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from candidates.accounts import own_account, passwords
from candidates.forms.fields import (
    LONG_TERM,
    MobileField,
    NameField,
    PlainEmailField,
    PlainField,
    ValidUntilField,
    email_help,
    mobile_help,
)
from candidates.models import Account
from candidates.rules import id_number
from candidates.rules.contacts import is_email
from candidates.rules.contradictions import expired
from candidates.rules.id_number import DOCUMENT_TYPES, InvalidNumber

NEW_HINT = "至少 10 个字符，不能全是数字，不能包含您的证件号码或手机号码。"
WITHOUT_MOBILE = "港澳台居民和外籍人员没有手机的，可以不填，改填电子邮箱。"
SIX_DIGITS = re.compile(r"(?<!\d)\d{6}(?!\d)", re.ASCII)
LOGIN_HINT = "用电子邮箱代替手机注册的，填写该邮箱。"
DOCUMENT_GROUPS = (("大陆居民", "mainland"), ("港澳台居民", "hmt"), ("外籍人员", "foreign"))


def document_choices(types=frozenset(DOCUMENT_TYPES)):
    """Return these document types, grouped by who holds them."""
    groups = {"mainland": [], "hmt": [], "foreign": []}
    for code, kind in DOCUMENT_TYPES.items():
        group = kind.residencies[0] if kind.residencies[0] in groups else "hmt"
        if code in types:
            groups[group].append((code, kind.label))
    return [("", "请选择"), *((title, groups[code]) for title, code in DOCUMENT_GROUPS if groups[code])]


def password_input(autocomplete):
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


class IdentityMixin(forms.Form):
    """An identity document: type, number and until when it is valid, judged together."""

    document_type = forms.ChoiceField(
        label="证件类型", choices=document_choices, error_messages={"required": "请选择证件类型。"}
    )
    document_number = PlainField(
        kind="document_number",
        label="证件号码",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": "请填写证件号码。"},
    )
    valid_until = ValidUntilField(label="证件有效期至")

    def clean_document_number(self):
        """Return the one stored spelling, where the type is known."""
        document_type, number = self.cleaned_data.get("document_type"), self.cleaned_data["document_number"]
        if not document_type:
            return number
        try:
            number = id_number.normalise(document_type, number)
        except InvalidNumber as refusal:
            raise ValidationError(str(refusal)) from None

        facts = id_number.facts(document_type, number)
        if facts and facts.birth_date >= timezone.localdate(timezone.now()):
            raise ValidationError("证件号码中的出生日期晚于今天：请对照证件核对。")
        return number

    def clean_valid_until(self):
        """Return the last valid day; None for a document that is valid for good."""
        until = self.cleaned_data["valid_until"]
        if until == LONG_TERM:
            return None
        if until < timezone.localdate(timezone.now()):
            raise ValidationError(expired(self.cleaned_data.get("document_type", "")))
        return until


class FittingMobileMixin(forms.Form):
    """A mobile; overseas ones, and an e-mail in its place, are for holders of documents that people abroad have."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mobile"].required = False  # clean() asks for it

    def held_document(self) -> str:
        return self.cleaned_data.get("document_type", "")

    def clean(self):
        cleaned = super().clean()
        mobile, email = self.cleaned_data.get("mobile", ""), self.cleaned_data.get("email", "")
        if not mobile and "mobile" in self.fields and not self.errors.keys() & {"mobile", "email"}:
            wrong = id_number.missing_mobile(self.held_document(), email)
            wrong = own_account.NEEDS_MOBILE if wrong and self.fields["mobile"].disabled else wrong
        else:
            wrong = id_number.mobile_does_not_fit(self.held_document(), mobile)
        if wrong:
            self.add_error("mobile", wrong)
        elif self.has_error("mobile", "unreadable") and self.held_document() in id_number.MAY_BE_OVERSEAS:
            self.add_error("mobile", id_number.HOW_OVERSEAS)
        return cleaned


class NewPasswordMixin(forms.Form):
    """A password, typed twice, judged by the validators against `self.person()`."""

    password1 = forms.CharField(
        label="密码",
        strip=False,
        help_text=NEW_HINT,
        widget=password_input("new-password"),
        error_messages={"required": "请设置密码。"},
    )
    password2 = forms.CharField(
        label="再输入一次密码",
        strip=False,
        widget=password_input("new-password"),
        error_messages={"required": "请再输入一次密码。"},
    )

    def person(self) -> Account | None:
        return None

    def clean(self):
        cleaned = super().clean()
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "两次输入的密码不一样：请重新输入。")

        if first:
            try:
                validate_password(first, self.person())
            except ValidationError as refusal:
                self.add_error("password1", refusal)
        return cleaned


class RegisterForm(FittingMobileMixin, NewPasswordMixin, IdentityMixin):
    name = NameField(
        label="姓名",
        help_text="与身份证件一致，生僻字也请照原样填写。",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "请填写姓名。"},
    )
    mobile = MobileField(label="手机号码", help_text=mobile_help, error_messages={"required": "请填写手机号码。"})
    email = PlainEmailField(
        label="电子邮箱",
        required=False,
        help_text=email_help,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "电子邮箱无法识别：请核对，例如 name@example.com。"},
    )
    consent = forms.BooleanField(
        label="我已阅读并同意《隐私声明》",
        error_messages={"required": "请阅读隐私声明，同意后才能注册。"},
    )

    field_order = (
        "name",
        "document_type",
        "document_number",
        "valid_until",
        "mobile",
        "email",
        "password1",
        "password2",
        "consent",
    )

    def __init__(self, *args, confirmed: str = "", **kwargs):
        """Show `confirmed`, the mobile or e-mail that a code has confirmed, where that is asked for, as given."""
        super().__init__(*args, **kwargs)
        self.fields["consent"].help_text = format_html(
            '<a href="{}" target="_blank">阅读隐私声明（在新页面打开）</a>', reverse("privacy")
        )
        # what a password manager keeps as the name: of what stands before the passwords, the e-mail logs few people in
        self.fields["document_number"].widget.attrs["autocomplete"] = "username"
        self.fields["mobile"].mark = "必填"
        if is_email(confirmed):
            self._show_confirmed_email(confirmed)
        elif confirmed:
            self.initial["mobile"] = confirmed
            self.fields["mobile"].disabled = True
            self.fields["mobile"].help_text = format_html(
                '已确认，{}<a href="{}">换一个号码</a>', mobile_help, reverse("confirm_mobile")
            )
        else:
            self.fields["mobile"].help_text = format_html("{}{}", mobile_help, WITHOUT_MOBILE)

    def _show_confirmed_email(self, email: str):
        """Ask for no mobile, and offer the documents whose holders may do without."""
        del self.fields["mobile"]
        self.fields["document_type"].choices = document_choices(id_number.MAY_BE_OVERSEAS)
        self.initial["email"] = email
        self.fields["email"].disabled, self.fields["email"].mark = True, "必填"
        self.fields["email"].help_text = format_html(
            '已确认，用来登录和接收通知。<a href="{}">换一个邮箱</a>　<a href="{}">改用手机号码</a>',
            reverse("confirm_email"),
            reverse("confirm_mobile"),
        )

    def person(self):
        cleaned = self.cleaned_data
        return Account(**{field: cleaned.get(field, "") for field in ("document_number", "mobile", "email")})


class LoginForm(forms.Form):
    username = PlainField(
        kind="identifier",
        label="证件号码或手机号码",
        help_text=LOGIN_HINT,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请填写证件号码或手机号码。"},
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        widget=password_input("current-password"),
        error_messages={"required": "请填写密码。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.mark = " "


class AskForCodeForm(forms.Form):
    username = PlainField(
        kind="identifier",
        label="证件号码或手机号码",
        help_text=LOGIN_HINT,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请填写证件号码或手机号码。"},
    )


class CodeField(PlainField):
    """Six digits; full-width ones, spaces and dashes are folded, and of a whole SMS pasted its code is taken."""

    kind = "code"
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "tiny"})

    def clean(self, value):
        code = super().clean(value).replace("-", "")
        found = SIX_DIGITS.findall(code)
        return found[0] if len(found) == 1 else code


class CodeForm(forms.Form):
    code = CodeField(
        label="验证码", help_text="6 位数字，10 分钟内有效。", error_messages={"required": "请填写验证码。"}
    )


class MobileForm(forms.Form):
    """The mobile that a code is sent to before registering."""

    mobile = MobileField(label="手机号码", help_text=mobile_help, error_messages={"required": "请填写手机号码。"})


class EmailForm(forms.Form):
    """The e-mail that a code is sent to before registering without a mobile."""

    email = PlainEmailField(
        label="电子邮箱",
        help_text="用来登录和接收通知。",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "请填写电子邮箱。",
            "invalid": "电子邮箱无法识别：请核对，例如 name@example.com。",
        },
    )


class ResetForm(NewPasswordMixin, CodeForm):
    field_order = ("code", "password1", "password2")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].label, self.fields["password2"].label = "新密码", "再输入一次新密码"


class OwnPasswordMixin(forms.Form):
    """The account's own password, asked again before something that cannot be undone."""

    password = forms.CharField(
        label="登录密码",
        strip=False,
        widget=password_input("current-password"),
        error_messages={"required": "请填写登录密码。"},
    )

    def __init__(self, account: Account, *args, **kwargs):
        self.account = account
        super().__init__(*args, **kwargs)

    def clean_password(self):
        if not passwords.is_own(self.account, self.cleaned_data["password"]):
            raise ValidationError("密码不正确：请重新输入。多次输错请稍后再试。")
        return self.cleaned_data["password"]


class ChangePasswordForm(OwnPasswordMixin, NewPasswordMixin):
    field_order = ("password", "password1", "password2")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "现在的密码"
        self.fields["password1"].label, self.fields["password2"].label = "新密码", "再输入一次新密码"

    def person(self):
        return self.account

    def clean(self):
        """Refuse the present password as the new one: what somebody else has set is to be changed."""
        answers = super().clean() or self.cleaned_data
        if answers.get("password1") and answers["password1"] == answers.get("password"):
            self.add_error("password1", "新密码与现在的密码相同：请换一个。")
        return answers


class ContactForm(FittingMobileMixin, OwnPasswordMixin):
    mobile = MobileField(label="手机号码", help_text=mobile_help, error_messages={"required": "请填写手机号码。"})
    email = PlainEmailField(
        label="电子邮箱",
        required=False,
        help_text=email_help,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "电子邮箱无法识别：请核对。"},
    )
    field_order = ("mobile", "email", "password")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mobile"].mark = "必填"
        if self.held_document() in id_number.MAY_BE_OVERSEAS:
            self.fields["mobile"].mark, self.fields["email"].mark = "没有可不填", "没有手机的必填"
            self.fields["mobile"].help_text = format_html("{}{}", mobile_help, "没有手机的，用电子邮箱登录和接收通知。")

    def held_document(self):
        return self.account.document_type


class DeleteAccountForm(OwnPasswordMixin):
    """Asks for the password alone: whether there is an application is checked by the view."""


class ChannelsForm(forms.Form):
    """By which channels I am told what is not urgent."""

    sms = forms.BooleanField(label="短信", required=False)
    mail = forms.BooleanField(label="邮件", required=False)
