"""A form that was posted after the session had ended: kept for an hour, offered to its account after logging in.

The form carries a token that names its account, its page, and when it was drawn. What was typed lies sealed with the
account's application (form_drafts): nobody else can read it, and another account is never shown it. A token of a page
that was drawn long ago keeps nothing: it may lie in somebody's history.
"""

import base64
import json
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from candidates.applications import form_drafts
from candidates.encryption import Undecryptable, decrypt, encrypt
from candidates.models import Account

FIELD = "form_of"  # the form field that carries the token
PURPOSE = "a form that is posted late"  # what its token is sealed for
FORM = "application/x-www-form-urlencoded"
LONGEST = timedelta(days=2)  # that a page may lie open: a log-in lasts half a day, and a night and a shift come between
TOO_OLD = (
    "这一页是 2 天以前打开的，刚才提交的内容没有保存，也没有暂存："
    "请登录后打开报名表，核对后重新填写（以前暂存的内容还在那里）。"
)


class Token(NamedTuple):
    account: int
    page: str
    drawn: float  # seconds since 1970

    @property
    def is_too_old(self) -> bool:
        return self.drawn < (timezone.now() - LONGEST).timestamp()


def token(account, page: str, now: datetime | None = None) -> str:
    """Return what the form carries to be known again by: whose it is, the page's address, and when it was drawn."""
    drawn = (now or timezone.now()).timestamp()
    return base64.urlsafe_b64encode(encrypt(json.dumps(Token(account.pk, page, drawn)), PURPOSE)).decode()


def is_too_old(request) -> bool:
    """Tell whether the posted form was drawn so long ago that nothing of it is kept (TOO_OLD says so)."""
    named = _named(request) if request.content_type == FORM else None
    return named is not None and named.is_too_old


def is_anothers(request) -> bool:
    """Tell whether the posted form was drawn for another account than the one that is logged in now."""
    named = _named(request)
    return named is not None and named.account != request.user.pk


def keep(request) -> str:
    """Keep what a posted form holds for the account that it was drawn for; return the form's page.

    Empty where it is no such form, or nothing could be kept.
    """
    named = _named(request) if request.content_type == FORM else None  # an upload is not read for this
    if named is None or named.is_too_old:
        return ""
    account = Account.objects.filter(pk=named.account, is_active=True).first()
    draft = account and form_drafts.keep_late(account, request.POST)
    return named.page if draft else ""


def _named(request) -> Token | None:
    """Return the token of the posted form; None where it is no form of this kind."""
    try:
        named = json.loads(decrypt(base64.urlsafe_b64decode(request.POST.get(FIELD, "")), PURPOSE))
    except (Undecryptable, ValueError):
        return None
    return Token(*named) if isinstance(named, list) and len(named) == len(Token._fields) else None
