"""Resetting a password by a code: six digits, single use, ten minutes, five tries, one a minute.

Whether an account exists is told by no answer and no time: the same rows are written for a name that nobody has.
"""

import secrets
import uuid
from datetime import datetime, timedelta

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from candidates.auth import accounts_of
from candidates.encryption import keyed_hash
from candidates.models import Account, PasswordReset
from candidates.sending import send_later
from candidates.workflow import NotAllowed, Refused

LASTS = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)
MOST_TRIES = 5
MOST_A_DAY = 20  # else the tries of many codes would add up
WRONG = "验证码不正确或已失效：请核对，或重新获取。"


@transaction.atomic
def ask_for_code(login_name: str, login_hash: str, *, now: datetime | None = None) -> uuid.UUID:
    """Sends a code to every account that this login name means; gives the request's token.

    Raises NotAllowed within a minute of the last time, or where it has been asked for too often today.
    """
    now = now or timezone.now()
    with connection.cursor() as cursor:  # there may be no row to hold: two requests at once are one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [login_hash])
    recent = PasswordReset.objects.filter(sent_at__gt=now - PAUSE)
    if recent.filter(login_hash=login_hash).exists():
        raise NotAllowed("验证码一分钟只能获取一次：请稍候再试。")
    asked = PasswordReset.objects.filter(login_hash=login_hash, sent_at__gt=now - timedelta(days=1))
    if asked.values("token").distinct().count() >= MOST_A_DAY:
        raise NotAllowed("今天获取验证码的次数太多：请明天再试。")
    token = uuid.uuid4()
    accounts = [one for one in accounts_of(login_name) if one.is_active and (one.mobile or one.email)]
    told_lately = set(recent.filter(account__in=accounts).values_list("account", flat=True))
    for account in accounts or [None]:
        code = f"{secrets.randbelow(1_000_000):06}"
        PasswordReset.objects.create(
            token=token, login_hash=login_hash, account=account, code_hash=_hash(token, code), sent_at=now
        )
        if account and account.pk not in told_lately:
            send_later(account, "重置密码验证码", f"您的验证码是 {code}，10 分钟内有效。如非本人操作，请忽略。")
    return token


def _hash(token: uuid.UUID, code: str) -> str:
    return keyed_hash(f"reset:{token}:{code}")


def reset(token: uuid.UUID, code: str, password: str, *, now: datetime | None = None) -> Account:
    """Sets the new password; every session of the account ends. Raises Refused under `code` or `password1`."""
    now = now or timezone.now()
    account = _redeem(token, code, password, now)
    if account is None:  # the try that failed is counted: its transaction has been committed
        raise Refused({"code": WRONG})
    return account


@transaction.atomic
def _redeem(token: uuid.UUID, code: str, password: str, now: datetime) -> Account | None:
    rows = list(PasswordReset.objects.select_for_update(of=("self",)).filter(token=token).order_by("pk"))
    usable = [row for row in rows if row.used_at is None and row.tries < MOST_TRIES and now < row.sent_at + LASTS]
    right = [row for row in usable if constant_time_compare(row.code_hash, _hash(token, code)) and row.account_id]
    if not right:
        for row in usable:
            row.tries += 1
            row.save(update_fields=["tries"])
        return None
    account = Account.objects.select_for_update().get(pk=right[0].account_id)
    set_password(account, password)
    PasswordReset.objects.filter(account=account, used_at=None).update(used_at=now)
    forget_failures(username=right[0].login_hash)
    return account


def set_password(account: Account, password: str) -> None:
    """Raises Refused under `password1` with everything that speaks against the password."""
    try:
        validate_password(password, account)
    except ValidationError as refusal:
        raise Refused({"password1": "".join(refusal.messages)}) from None
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
