"""A mobile is confirmed by a code before an account gets it: when registering, and when it is changed.

The session holds the number encrypted: no table of a library's has it in clear.
"""

import base64
import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from candidates.accounts import mobiles, own_account
from candidates.accounts.auth import accounts_of, place_of_codes
from candidates.accounts.login_limits import Place
from candidates.applications.access import candidates_only, my_others
from candidates.applications.form import save_section
from candidates.applications.states import NOT_SUBMITTED
from candidates.encryption import Undecryptable, decrypt, encrypt, keyed_hash
from candidates.forms.accounts import CodeForm, MobileForm
from candidates.rules.refusals import NotAllowed, Refused
from candidates.views.answers import actor_of

CONFIRMING = "mobile"  # in the session: token, number (sealed), confirmed


def ask_for_code(request, mobile: str) -> None:
    """Send a code, and remember for which number. Raises NotAllowed."""
    token = mobiles.ask_for_code(mobile, place=_place(request, mobile))
    sealed = base64.b64encode(encrypt(mobile)).decode()
    request.session[CONFIRMING] = {"token": str(token), "number": sealed, "confirmed": False}


def _place(request, mobile: str) -> Place:
    """Return where the request counts: for who has logged in a count of their own, but as no known browser."""
    if request.user.is_authenticated:
        return Place(keyed_hash(f"browsers:{request.user.pk}"))
    return place_of_codes(request, accounts_of(mobile))


def _mobile(request, *, confirmed: bool) -> str:
    """Return the number that is being confirmed, or has been; else empty."""
    asked = request.session.get(CONFIRMING)
    if not asked or asked["confirmed"] != confirmed:
        return ""
    try:
        return decrypt(base64.b64decode(asked["number"]))
    except Undecryptable:
        return ""


def confirmed_mobile(request) -> str:
    return _mobile(request, confirmed=True)


def change_contact(request, mobile: str, email: str) -> None:
    """Change the contact in the account, and in forms that have not been submitted yet."""
    own_account.change_contact(request.user.pk, mobile=mobile, email=email)
    values = {"mobile": mobile, "email": email}
    for application in my_others(request, None).filter(status__in=NOT_SUBMITTED):
        try:
            save_section(application.pk, "basic", values, actor=actor_of(request), seen=None)
        except NotAllowed:  # its windows are closed: the form stays as it is, and as it was printed
            continue


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """Ask, before registering, for the mobile."""
    if request.user.is_authenticated or not settings.CONFIRM_MOBILE:
        return redirect("account" if request.user.is_authenticated else "register")
    form = MobileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_code(request, form.cleaned_data["mobile"])
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("mobile_code")
    return render(request, "candidates/mobile_ask.html", {"form": form, "no_way": mobiles.no_way()})


@login_not_required
@candidates_only
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request):
    """Take the code that was sent: registering goes on, or the account gets its new number."""
    back = "account" if request.user.is_authenticated else "confirm_mobile"
    mobile = _mobile(request, confirmed=False)
    if not mobile:
        return redirect(back)

    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_confirm(request, mobile, form.cleaned_data["code"]))
        except Refused as refusal:
            form.add_error("code", " ".join(refusal.problems.values()))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))

    return render(request, "candidates/mobile_code.html", {"form": form, "mobile": mobile, "again": back})


def _confirm(request, mobile: str, code: str) -> str:
    """Confirm, and return where to go on. Raises Refused."""
    mobiles.confirm(uuid.UUID(request.session[CONFIRMING]["token"]), code)
    if not request.user.is_authenticated:
        request.session[CONFIRMING] = {**request.session[CONFIRMING], "confirmed": True}
        return "register"
    del request.session[CONFIRMING]
    change_contact(request, mobile, request.user.email)
    messages.success(request, "手机号码已修改。")
    return "account"
