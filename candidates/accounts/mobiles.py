"""Confirming a mobile, or an e-mail in its place, by a code that is sent to it, before an account gets it.

Whether that is asked for is NMEC_CONFIRM_MOBILE's to say.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from candidates.accounts import one_time_codes
from candidates.accounts.auth import name_key
from candidates.accounts.login_limits import Place
from candidates.accounts.one_time_codes import NOWHERE, WRONG
from candidates.encryption import keyed_hash
from candidates.messages import sending
from candidates.messages.writing import tell_account
from candidates.rules.contacts import is_email
from candidates.rules.refusals import NotAllowed, Refused

NO_WAY = "现在不能向{contact}发送验证码，没有发出：请过一段时间再来，或带有效身份证件原件到报名点咨询。"
PURPOSES = {"mobile": "手机号码", "email": "电子邮箱"}


def no_way(kind: str = "mobile") -> str:
    """Return why no code can be sent now, whoever's the mobile (or email) is; empty where one can."""
    return "" if kind in sending.contacts() else NO_WAY.format(contact=sending.CONTACTS[kind])


@transaction.atomic
def ask_for_code(contact: str, *, place: Place = NOWHERE, now: datetime | None = None) -> uuid.UUID:
    """Send a code to this mobile or e-mail, whether or not an account has it; return the request's token.

    Raises NotAllowed within a minute of the last time, where this contact has been asked for too often, and where
    nothing could be sent.
    """
    kind = kind_of(contact)
    if refusal := no_way(kind):
        raise NotAllowed(refusal)

    now = now or timezone.now()
    name_hash = keyed_hash(name_key(contact))
    one_time_codes.require_pause(name_hash, place, now)

    token = uuid.uuid4()
    code = one_time_codes.make(token, kind, name_hash, place, None, now)
    tell_account("code", None, contact=contact, at=now, code=code, purpose=PURPOSES[kind])
    return token


def tell_of_earlier(contact: str, now: datetime | None = None) -> None:
    """Tell a contact that has just been confirmed, and nobody else, that the document to register has an account."""
    tell_account("registered_before", None, contact=contact, at=now)


def kind_of(contact: str) -> str:
    return "email" if is_email(contact) else "mobile"


def confirm(token: uuid.UUID, code: str, *, kind: str = "mobile", now: datetime | None = None) -> None:
    """Use the code up. Raises Refused under `code`."""
    if not _redeem(token, code, kind, now or timezone.now()):  # the try that failed is counted: it has been committed
        raise Refused({"code": WRONG})


@transaction.atomic
def _redeem(token: uuid.UUID, code: str, kind: str, now: datetime) -> bool:
    right = one_time_codes.match(token, code, kind, now)
    if right is None:
        return False
    right.used_at = now
    right.save(update_fields=["used_at"])
    return True
