"""A form that was refused is shown again by a page of its own: one that can be reloaded, and gone back to.

What was typed, and what is wrong with it, waits in the browser meanwhile: a sealed cookie that only its page is sent,
and that names its page and account. Not the session: at most of these pages nobody has logged in, and each mistyped
password would be a row. No password and no code is ever kept.
"""

import base64
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone

from candidates.encryption import Undecryptable, decrypt, encrypt
from candidates.forms.accounts import CodeField
from candidates.forms.second_factor import RecoveryField

PURPOSE = "a form that was refused"  # what it is sealed for
LASTS = 15 * 60  # seconds: somebody else may sit down at the same computer
LONGEST = 3800  # bytes: a browser takes a cookie of 4096 with its name and its terms


class _Kept(NamedTuple):
    page: str
    account: int  # 0: nobody has logged in
    until: float  # seconds since 1970
    typed: str  # as a form is sent
    wrong: dict[str, list[str]]  # field -> sentences


def form_of(request: HttpRequest, kind: type[forms.Form], *args: Any, **options: Any) -> forms.Form:
    """Return the form as it is posted; as it was refused a moment ago; else as it is at first."""
    if request.method == "POST":
        return kind(*args, data=request.POST, **options)
    kept = _kept(request)
    if kept is None:
        return kind(*args, **options)

    form = kind(*args, data=QueryDict(kept.typed), **options)
    form.cleaned_data = {}
    # not judged again: what is wrong has been said, and without the passwords it would be something else
    wrong = {name: form.error_class(said, renderer=form.renderer) for name, said in kept.wrong.items()}
    form._errors = ErrorDict(wrong, renderer=form.renderer)
    return form


def page(request: HttpRequest, template: str, context: dict[str, Any], *, address: str = "") -> HttpResponse:
    """Draw the page, or lead from a POST to where it is drawn: `address`, or its own. Context: form, and its others.

    What is too long for a cookie is drawn at once, as it was typed.
    """
    if request.method != "POST":
        return render(request, template, context)
    form = context["form"]
    wrong = {name: [str(one) for one in said] for name, said in form.errors.items()}
    kept = _Kept(request.path, request.user.pk or 0, timezone.now().timestamp() + LASTS, _typed(form), wrong)
    sealed = base64.urlsafe_b64encode(encrypt(json.dumps(kept, ensure_ascii=False), PURPOSE)).decode()
    if len(sealed) > LONGEST:
        return render(request, template, context)

    answer = HttpResponseRedirect(address or request.get_full_path())
    answer.set_cookie(
        _name(request),
        sealed,
        max_age=LASTS,
        path=request.path,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def kept_when_refused(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view answer by page(), and forget what was kept as soon as a POST is not refused."""

    @wraps(view)
    def forgetting(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        answer, name = view(request, *args, **named), _name(request)
        if request.method == "POST" and name in request.COOKIES and name not in answer.cookies:
            answer.delete_cookie(name, path=request.path, samesite="Lax")
        return answer

    return forgetting


def _name(request: HttpRequest) -> str:
    # of one page alone, where __Host- would have it sent to all
    prefix = "__Secure-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}typed" + request.path.replace("/", "_")


def _typed(form: forms.Form) -> str:
    """Return what the form holds, as it was sent, without its secrets."""
    said = QueryDict(mutable=True)
    for name, field in form.fields.items():
        is_secret = isinstance(field, CodeField | RecoveryField) or isinstance(field.widget, forms.PasswordInput)
        if name in form.data and not is_secret:
            said.setlist(name, form.data.getlist(name))
    return said.urlencode()


def _kept(request: HttpRequest) -> _Kept | None:
    """Return what this page, for who looks at it now, keeps; else None."""
    try:
        kept = _Kept(*json.loads(decrypt(base64.urlsafe_b64decode(request.COOKIES.get(_name(request), "")), PURPOSE)))
    except (Undecryptable, ValueError, TypeError):
        return None
    is_theirs = kept.page == request.path and kept.account == (request.user.pk or 0)
    return kept if is_theirs and timezone.now().timestamp() < kept.until else None
