"""The second factor of reviewers and operators: codes of an authenticator (TOTP), recovery codes, and their reset."""

import base64
import secrets
from collections.abc import Callable
from datetime import datetime
from math import ceil
from urllib.parse import quote, urlencode

import segno
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_otp.oath import TOTP

from candidates.encryption import keyed_hash
from candidates.models import Account, Passkey, RecoveryCode, SecondFactor
from candidates.rules.codes import readable_code
from candidates.rules.refusals import Refused
from candidates.trail import audit

PROVED = "second_factor"  # in the session: the SecondFactor that was proved in it
ISSUER = "国家医学考试"  # short: every character makes the QR code denser
SECRET = 20  # bytes, as RFC 4226 asks for
CODES, CODE_LENGTH = 10, 10  # recovery codes, characters of each


def factor_of(account: Account) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=account).first()


def new_secret() -> str:
    """Return a fresh secret in Base32 without padding, as authenticators take it."""
    return base64.b32encode(secrets.token_bytes(SECRET)).decode().rstrip("=")


def address(account: Account, secret: str) -> str:
    """Return what the QR code says: an otpauth address with everything that an authenticator needs."""
    parameters = urlencode({"secret": secret, "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{ISSUER}:{account.username}')}?{parameters}"


def picture(text: str) -> str:
    """Return the QR code of this text as an image's data address."""
    return segno.make(text, error="l", micro=False).svg_data_uri(scale=4, border=4, light="#fff", svgclass=None)


def totp(secret: str, now: datetime) -> TOTP:
    clock = TOTP(base64.b32decode(secret + "=" * (-len(secret) % 8)))
    clock.time = now.timestamp()
    return clock


@transaction.atomic
def enrol(account: Account, secret: str, code: str, *, now: datetime | None = None) -> list[str]:
    """Keep the secret that the code proves; return the recovery codes, which nobody can read again.

    Raises Refused under `code`. An account that has a second factor keeps it: reset() comes first.
    """
    now = now or timezone.now()
    Account.objects.select_for_update().get(pk=account.pk)
    factor = SecondFactor(user=account, secret=secret, last_step=-1, enrolled_at=now)
    if factor_of(account) or not factor.accept(code, totp(secret, now)):
        raise Refused({"code": "验证码不正确：请核对手机上的 6 位数字，并确认手机的时间是自动设置的。"})
    factor.save()
    audit.note("enrol_second_factor", account)
    return _make_codes(account)


def _make_codes(account: Account) -> list[str]:
    RecoveryCode.objects.filter(account=account).delete()
    codes = [readable_code(CODE_LENGTH).lower() for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, code_hash=_hash(account, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _hash(account: Account, code: str) -> str:
    return keyed_hash(f"recovery:{account.pk}:{code}")


def check(account: Account, code: str, *, now: datetime | None = None) -> None:
    """Accept a code of the authenticator, once. Raises Refused under `code`, with how long to wait."""
    now = now or timezone.now()
    attempt(account, lambda factor: factor.accept(code, totp(factor.secret, now)), "验证码不正确，或已经用过。")


def use_recovery_code(account: Account, code: str, *, now: datetime | None = None) -> int:
    """Use up a recovery code; return how many are left. Raises Refused under `code`, with how long to wait."""
    mine = RecoveryCode.objects.filter(account=account, used_at=None)
    at = now or timezone.now()
    attempt(
        account,
        lambda factor: mine.filter(code_hash=_hash(account, code)).update(used_at=at) == 1,
        "恢复码不正确，或已经用过。",
    )

    left = mine.count()
    audit.note("use_recovery_code", account, outcome={"left": left})
    return left


def new_codes(account: Account, code: str, *, now: datetime | None = None) -> list[str]:
    """Make new recovery codes for an authenticator's code; the old ones are void. Raises Refused as check() does."""
    check(account, code, now=now)
    with transaction.atomic():
        audit.note("new_recovery_codes", account)
        return _make_codes(account)


def codes_left(account: Account) -> int:
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def attempt(account: Account, is_right: Callable[[SecondFactor], bool], wrong: str) -> None:
    """Try what proves the factor, its row held; pauses after wrong ones hold for all ways. Raises Refused."""
    told = _one_try(account, is_right, wrong)
    if told:  # the try that failed is counted: its transaction has been committed
        raise Refused({"code": told})


@transaction.atomic
def _one_try(account: Account, is_right: Callable[[SecondFactor], bool], wrong: str) -> str:
    """Return what to tell, empty where it was right. The row is held: else two tries might use one code."""
    factor = SecondFactor.objects.select_for_update().filter(user=account).first()
    if factor is None:
        return "两步验证已被重设：请重新登录。"
    allowed, why = factor.verify_is_allowed()
    if not allowed:
        return f"连续输错的次数太多：请等 {_wait(why['locked_until'])}再试。"

    if is_right(factor):
        factor.throttle_reset()
        return ""

    factor.throttle_increment()
    _, why = factor.verify_is_allowed()
    return f"{wrong}请等 {_wait(why['locked_until'])}再试。"


def _wait(until: datetime) -> str:
    left = max(1, ceil((until - timezone.now()).total_seconds()))
    return f"{left} 秒" if left < 60 else f"{ceil(left / 60)} 分钟"


@transaction.atomic
def reset(account: Account) -> bool:
    """Make the next login enrol anew and end every session. False where there was nothing to reset."""
    gone, _ = SecondFactor.objects.filter(user=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    Passkey.objects.filter(account=account).delete()
    if gone:
        Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)
    return bool(gone)
