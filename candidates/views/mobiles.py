"""A mobile, or an e-mail in its place, is confirmed by a code before an account gets it: when registering, and when
it is changed.

The session holds it encrypted: no table of a library's has it in clear.
"""

import base64
import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
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
from candidates.forms.accounts import CodeForm, EmailForm, MobileForm
from candidates.rules.contacts import is_email
from candidates.rules.refusals import NotAllowed, Refused
from candidates.views import typed
from candidates.views.answers import actor_of

ASKED = "a contact that is being confirmed"  # what it is sealed for
CONFIRMING = "mobile"  # in the session: token, number (mobile or e-mail), email, both sealed, confirmed


def ask_for_code(request, contact: str, *, email: str = "") -> None:
    """Send a code, and remember for which mobile or e-mail. Raises NotAllowed.

    `email`: the one that the account gets together with the mobile; empty where it keeps the one it has.
    """
    token = mobiles.ask_for_code(contact, place=_place(request, contact))
    request.session[CONFIRMING] = {
        "token": str(token),
        "number": _sealed(contact),
        "email": _sealed(email),
        "confirmed": False,
    }


def _sealed(text: str) -> str:
    return base64.b64encode(encrypt(text, ASKED)).decode()


def _place(request, contact: str) -> Place:
    """Return where the request counts: for who has logged in a count of their own, but as no known browser."""
    if request.user.is_authenticated:
        return Place(keyed_hash(f"browsers:{request.user.pk}"))
    return place_of_codes(request, accounts_of(contact))


def _contact(request, *, confirmed: bool, what: str = "number") -> str:
    """Return the mobile or e-mail that is being confirmed, or has been; else empty."""
    asked = request.session.get(CONFIRMING)
    if not asked or asked["confirmed"] != confirmed:
        return ""
    try:
        return decrypt(base64.b64decode(asked[what]), ASKED) if what in asked else ""
    except Undecryptable:
        return ""


def confirmed_contact(request) -> str:
    return _contact(request, confirmed=True)


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
@typed.kept_when_refused
def ask(request):
    """Ask, before registering, for the mobile."""
    return _ask(request, "mobile", MobileForm)


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
def ask_by_email(request):
    """Ask, before registering, for the e-mail of who has no mobile."""
    return _ask(request, "email", EmailForm)


def _ask(request, kind: str, form_class):
    if request.user.is_authenticated or not settings.CONFIRM_MOBILE:
        return redirect("account" if request.user.is_authenticated else "register")
    form = typed.form_of(request, form_class)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_code(request, form.cleaned_data[kind])
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("mobile_code")
    context = {"form": form, "by_email": kind == "email", "no_way": mobiles.no_way(kind)}
    return typed.page(request, "candidates/mobile_ask.html", context)


@login_not_required
@candidates_only
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@typed.kept_when_refused
def by_code(request):
    """Take the code that was sent: registering goes on, or the account gets its new mobile or e-mail."""
    contact = _contact(request, confirmed=False)
    back = f"confirm_{mobiles.kind_of(contact)}"
    if request.user.is_authenticated:
        back = "account"
    if not contact:
        return redirect(back)

    form = typed.form_of(request, CodeForm)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_confirm(request, contact, form.cleaned_data["code"]))
        except Refused as refusal:
            form.add_error("code", " ".join(refusal.problems.values()))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))

    context = {"form": form, "contact": contact, "by_email": is_email(contact), "again": back}
    return typed.page(request, "candidates/mobile_code.html", context)


def _confirm(request, contact: str, code: str) -> str:
    """Confirm, and return where to go on. Raises Refused."""
    mobiles.confirm(uuid.UUID(request.session[CONFIRMING]["token"]), code, kind=mobiles.kind_of(contact))
    if not request.user.is_authenticated:
        request.session[CONFIRMING] = {**request.session[CONFIRMING], "confirmed": True}
        return "register"
    email = _contact(request, confirmed=False, what="email")
    if is_email(contact):
        change_contact(request, "", contact)
        messages.success(request, "电子邮箱已修改，以后用它登录。")
    else:
        change_contact(request, contact, email or request.user.email)
        messages.success(request, "手机号码已修改。")
    del request.session[CONFIRMING]  # only now: a refusal is told on the page of the code
    return "account"
