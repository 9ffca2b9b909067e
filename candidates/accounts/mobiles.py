"""Confirming a mobile by a code that is sent to it (NMEC_CONFIRM_MOBILE), before an account gets it."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from candidates.accounts import one_time_codes
from candidates.accounts.login_limits import Place
from candidates.accounts.one_time_codes import NOWHERE, WRONG
from candidates.encryption import keyed_hash
from candidates.messages import sending
from candidates.models import Account
from candidates.rules.refusals import NotAllowed, Refused

NO_WAY = "现在不能向手机发送验证码，没有发出：请过一段时间再来，或带有效身份证件原件到报名点咨询。"


def no_way() -> str:
    """Return why no code can be sent now, whoever's the mobile is; empty where one can."""
    return "" if "mobile" in sending.contacts() else NO_WAY


@transaction.atomic
def ask_for_code(mobile: str, *, place: Place = NOWHERE, now: datetime | None = None) -> uuid.UUID:
    """Send a code to this mobile, whether or not an account has it; return the request's token.

    Raises NotAllowed within a minute of the last time, where this number has been asked for too often, and where
    nothing could be sent.
    """
    if refusal := no_way():
        raise NotAllowed(refusal)

    now = now or timezone.now()
    name_hash = keyed_hash(f"mobile:{mobile}")
    one_time_codes.require_pause(name_hash, place, now)

    token = uuid.uuid4()
    code = one_time_codes.make(token, "mobile", name_hash, place, None, now)
    sending.send_later(
        Account(kind="candidate", mobile=mobile),
        "手机号码验证码",
        f"您的验证码是 {code}，10 分钟内有效。如非本人操作，请忽略。",
    )
    return token


def confirm(token: uuid.UUID, code: str, *, now: datetime | None = None) -> None:
    """Use the code up. Raises Refused under `code`."""
    if not _redeem(token, code, now or timezone.now()):  # the try that failed is counted: it has been committed
        raise Refused({"code": WRONG})


@transaction.atomic
def _redeem(token: uuid.UUID, code: str, now: datetime) -> bool:
    right = one_time_codes.match(token, code, "mobile", now)
    if right is None:
        return False
    right.used_at = now
    right.save(update_fields=["used_at"])
    return True
