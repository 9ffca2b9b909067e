"""The second factor's pages: enrolling, proving it at every login, recovery codes. For reviewers and operators."""

import base64
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from candidates.accounts import passkeys, second_factor
from candidates.accounts.second_factor import PROVED
from candidates.encryption import Undecryptable, decrypt, encrypt
from candidates.forms.second_factor import AuthenticatorForm, RecoveryForm
from candidates.rules.refusals import Refused
from candidates.views import typed
from candidates.views.accounts import after_login, here, next_page

ENROLLING = "enrolling"  # in the session: the secret that is being confirmed, sealed
FEW = 3  # recovery codes left: time for new ones


def staff_only(view):
    """Answer 404 to a candidate, and where the portal asks for no second factor."""

    @wraps(view)
    @sensitive_post_parameters()
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @typed.kept_when_refused
    def guarded(request):
        if request.user.is_authenticated and (not settings.SECOND_FACTOR or request.user.is_candidate):
            raise Http404
        return view(request, second_factor.factor_of(request.user))

    return guarded


def is_proved(request, factor) -> bool:
    return factor is not None and request.session.get(PROVED) == factor.pk


def prove(request) -> None:
    """Let this session count from now on, under a new key, so that nobody else's copy does."""
    request.session.cycle_key()
    request.session[PROVED] = second_factor.factor_of(request.user).pk


@staff_only
def ask(request, factor):
    """Ask for a code of the authenticator, at every login."""
    if factor is None:
        return redirect("enrol_second_factor")
    if is_proved(request, factor):
        return redirect(after_login(request, request.user))

    form = typed.form_of(request, AuthenticatorForm)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.check(request.user, form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", refusal.problems["code"])
        else:
            prove(request)
            return redirect(after_login(request, request.user))
    context = {"form": form, "next": next_page(request), "passkeys": _passkeys(request.user)}
    return typed.page(request, "candidates/second_factor.html", context, address=here(request))


def _passkeys(account):
    return passkeys.of(account) if passkeys.is_offered() else []


@staff_only
def recover(request, factor):
    """Take a recovery code instead."""
    if factor is None or is_proved(request, factor):
        return redirect("second_factor")
    form = typed.form_of(request, RecoveryForm)
    if request.method == "POST" and form.is_valid():
        try:
            left = second_factor.use_recovery_code(request.user, form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", refusal.problems["code"])
        else:
            prove(request)
            told = f"这个恢复码已经用掉，还剩 {left} 个。"
            messages.warning(request, told + "请尽快在“两步验证”中换一批新的。" * (left <= FEW))
            return redirect(after_login(request, request.user))
    context = {"form": form, "next": next_page(request)}
    return typed.page(request, "candidates/second_factor_recover.html", context, address=here(request))


@staff_only
@sensitive_variables()
def enrol(request, factor):
    """Show the QR code and ask for a code that proves it was read; then show the recovery codes, once."""
    if factor is not None:
        return redirect("second_factor")
    if request.user.must_change_password:
        return redirect("password_change")
    secret = _secret(request)

    form = typed.form_of(request, AuthenticatorForm)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.enrol(request.user, secret, form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", refusal.problems["code"])
        else:
            del request.session[ENROLLING]
            prove(request)
            return _show(request, codes, "两步验证已绑定")
    address = second_factor.address(request.user, secret)

    context = {
        "form": form,
        "next": next_page(request),
        "address": address,
        "picture": second_factor.picture(address),
        "groups": [secret[at : at + 4] for at in range(0, len(secret), 4)],
    }
    return typed.page(request, "candidates/second_factor_enrol.html", context, address=here(request))


def _secret(request) -> str:
    """Return the same secret on every try of this session: the phone has read it already."""
    try:
        return decrypt(base64.b64decode(request.session[ENROLLING]), ENROLLING)
    except (KeyError, Undecryptable):
        secret = second_factor.new_secret()
        request.session[ENROLLING] = base64.b64encode(encrypt(secret, ENROLLING)).decode()
        return secret


def _show(request, codes, title):
    """Draw the codes in the answer to the POST: they are kept nowhere but as digests, so no other page could show them.

    A reload shows how many are left, and where new ones are made.
    """
    context = {"codes": codes, "title": title, "onward": after_login(request, request.user)}
    return render(request, "candidates/recovery_codes_shown.html", context)


@staff_only
@sensitive_variables()
def codes(request, factor):
    """Show how many recovery codes are left; make new ones for a code of the authenticator."""
    if not is_proved(request, factor):
        return redirect("second_factor")

    form = typed.form_of(request, AuthenticatorForm)
    if request.method == "POST" and form.is_valid():
        try:
            return _show(request, second_factor.new_codes(request.user, form.cleaned_data["code"]), "新的恢复码")
        except Refused as refusal:
            form.add_error("code", refusal.problems["code"])

    context = {"form": form, "left": second_factor.codes_left(request.user), "factor": factor, "few": FEW}
    context |= {"passkeys": _passkeys(request.user), "may_add": passkeys.is_offered()}
    return typed.page(request, "candidates/recovery_codes.html", context)
