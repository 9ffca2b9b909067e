"""My account: contact data, my data as a file, deleting an account that has no application."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.accounts import login_limits, mobiles, own_account
from candidates.accounts.login_limits import Place
from candidates.applications.access import candidates_only, my_others
from candidates.encryption import keyed_hash
from candidates.forms.accounts import ChannelsForm, ContactForm, DeleteAccountForm
from candidates.messages import outbox, sending
from candidates.models.message import CHANNELS
from candidates.rules import id_number
from candidates.rules.contacts import folded_email
from candidates.rules.id_number import DOCUMENT_TYPES
from candidates.rules.refusals import NotAllowed, Refused
from candidates.views import typed
from candidates.views.answers import refusals_told
from candidates.views.mobiles import ask_for_code, change_contact
from review.operations import my_data, purging

TOO_MANY = "填写的联系方式多次已被别的账号使用：请过一会儿再试。"


@candidates_only
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
def account(request):
    mine = request.user
    form = typed.form_of(request, ContactForm, mine, initial={"mobile": mine.mobile, "email": mine.email})
    if request.method == "POST" and form.is_valid():
        address = _contact_changed(request, form)
        if address:
            return redirect(address)

    context = {
        "form": form,
        "channels": _channels(mine),
        "unreached": outbox.unreached(mine),
        "document": DOCUMENT_TYPES[mine.document_type].label,
        "number": id_number.masked(mine.document_number),
        "may_delete": purging.may_forget(mine),
        "consents": mine.consents.all(),
        "agreed": mine.consent_version == own_account.PRIVACY_VERSION,
    }
    return typed.page(request, "candidates/account.html", context)


def _channels(mine) -> list[dict]:
    """Say of each channel that there is whether it reaches me, and whether I have switched it off."""
    there = sending.contacts()
    return [
        {
            "name": name,
            "label": label,
            "on": not (mine.no_sms if name == "sms" else mine.no_mail),
            "reaches": bool(getattr(mine, sending.CONTACT_OF[name])),
            "contact": "手机号码" if name == "sms" else "电子邮箱",
        }
        for name, label in CHANNELS.items()
        if sending.CONTACT_OF[name] in there
    ]


@candidates_only
@require_POST
@refusals_told
def channels(request):
    form = ChannelsForm(request.POST)
    if form.is_valid():
        own_account.choose_channels(request.user.pk, sms=form.cleaned_data["sms"], mail=form.cleaned_data["mail"])
        messages.success(request, "接收方式已保存。")
    return redirect("account")


def _mine(request):
    return my_others(request, None)


def _contact_changed(request, form) -> str:
    """Change the contact and return where to go on: what is new may have to be confirmed. Empty where refused."""
    mobile, email = form.cleaned_data["mobile"], form.cleaned_data["email"]
    to_confirm = _to_confirm(request.user, mobile, email) if settings.CONFIRM_MOBILE else ""
    asker = Place(keyed_hash(f"contact of {request.user.pk}"))
    if not login_limits.may_register(asker):
        form.add_error(None, TOO_MANY)
        return ""
    try:
        if not to_confirm:
            change_contact(request, mobile, email)
        elif mobile and request.user.mobile:  # the e-mail is no login name, and need not wait
            change_contact(request, request.user.mobile, email)
        if to_confirm:
            ask_for_code(request, to_confirm, email="" if request.user.mobile else email)
    except NotAllowed as refusal:
        form.add_error(mobiles.kind_of(to_confirm), str(refusal))
    except Refused as refusal:
        login_limits.was_taken(asker)  # who asks for many finds out who has registered
        for field, sentence in refusal.problems.items():
            form.add_error(field, sentence)
    else:
        if to_confirm:
            return "mobile_code"
        messages.success(request, "联系方式已修改。")
        return "account"
    return ""


def _to_confirm(mine, mobile: str, email: str) -> str:
    """Return the contact that a code has to confirm: a new mobile, or where there is none a new e-mail."""
    if mobile:
        return mobile if mobile != mine.mobile else ""
    return email if mine.mobile or folded_email(email) != folded_email(mine.email) else ""


@candidates_only
@require_safe
def seen(request):
    """List which units have looked at my papers, and on which days; nobody by name."""
    return render(request, "candidates/seen.html", {"days": my_data.looks_at(request.user)})


@candidates_only
@require_POST
def agree(request):
    """Agree to the privacy notice as it is now."""
    own_account.agree(request.user)
    messages.success(request, "已记录您同意新的隐私声明。")
    return redirect("account")


@candidates_only
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
@refusals_told
def delete(request):
    """Ask on GET, delete on POST; an account with an application stays, and stays logged in."""
    has_application = not purging.may_forget(request.user)
    form = typed.form_of(request, DeleteAccountForm, request.user)
    if request.method == "POST" and not has_application and form.is_valid():
        if _mine(request).exists():
            purging.forget_withdrawn(request.user.pk)
        else:
            own_account.delete_account(request.user.pk)
        logout(request)  # only once the deletion is committed
        messages.success(request, "账号已删除，您的个人信息已清除。")
        return redirect("home")
    return typed.page(request, "candidates/account_delete.html", {"form": form, "has_application": has_application})
