"""Resetting a password by a code (candidates/accounts/one_time_codes.py), and changing it."""

import uuid
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from candidates.accounts import login_limits, one_time_codes, own_account
from candidates.accounts.auth import accounts_of, name_key
from candidates.accounts.login_limits import Place
from candidates.accounts.one_time_codes import NOWHERE, PAUSE, WRONG
from candidates.encryption import keyed_hash
from candidates.messages import sending
from candidates.messages.writing import tell_account
from candidates.models import Account, OneTimeCode
from candidates.rules.refusals import Refused

NOBODY = 0  # the key of no account


@transaction.atomic
def ask_for_code(login_name: str, *, place: Place = NOWHERE, now: datetime | None = None) -> uuid.UUID:
    """Send a code to every account that this login name means and the sender reaches; give the request's token.

    For a day after a change of contact it goes to the contact from before: the owner agrees, or waits.

    For a name that nobody has, or nobody who can be reached, the same is asked and written, and nothing sent. What is
    counted is the name as typed, never the account: else a refusal would tell which names are one person's. Raises
    NotAllowed within a minute of the last time, or where this name has been asked for too often.
    """
    now = now or timezone.now()
    login_hash = keyed_hash(name_key(login_name))
    one_time_codes.require_pause(login_hash, place, now)

    token = uuid.uuid4()
    accounts = [one for one in accounts_of(login_name) if one.is_active and sending.can_reach(one)]
    recent = OneTimeCode.objects.filter(
        sent_at__gt=now - PAUSE,
        purpose="password",
        address_hash=place.hash,
        account__in=[NOBODY, *(one.pk for one in accounts)],
    )
    told_lately = set(recent.values_list("account", flat=True))

    receivers: list[Account | None] = [*accounts] or [None]  # for an unknown name the same rows are written
    for account in receivers:
        code = one_time_codes.make(token, "password", login_hash, place, account, now)
        told = account and account.pk in told_lately
        contact = own_account.former_contact(account, now) if account and not told else ""
        tell_account("code", None if told else account, contact=contact, at=now, code=code, purpose="重置密码")
    return token


def reset(token: uuid.UUID, code: str, password: str, *, now: datetime | None = None) -> Account:
    """Set the new password, which ends every session of the account. Raises Refused under `code` or `password1`."""
    now = now or timezone.now()
    account = _redeem(token, code, password, now)
    if account is None:  # the try that failed is counted: its transaction has been committed
        raise Refused({"code": WRONG})
    return account


@transaction.atomic
def _redeem(token: uuid.UUID, code: str, password: str, now: datetime) -> Account | None:
    right = one_time_codes.match(token, code, "password", now)
    if right is None or right.account_id is None:
        return None

    account = Account.objects.select_for_update().get(pk=right.account_id)
    set_password(account, password)
    OneTimeCode.objects.filter(account=account, purpose="password", used_at=None).update(used_at=now)
    login_limits.forget(account)
    return account


def is_own(account: Account, password: str) -> bool:
    """Tell whether this is the account's password, asked of who is logged in; False in a pause after wrong ones.

    Counted for itself, wherever it is typed: whoever sits before an open log-in guesses no faster than from outside,
    and pauses no log-in.
    """
    counted = login_limits.hash_of(account), Place(keyed_hash("own password"), is_known=True)
    may_try = login_limits.may_try(*counted)
    is_right = account.check_password(password)  # checked in a pause too, to take the same time
    if may_try and is_right:
        login_limits.succeeded(*counted)
    return may_try and is_right


def set_password(account: Account, password: str) -> None:
    """Set the password. Raises Refused under `password1` with everything that speaks against it."""
    try:
        validate_password(password, account)
    except ValidationError as refusal:
        raise Refused({"password1": "".join(refusal.messages)}) from None
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
