"""What a head does with the accounts of those led: of the own unit and those below, never beside, above, or oneself.

A one-time password goes to the person's own mobile or mail and to nobody else. Where it goes is written once, when the
account is made: who could change it could take the account over. Operators do all of it in the back office; the rule
that password and second factor are never reset by one person within a day is theirs too.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from candidates.accounts import second_factor
from candidates.messages import sending
from candidates.messages.writing import tell_account
from candidates.models import Account, OperatorAct, Unit
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.text import clean
from candidates.trail import audit
from review.models import ReviewerAct
from review.office.leading import leads
from review.operations import accounts

PAUSE = timedelta(days=1)  # between the two keys of one account, for the same person
OTHER_KEY = {"password": ("second_factor",), "second_factor": ("password", "created")}
COMMANDS = {"password": "reset_password", "second_factor": "reset_second_factor"}  # by an operator
KIND = "staff_password"
WORDS = {"password": "登录密码", "second_factor": "两步验证"}
OTHER_PERSON = "一天之内，同一个人不能先后重设同一账号的密码和两步验证：请另一位负责人或操作员办理。"
NOT_LED = "账号由所在单位或上级单位的负责人管理，本人的账号不能自己管理。"
TAKEN = "这个用户名已经有人使用：请换一个。"
NO_SENDER = "现在没有能发送一次性密码的渠道，请操作员新建账号。"
NO_WAY = "这个账号没有能收到消息的手机号码或电子邮箱，请操作员办理。"


def contacts() -> list[str]:
    """Return the contacts that a one-time password can be sent to: keys of sending.CONTACTS."""
    return [contact for channel, contact in sending.CONTACT_OF.items() if sending.chain_of(channel, KIND)]


def _is_reached(account: Account) -> bool:
    return any(getattr(account, contact) for contact in contacts())


def may_manage(by: Account, account: Account) -> bool:
    return account.is_reviewer and by.pk != account.pk and leads(by, account.unit)


def create(
    unit: Unit,
    *,
    by: Account,
    username: str,
    name: str,
    mobile: str = "",
    email: str = "",
    is_head: bool = False,
    now: datetime | None = None,
) -> Account:
    """Make a reviewer; the one-time password goes to the mobile or mail. Raise NotAllowed, Refused by the field."""
    now = now or timezone.now()
    account = Account(
        unit=unit,
        username=clean(username, "identifier"),
        name=clean(name, "name"),
        mobile=mobile,
        email=clean(email, "email"),
        is_head=is_head,
    )
    with transaction.atomic():
        by = Account.objects.select_for_update(of=("self",)).select_related("unit").get(pk=by.pk)
        if not (leads(by, unit) and unit.is_active):
            raise NotAllowed(NOT_LED)
        if problems := _problems(account):
            raise Refused(problems)
        try:
            with transaction.atomic():
                password = accounts.add(account, told=False)  # by the message that brings the password
        except IntegrityError:  # somebody was faster
            raise Refused({"username": TAKEN}) from None
        note(account, "created", by, now)
        _send(account, password, now)
    return account


def _problems(account: Account) -> dict[str, str]:
    found = {}
    if not accounts.USERNAME.fullmatch(account.username or ""):
        found["username"] = "应以英文字母开头，3 至 40 个字符，只用字母、数字和 . _ -。"
    elif Account.objects.filter(username__iexact=account.username).exists():
        found["username"] = TAKEN
    if not account.name:
        found["name"] = "请填写姓名。"
    if account.email:
        try:
            validate_email(account.email)
        except ValidationError:
            found["email"] = "电子邮箱的格式不正确。"
    if not _is_reached(account):
        ways = "或".join(sending.CONTACTS[one] for one in contacts())
        found.setdefault("email", f"请填写本人的{ways}：一次性密码发到那里。" if ways else NO_SENDER)
    return found


@transaction.atomic
def disable(pk: int, *, by: Account, now: datetime | None = None) -> Account:
    """Lock out at the next request, and let go what was held and assigned. Raise NotAllowed."""
    account, by = _held(pk, by)
    if not account.is_active:
        raise NotAllowed("这个账号已经停用。")
    account.is_active = False
    accounts.change(account, ["is_active"])
    note(account, "disabled", by, now)
    return account


@transaction.atomic
def enable(pk: int, *, by: Account, now: datetime | None = None) -> Account:
    account, by = _held(pk, by)
    if account.is_active:
        raise NotAllowed("这个账号已经启用。")
    account.is_active = True
    accounts.change(account, ["is_active"])
    note(account, "enabled", by, now)
    return account


@transaction.atomic
def name_head(pk: int, *, by: Account, is_head: bool, now: datetime | None = None) -> Account:
    """Make somebody head of the unit, or no longer. Raise NotAllowed."""
    account, by = _held(pk, by)
    if account.is_head == is_head:
        raise NotAllowed(f"{account.username} {'已经是' if is_head else '不是'}负责人。")
    if is_head and not account.is_active:
        raise NotAllowed("停用的账号不能担任负责人。")
    account.is_head = is_head
    accounts.change(account, ["is_head"])
    note(account, "head" if is_head else "no_head", by, now)
    return account


@transaction.atomic
def reset_password(pk: int, *, by: Account, now: datetime | None = None) -> Account:
    """Set a one-time password and send it to the person; sessions end. Raise NotAllowed."""
    now = now or timezone.now()
    account, by = _held(pk, by)
    if not _is_reached(account):
        raise NotAllowed(NO_WAY)
    require_other_person(account, "password", by, now)
    password = accounts.give_password(pk)
    note(account, "password", by, now)
    _send(account, password, now)
    return account


@transaction.atomic
def reset_second_factor(pk: int, *, by: Account, now: datetime | None = None) -> Account:
    """Make the next login enrol anew; sessions end. Raise NotAllowed."""
    now = now or timezone.now()
    account, by = _held(pk, by)
    require_other_person(account, "second_factor", by, now)
    if not second_factor.reset(account):
        raise NotAllowed("没有绑定两步验证，不需要重设。")
    note(account, "second_factor", by, now)
    tell_reset(account, "second_factor", now)
    return account


@transaction.atomic
def password_by_operator(pk: int, *, by: Account, now: datetime | None = None) -> str:
    """Set a one-time password of a reviewer and return it, for the back office. Raise NotAllowed."""
    now = now or timezone.now()
    account = Account.objects.select_for_update(of=("self",)).get(pk=pk)
    require_other_person(account, "password", by, now)
    note(account, "password", by, now)
    tell_reset(account, "password", now)
    return accounts.give_password(pk)


@transaction.atomic
def second_factor_by_operator(pk: int, *, by: Account, now: datetime | None = None) -> bool:
    """Reset the second factor of a reviewer, for the back office. False where there was none. Raise NotAllowed."""
    now = now or timezone.now()
    account = Account.objects.select_for_update(of=("self",)).get(pk=pk)
    require_other_person(account, "second_factor", by, now)
    if not second_factor.reset(account):
        return False
    note(account, "second_factor", by, now)
    tell_reset(account, "second_factor", now)
    return True


@transaction.atomic
def password_of_anybody(pk: int, *, by: Account | None, now: datetime | None = None) -> str:
    """Set a one-time password and return it, for an operator (None: a terminal's user). Raise NotAllowed."""
    now = now or timezone.now()
    account = Account.objects.select_for_update(of=("self",)).get(pk=pk)
    require_other_operator(account, "password", by, now)
    tell_reset(account, "password", now)
    return accounts.give_password(pk)


@transaction.atomic
def second_factor_of_anybody(pk: int, *, by: Account | None, now: datetime | None = None) -> bool:
    """Reset the second factor, for an operator (None: a terminal's user). False where there was none."""
    now = now or timezone.now()
    account = Account.objects.select_for_update(of=("self",)).get(pk=pk)
    require_other_operator(account, "second_factor", by, now)
    if not second_factor.reset(account):
        return False
    tell_reset(account, "second_factor", now)
    return True


def _held(pk: int, by: Account) -> tuple[Account, Account]:
    """Hold both accounts, in the order of their keys, and read them anew: two heads at once see one another's act."""
    rows = Account.objects.select_for_update(of=("self",)).select_related("unit").filter(pk__in=[pk, by.pk])
    found = {one.pk: one for one in rows.order_by("pk")}
    account, by = found[pk], found[by.pk]
    if not may_manage(by, account):
        raise NotAllowed(NOT_LED)
    return account, by


def require_other_person(account: Account, act: str, by: Account, now: datetime) -> None:
    """Refuse where this person has given the account its other key within a day. The account is held by the caller."""
    given = ReviewerAct.objects.filter(account=account, by=by, act__in=OTHER_KEY[act], at__gt=now - PAUSE)
    if given.exists() or (by.is_operator and _given_by_operators(account, act, now, Q(account=None))):
        raise NotAllowed(OTHER_PERSON)


def require_other_operator(account: Account, act: str, by: Account | None, now: datetime) -> None:
    """Refuse where this operator has given the account its other key within a day.

    At a terminal without `--as` (None) it is its user, and nobody can tell whether that is one of the operators: one
    way refuses what the other has begun.
    """
    same = Q(account=by) | Q(account=None) if by else Q(who=audit.named(None)) | Q(account__isnull=False)
    if _given_by_operators(account, act, now, same):
        raise NotAllowed(OTHER_PERSON)


def _given_by_operators(account: Account, act: str, now: datetime, by: Q) -> bool:
    """Tell whether one of these operators has given the account its other key within a day."""
    others = [COMMANDS[one] for one in OTHER_KEY[act] if one in COMMANDS]
    acts = OperatorAct.objects.filter(by, command__in=others, phase="done", at__gt=now - PAUSE)
    # of a long list only its beginning is written down: anybody may have been on it
    return any(
        account.username in names or str(names[-1:]).startswith("['…")
        for names in (one.arguments.get("names", []) for one in acts)
    )


def tell_reset(account: Account, act: str, now: datetime) -> None:
    """Tell the person, who may not have asked for it."""
    tell_account("access_reset", account, at=now, which=WORDS[act])


def note(account: Account, act: str, by: Account, now: datetime | None = None) -> ReviewerAct:
    return ReviewerAct.objects.create(account=account, act=act, by=by, at=now or timezone.now())


def _send(account: Account, password: str, now: datetime) -> None:
    first, second, third = password.split("-")
    words = {"username": str(account.username), "first": first, "second": second, "third": third}
    tell_account(KIND, account, at=now, **words)
