"""Changing a password, and setting a new one by a code."""

import uuid

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from candidates.accounts import browsers, passwords
from candidates.accounts.auth import accounts_of, place_of_codes
from candidates.forms.accounts import AskForCodeForm, ChangePasswordForm, ResetForm
from candidates.messages import sending
from candidates.rules.refusals import NotAllowed, Refused
from candidates.views import typed
from candidates.views.accounts import home_of

RESETTING = "reset"  # in the session: the token of the request for a code


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
def ask(request):
    """Ask where the code goes; answer the same whether or not anybody has this number."""
    form = typed.form_of(request, AskForCodeForm)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["username"]
        try:
            token = passwords.ask_for_code(name, place=place_of_codes(request, accounts_of(name)))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[RESETTING] = str(token)
            return redirect("password_code")
    return typed.page(request, "candidates/password_ask.html", {"form": form, "contacts": sending.contacts_in_words()})


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
def by_code(request):
    if RESETTING not in request.session:
        return redirect("password")
    form = typed.form_of(request, ResetForm)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            account = passwords.reset(uuid.UUID(request.session[RESETTING]), values["code"], values["password1"])
        except Refused as refusal:
            for field, sentence in refusal.problems.items():
                form.add_error(field, sentence)
        else:
            del request.session[RESETTING]
            messages.success(request, "密码已重新设置，请用新密码登录。")
            answer = redirect("login")
            browsers.remember(request, answer, account)  # a guesser in the same network no longer locks its owner out
            return answer
    return typed.page(request, "candidates/password_code.html", {"form": form, "contacts": sending.contacts_in_words()})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
def change(request):
    """Change the password; the other sessions of the account end, this one goes on."""
    form = typed.form_of(request, ChangePasswordForm, request.user)
    if request.method == "POST" and form.is_valid():
        passwords.set_password(request.user, form.cleaned_data["password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已修改，其他设备上的登录已退出。")
        answer = redirect(home_of(request.user))
        browsers.remember(request, answer, request.user)
        return answer
    return typed.page(
        request, "candidates/password_change.html", {"form": form, "forced": request.user.must_change_password}
    )
