"""Passkeys: adding and removing one's own, and proving the second factor with one. For reviewers and operators."""

import base64
import secrets

from django.http import Http404
from django.shortcuts import redirect

from candidates.accounts import passkeys
from candidates.forms.second_factor import AuthenticatorForm, PasskeyForm
from candidates.rules.refusals import Refused
from candidates.views import typed
from candidates.views.accounts import after_login, here, next_page
from candidates.views.second_factor import is_proved, prove, staff_only

CHALLENGE = "passkey"  # in the session: what the device has to sign, once


@staff_only
def mine(request, factor):
    """List my passkeys, and add one: what its device has made comes in the field `answer`."""
    _require_offered()
    if not is_proved(request, factor):
        return redirect("second_factor")
    form = typed.form_of(request, PasskeyForm)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            passkeys.add(request.user, _challenge(request), values["answer"], values["label"])
        except Refused as refusal:
            form.add_error("label", refusal.problems["label"])
        else:
            return redirect("passkeys")
    if form.is_bound:
        form.data = form.data.copy()
        form.data["answer"] = ""  # to the question before: the page asks a new one
    question = passkeys.question_to_add(request.user, _new_challenge(request))
    context = {"form": form, "passkeys": passkeys.of(request.user), "question": question, "most": passkeys.MOST}
    return typed.page(request, "candidates/passkeys.html", context)


@staff_only
def remove(request, factor):
    _require_offered()
    if not is_proved(request, factor):
        return redirect("second_factor")
    given = request.POST.get("passkey", "")
    if request.method == "POST" and given.isascii() and given.isdecimal() and len(given) < 19:
        passkeys.remove(request.user, int(given))
    return redirect("passkeys")


@staff_only
def ask(request, factor):
    """Prove the second factor with a passkey, at every login; an authenticator's code will always do, too."""
    if factor is None or not _may_prove(request):
        return redirect("second_factor")
    if is_proved(request, factor):
        return redirect(after_login(request, request.user))

    form = typed.form_of(request, AuthenticatorForm)
    if request.method == "POST":
        try:
            passkeys.prove(request.user, _challenge(request), request.POST.get("answer", ""))
        except Refused as refusal:
            form = AuthenticatorForm({"code": ""})
            form.errors.clear()
            form.add_error(None, refusal.problems["code"])
        else:
            prove(request)
            return redirect(after_login(request, request.user))
    question = passkeys.question_to_prove(request.user, _new_challenge(request))
    context = {"form": form, "next": next_page(request), "question": question}
    return typed.page(request, "candidates/passkey.html", context, address=here(request))


def _require_offered() -> None:
    if not passkeys.is_offered():
        raise Http404


def _may_prove(request) -> bool:
    return passkeys.is_offered() and bool(passkeys.of(request.user))


def _new_challenge(request) -> bytes:
    challenge = secrets.token_bytes(32)
    request.session[CHALLENGE] = base64.b64encode(challenge).decode()
    return challenge


def _challenge(request) -> bytes:
    """Return what the page that is answered now has asked to be signed; never twice the same."""
    return base64.b64decode(request.session.pop(CHALLENGE, "")) or secrets.token_bytes(32)
