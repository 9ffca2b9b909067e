"""Codes that are sent to a person: six digits, single use, ten minutes, five tries, one a minute from one place.

Whether an account exists is told by no answer and no time: the same rows are written for a name that nobody has.
"""

import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.crypto import constant_time_compare

from candidates.accounts.login_limits import Place
from candidates.encryption import keyed_hash
from candidates.models import Account, OneTimeCode
from candidates.rules.refusals import NotAllowed

LASTS = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)
MOST_TRIES = 5
KEPT = timedelta(days=2)
WRONG = "验证码不正确或已失效：请用最近一次收到的，或重新获取。"
NOWHERE = Place("")


def require_pause(login_hash: str, place: Place, now: datetime) -> None:
    """Refuse with NotAllowed within a minute of the last time, or where this name was asked for too often.

    Both are counted from one place only, so that nobody uses up a name's minute or day from elsewhere. From all
    networks together there is a limit that is far higher, else one number could be sent codes without end; browsers
    that are known to the account go on. Until the transaction ends, nobody else can ask for the same name.
    """
    # there may be no row to lock: so two requests at once still wait for each other
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [login_hash])
    asked = OneTimeCode.objects.filter(login_hash=login_hash, sent_at__gt=now - timedelta(days=1))
    from_here = asked.filter(address_hash=place.hash)
    if from_here.filter(sent_at__gt=now - PAUSE).exists():
        raise NotAllowed("验证码一分钟只能获取一次：请稍候再试。")
    if _requests(from_here) >= settings.CODES_A_DAY:
        raise NotAllowed("今天获取验证码的次数太多：请明天再试，或换一个网络（如手机流量）。")
    if place.is_known:
        return

    if _requests(asked.filter(is_known=False)) >= settings.CODES_IN_TOTAL:
        raise NotAllowed("今天获取验证码的次数太多：请明天再试，或在登录过的手机、电脑上获取。")
    _slow_down(place, now)


def _slow_down(place: Place, now: datetime) -> None:
    """Let a network that has had its codes of an hour go on one by one, at that pace: it is never closed."""
    here = OneTimeCode.objects.filter(address_hash=place.hash).exclude(address_hash="")
    most, hour = settings.CODES_PER_NETWORK, timedelta(hours=1)
    is_busy = _requests(here.filter(sent_at__gt=now - hour)) >= most
    if is_busy and here.filter(sent_at__gt=now - hour / most).exists():
        raise NotAllowed("您所在的网络正在大量获取验证码：请过几秒再试，或换一个网络（如手机流量）。")


def _requests(codes) -> int:
    return codes.values("token").distinct().count()


def make(token: uuid.UUID, purpose: str, login_hash: str, place: Place, account: Account | None, now: datetime) -> str:
    """Make a fresh code and return it; only its keyed hash is kept."""
    code = f"{secrets.randbelow(1_000_000):06}"
    OneTimeCode.objects.create(
        token=token,
        purpose=purpose,
        login_hash=login_hash,
        address_hash=place.hash,
        is_known=place.is_known,
        account=account,
        code_hash=_hash(token, code),
        sent_at=now,
    )
    return code


def _hash(token: uuid.UUID, code: str) -> str:
    return keyed_hash(f"reset:{token}:{code}")


def forget_old(now: datetime) -> None:
    """Delete the codes of two days ago: what is counted of them is a day's."""
    OneTimeCode.objects.filter(sent_at__lt=now - KEPT).delete()


def match(token: uuid.UUID, code: str, purpose: str, now: datetime) -> OneTimeCode | None:
    """Return the row of this code, held until the transaction ends, for the caller to use up; count a wrong try."""
    rows = OneTimeCode.objects.select_for_update(of=("self",)).filter(token=token, purpose=purpose).order_by("pk")
    usable = [row for row in rows if row.used_at is None and row.tries < MOST_TRIES and now < row.sent_at + LASTS]

    right = [row for row in usable if constant_time_compare(row.code_hash, _hash(token, code))]
    right = [row for row in right if row.account_id or purpose != "password"]  # an unknown name opens nothing
    if right:
        return right[0]

    for row in usable:
        row.tries += 1
        row.save(update_fields=["tries"])
    return None
