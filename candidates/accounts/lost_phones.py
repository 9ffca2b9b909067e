"""A candidate's mobile changed at the desk by two: one asks, the new number gets a code, the other agrees.

The one who asks works at the registration point, or is an operator; who agrees works there or above it, or is an
operator. For a day afterwards a reset's code goes to the old number (own_account.py).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from candidates.accounts import mobiles, own_account
from candidates.accounts.login_limits import Place
from candidates.applications.workflow import Actor
from candidates.encryption import keyed_hash
from candidates.messages.writing import tell_account
from candidates.models import Account, Application, MobileChange, OneTimeCode
from candidates.rules import id_number
from candidates.rules.levels import FIRST, LEVELS
from candidates.rules.moments import SHANGHAI, beginning
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.text import clean
from candidates.trail import audit

LASTS = timedelta(hours=24)  # then what nobody agreed to comes to nothing
PAUSE = timedelta(hours=24)  # between two changes
TAIL = 6  # characters of the document's number, typed in from the original
TWICE = "这位考生的手机号码已于 {when}更换过，24 小时内不能再次更换。"
GONE = "这次更换已经确认、作废或过期：请返回查看，需要时重新申请。"


def may_ask(application: Application, actor: Actor) -> bool:
    return actor.level in (FIRST, "operator") and actor.belongs_to(application)


def may_agree(change: MobileChange, actor: Actor) -> bool:
    """Say whether this is a second person, of the point or above it, or an operator."""
    fits = actor.level in (*LEVELS, "operator") and actor.belongs_to(change.application)
    return fits and actor.account is not None and actor.account.pk != change.asked_by_id


def open_change(application: Application, now: datetime) -> MobileChange | None:
    """Return what somebody has asked for, for this candidate, and nobody has agreed to yet."""
    found = MobileChange.objects.filter(account=application.account_id, agreed_at=None, dropped_at=None)
    return found.filter(asked_at__gt=now - LASTS).select_related("asked_by").first()


@transaction.atomic
def ask(
    application: Application,
    *,
    actor: Actor,
    mobile: str,
    document_tail: str,
    reason: str,
    now: datetime | None = None,
) -> MobileChange:
    """Send a code to the new number; what was asked for before and not agreed to is dropped.

    `document_tail`: the last characters of the document's number, as the original has them. Raises NotAllowed; Refused
    under `mobile`, `document_tail` or `reason`.
    """
    now = now or timezone.now()
    if actor.account is None or not may_ask(application, actor):
        raise NotAllowed("手机号码由考生所属报名点的审核员在受理窗口更换。")

    account = own_account.hold(application.account_id)
    _require_pause(account, now)
    problems = _problems(account, mobile, document_tail, clean(reason, "lines"))
    if problems:
        raise Refused(problems)

    MobileChange.objects.filter(account=account, agreed_at=None, dropped_at=None).update(dropped_at=now)
    token = mobiles.ask_for_code(mobile, place=Place(keyed_hash(f"browsers:{actor.account.pk}")), now=now)
    return MobileChange.objects.create(
        account=account,
        application=application,
        mobile=mobile,
        reason=clean(reason, "lines"),
        token=token,
        asked_by=actor.account,
        asked_at=now,
    )


def _require_pause(account: Account, now: datetime) -> None:
    last = MobileChange.objects.filter(account=account, agreed_at__gt=now - PAUSE).first()
    if last and last.agreed_at:
        raise NotAllowed(TWICE.format(when=f"{beginning(last.agreed_at)} "))


def _problems(account: Account, mobile: str, document_tail: str, reason: str) -> dict[str, str]:
    problems = {}
    number = (account.document_number or "").upper()
    if clean(document_tail, "identifier").upper() != number[-TAIL:]:
        problems["document_tail"] = "与账号的证件号码不一致：请对照证件原件核对，确认是本人的报名。"
    wrong = id_number.mobile_does_not_fit(account.document_type, mobile)
    if mobile == account.mobile:
        wrong = "这就是账号现在的手机号码，不需要更换。"
    elif Account.objects.filter(mobile_hash=keyed_hash(mobile)).exclude(pk=account.pk).exists():
        wrong = "该手机号码已用于另一个账号：请换一个号码。"
    if wrong:
        problems["mobile"] = wrong
    if not reason:
        problems["reason"] = "请填写更换的原因。"
    return problems


def take_code(change: MobileChange, code: str, *, actor: Actor, now: datetime | None = None) -> None:
    """Take the code that the new number got, as the candidate reads it out. Raises NotAllowed, Refused under `code`."""
    if not may_ask(change.application, actor):
        raise NotAllowed("验证码由申请更换的报名点录入。")
    now = now or timezone.now()
    mobiles.confirm(change.token, code, now=now)
    MobileChange.objects.filter(pk=change.pk, code_at=None).update(code_at=now)


@transaction.atomic
def agree(pk: int, *, actor: Actor, now: datetime | None = None) -> MobileChange:
    """Change the mobile: sessions end, codes for a new password run out, the old and the new number are told.

    Raises NotAllowed; Refused under `mobile` where another account has got it meanwhile.
    """
    now = now or timezone.now()
    change = _hold_open(pk, now)
    if not may_agree(change, actor):
        raise NotAllowed("更换手机号码须由另一位审核员或操作员确认，不能由申请人自己确认。")
    if change.code_at is None:
        raise NotAllowed("新号码还没有用验证码确认：请先由申请人录入考生收到的验证码。")

    account = own_account.hold(change.account_id)
    _require_pause(account, now)
    gone = own_account.replace_contact(account, change.mobile, account.email, now)
    account.session_epoch += 1
    account.save(update_fields=["session_epoch"])
    OneTimeCode.objects.filter(account=account, purpose="password", used_at=None).update(used_at=now)
    change.agreed_by, change.agreed_at, change.changed_on = actor.account, now, now.astimezone(SHANGHAI).date()
    change.save(update_fields=["agreed_by", "agreed_at", "changed_on"])

    old = gone.get("mobile") or account.email
    if old:
        tell_account("contact_changed", account, contact=old, at=now, which="手机号码")
    tell_account("contact_set", account, at=now, which="手机号码")
    if actor.account:
        told = {"application": change.application.number, "asked_by": str(change.asked_by), "change": change.pk}
        audit.note("change_mobile", actor.account, told)
    return change


@transaction.atomic
def drop(pk: int, *, actor: Actor, now: datetime | None = None) -> None:
    """Let it come to nothing. Raises NotAllowed."""
    now = now or timezone.now()
    change = _hold_open(pk, now)
    if not (may_ask(change.application, actor) or may_agree(change, actor)):
        raise NotAllowed("这次更换由申请人或确认人作废。")
    change.dropped_at = now
    change.save(update_fields=["dropped_at"])


def _hold_open(pk: int, now: datetime) -> MobileChange:
    rows = MobileChange.objects.select_for_update(of=("self",)).select_related("application", "asked_by")
    change = rows.filter(pk=pk, agreed_at=None, dropped_at=None, asked_at__gt=now - LASTS).first()
    if change is None:
        raise NotAllowed(GONE)
    return change
