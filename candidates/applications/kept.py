"""A form that was posted after the session had ended: kept for an hour, offered to its account after logging in.

The form carries a token that names its account and its page. What was typed lies sealed with the account's application
(form_drafts): nobody else can read it, and another account is never shown it.
"""

import base64
import json

from candidates.applications import form_drafts
from candidates.encryption import Undecryptable, decrypt, encrypt
from candidates.models import Account

FIELD = "form_of"  # the form field that carries the token
FORM = "application/x-www-form-urlencoded"


def token(account, page: str) -> str:
    """Return what the form carries to be known again by: whose it is, and the page's address."""
    return base64.urlsafe_b64encode(encrypt(json.dumps([account.pk, page]))).decode()


def is_anothers(request) -> bool:
    """Tell whether the posted form was drawn for another account than the one that is logged in now."""
    named = _named(request)
    return named is not None and named[0] != request.user.pk


def keep(request) -> str:
    """Keep what a posted form holds for the account that it was drawn for; return the form's page.

    Empty where it is no such form, or nothing could be kept.
    """
    named = _named(request) if request.content_type == FORM else None  # an upload is not read for this
    if named is None:
        return ""
    account = Account.objects.filter(pk=named[0], is_active=True).first()
    draft = account and form_drafts.keep_late(account, request.POST)
    return named[1] if draft else ""


def _named(request) -> list | None:
    """Return account and page of the posted form; None where it is no form of this kind."""
    try:
        named = json.loads(decrypt(base64.urlsafe_b64decode(request.POST.get(FIELD, ""))))
    except (Undecryptable, ValueError):
        return None
    return named if isinstance(named, list) and len(named) == 2 else None
