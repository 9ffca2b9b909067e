"""A new one-time password, or no second factor any more, for any account: what command and page call alike."""

from datetime import datetime

from django.db import transaction

from candidates.models import Account
from candidates.rules.refusals import NotAllowed
from review.operations import delegation

OWN = "自己的密码请在“修改密码”里改；自己的两步验证请另一位操作员重设。"


@transaction.atomic
def password(account: Account, *, by: Account | None = None, now: datetime | None = None) -> str:
    """Set and return a one-time password. `by`: the operator, where it is known; never both keys within a day.

    Raise NotAllowed for one's own account, and where the account is off.
    """
    _require_other(account, by)
    if account.is_reviewer and by:
        return delegation.password_by_operator(account.pk, by=by, now=now)
    return delegation.password_of_anybody(account.pk, by=by, now=now)


@transaction.atomic
def factor(account: Account, *, by: Account | None = None, now: datetime | None = None) -> bool:
    """Make the next login of a reviewer or operator enrol anew. False where there is none. Raise NotAllowed."""
    _require_other(account, by)
    if account.is_candidate:
        raise NotAllowed("考生没有两步验证。")
    if account.is_reviewer and by:
        return delegation.second_factor_by_operator(account.pk, by=by, now=now)
    return delegation.second_factor_of_anybody(account.pk, by=by, now=now)


def _require_other(account: Account, by: Account | None) -> None:
    if by is not None and by.pk == account.pk:
        raise NotAllowed(OWN)
    if not account.is_active:
        raise NotAllowed("账号已停用。")
