"""A form that was posted after the session had ended: kept for an hour, offered to its account after logging in.

The form carries a token that names its account and its page; what was typed lies sealed in a cookie of that browser,
which is sent to that page only. Nobody else can read it, and another account is never shown it.
"""

import base64
import json
import time

from django.conf import settings
from django.http import QueryDict

from candidates.encryption import Undecryptable, decrypt, encrypt

FIELD = "form_of"  # the form field that carries the token
COOKIE = "kept_form"
FORM = "application/x-www-form-urlencoded"
HOUR = 60 * 60  # seconds
LONGEST = 3800  # bytes: a cookie of this size is kept by every browser


def token(account, page: str) -> str:
    """Return what the form carries to be known again by: whose it is, and the page's address."""
    return _sealed([account.pk, page])


def _named(request) -> list | None:
    """Return account and page of the posted form; None where it is no form of this kind."""
    return _opened(request.POST.get(FIELD, ""), 2)


def is_anothers(request) -> bool:
    """Tell whether the posted form was drawn for another account than the one that is logged in now."""
    named = _named(request)
    return named is not None and named[0] != request.user.pk


def sealed(request) -> tuple[str, str] | None:
    """Return the posted form's page and what was typed, for keep(); None where it is no such form, or too long."""
    named = _named(request) if request.content_type == FORM else None  # an upload is not read for this
    if named is None:
        return None
    typed = {name: values for name, values in request.POST.lists() if name not in (FIELD, "csrfmiddlewaretoken")}
    value = _sealed([*named, int(time.time()), typed])
    return (named[1], value) if len(value) <= LONGEST else None


def keep(response, form: tuple[str, str] | None) -> None:
    """Keep what sealed() returned in the browser that sent it."""
    if form:
        page, value = form
        response.set_cookie(
            COOKIE,
            value,
            max_age=HOUR,
            path=page,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def offered(request) -> QueryDict | None:
    """Return what this account typed into the page of this address at most an hour ago; None where nothing is kept."""
    kept = _opened(request.COOKIES.get(COOKIE, ""), 4)
    if kept is None:
        return None

    account, page, at, typed = kept
    if (account, page) != (request.user.pk, request.path) or time.time() - at > HOUR:
        return None

    found = QueryDict(mutable=True)
    for name, values in typed.items():
        found.setlist(name, values)
    return found


def forget(response, page: str) -> None:
    response.delete_cookie(COOKIE, path=page)


def _sealed(what: list) -> str:
    return base64.urlsafe_b64encode(encrypt(json.dumps(what, ensure_ascii=False))).decode()


def _opened(sealed: str, length: int) -> list | None:
    """Return the list of that length that _sealed() was given; None for all else that a browser may send."""
    try:
        what = json.loads(decrypt(base64.urlsafe_b64decode(sealed)))
    except (Undecryptable, ValueError):
        return None
    return what if isinstance(what, list) and len(what) == length else None
