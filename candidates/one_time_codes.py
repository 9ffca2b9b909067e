"""Codes that are sent to a person: six digits, single use, ten minutes, five tries, one a minute.

Whether an account exists is told by no answer and no time: the same rows are written for a name that nobody has.
"""

import secrets
import uuid
from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import constant_time_compare

from candidates.encryption import keyed_hash
from candidates.models import Account, OneTimeCode
from candidates.workflow import NotAllowed

LASTS = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)
MOST_TRIES = 5
MOST_A_DAY = 20  # for one name: else the tries of many codes would add up
MOST_AN_HOUR = 100  # from one address, which a school may share
WRONG = "验证码不正确或已失效：请核对，或重新获取。"


def address_hash(address: str | None) -> str:
    return keyed_hash(f"address:{address}") if address else ""


def require_pause(login_hash: str, address: str | None, now: datetime) -> None:
    """Raises NotAllowed within a minute of the last time, or where this name or address has asked too often.

    Until the transaction ends, nobody else can ask for the same name.
    """
    with connection.cursor() as cursor:  # there may be no row to hold: two requests at once are one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [login_hash])
    asked = OneTimeCode.objects.filter(login_hash=login_hash)
    if asked.filter(sent_at__gt=now - PAUSE).exists():
        raise NotAllowed("验证码一分钟只能获取一次：请稍候再试。")
    if _requests(asked.filter(sent_at__gt=now - timedelta(days=1))) >= MOST_A_DAY:
        raise NotAllowed("今天获取验证码的次数太多：请明天再试。")
    here = OneTimeCode.objects.filter(address_hash=address_hash(address)).exclude(address_hash="")
    if _requests(here.filter(sent_at__gt=now - timedelta(hours=1))) >= MOST_AN_HOUR:
        raise NotAllowed("您所在的网络获取验证码的次数太多：请一小时后再试。")


def _requests(codes) -> int:
    return codes.values("token").distinct().count()


def make(
    token: uuid.UUID, purpose: str, login_hash: str, address: str | None, account: Account | None, now: datetime
) -> str:
    """A fresh code; only its keyed hash is kept."""
    code = f"{secrets.randbelow(1_000_000):06}"
    OneTimeCode.objects.create(
        token=token,
        purpose=purpose,
        login_hash=login_hash,
        address_hash=address_hash(address),
        account=account,
        code_hash=_hash(token, code),
        sent_at=now,
    )
    return code


def _hash(token: uuid.UUID, code: str) -> str:
    return keyed_hash(f"reset:{token}:{code}")


def match(token: uuid.UUID, code: str, purpose: str, now: datetime) -> OneTimeCode | None:
    """The row of this code, held until the transaction ends, for the caller to use up; a wrong try is counted."""
    rows = OneTimeCode.objects.select_for_update(of=("self",)).filter(token=token, purpose=purpose).order_by("pk")
    usable = [row for row in rows if row.used_at is None and row.tries < MOST_TRIES and now < row.sent_at + LASTS]
    right = [row for row in usable if constant_time_compare(row.code_hash, _hash(token, code))]
    right = [row for row in right if row.account_id or purpose != "password"]  # nobody's password has no code
    if right:
        return right[0]
    for row in usable:
        row.tries += 1
        row.save(update_fields=["tries"])
    return None
