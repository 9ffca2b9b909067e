"""Browsers that have logged in before: a signed cookie says to which accounts, in words that tell nothing else.

It holds a random name of the browser for each account, beside a keyed hash of account and password: a new password
makes strangers of all browsers, until they log in with it.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpResponseBase

from candidates.encryption import keyed_hash
from candidates.models import Account

COOKIE = f"{settings.HOST_COOKIE}known"
SALT = "candidates.browsers"
LASTS = timedelta(days=400)  # the longest that browsers keep a cookie
MOST_ACCOUNTS = 5  # a family's computer, not a school's


def name_of(request, account: Account) -> str:
    """Return the random name that this browser got when it logged in to the account; empty where it never has."""
    return _names(request).get(_tag(account), "")


def remember(request, response: HttpResponseBase, account: Account) -> None:
    """Remember the browser of somebody who has proved, by password or code, to be the account's owner."""
    names, tag = _names(request), _tag(account)
    mine = names.pop(tag, "") or secrets.token_hex(8)
    kept = [*names.items(), (tag, mine)][-MOST_ACCOUNTS:]
    response.set_signed_cookie(
        COOKIE,
        ".".join(f"{one}-{name}" for one, name in kept),
        salt=SALT,
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _tag(account: Account) -> str:
    return keyed_hash(f"browser:{account.pk}:{account.password}")[:16]


def _names(request) -> dict[str, str]:
    """Return tag -> name for the accounts that this browser has logged in to, the latest last."""
    kept = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LASTS)
    pairs = [one.split("-") for one in kept.split(".") if kept]
    return {tag: name for tag, name in pairs}
