"""Registering: accounts, the application form section by section, the application number."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from candidates.applications.notices import issue_notice, void_notice
from candidates.applications.states import Status
from candidates.applications.unlocking import Unlocking
from candidates.applications.workflow import Actor, lock, moment, move, window_closed
from candidates.encryption import keyed_hash
from candidates.models import Account, Application, ExamSession, NumberCounter, Unit
from candidates.models.session import SHANGHAI, under_way_of
from candidates.rules import id_number
from candidates.rules.profile import Profile
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.sections import SECTION_OF, SECTIONS, problems

LAST_SERIAL = 99_999
PRIVACY_VERSION = "2026-11"
OF_THE_ACCOUNT = ("name", "document_type", "document_number", "valid_until", "sex", "birth_date", "mobile", "email")
SEALED = ("document_number", "mobile")
TAKEN = {
    "identity_hash": ("document_number", "该证件号码已注册：请直接登录；忘记密码可以在登录页找回。"),
    "mobile_hash": ("mobile", "该手机号码已用于另一个账号：请换一个号码，或用它登录。"),
}


def today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def sign_up(
    *,
    name: str,
    document_type: str,
    document_number: str,
    valid_until: date | None,
    mobile: str,
    email: str,
    password: str,
    now: datetime | None = None,
) -> Account:
    """A candidate's account; names and numbers come in their stored spelling, consent has been given.

    Raises Refused under `document_number` or `mobile` where another account has it.
    """
    account = Account(
        kind="candidate",
        name=name,
        email=email,
        mobile=mobile,
        consent_version=PRIVACY_VERSION,
        consented_at=now or timezone.now(),
    )
    _set_document(account, document_type, document_number, valid_until)
    facts = id_number.facts(document_type, document_number)
    if facts:
        account.birth_date, account.sex = facts.birth_date, facts.sex
    account.mobile_hash = keyed_hash(mobile)
    account.set_password(password)
    _save_account(account)
    return account


def _set_document(account: Account, document_type: str, number: str, valid_until: date | None) -> None:
    account.document_type, account.document_number, account.valid_until = document_type, number, valid_until
    account.identity_hash = keyed_hash(id_number.identity_key(document_type, number))


def _save_account(account: Account) -> None:
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        for column, (field, sentence) in TAKEN.items():
            if column in str(error):
                raise Refused({field: sentence}) from None
        raise


@transaction.atomic
def change_contact(pk: int, *, mobile: str, email: str) -> Account:
    """The account's own mobile and e-mail; the form of an application keeps what was filled in.

    Raises Refused under `mobile` where another account has it, NotAllowed where the account is gone.
    """
    account = _held(pk)
    account.mobile, account.mobile_hash, account.email = mobile, keyed_hash(mobile), email
    _save_account(account)
    return account


def _held(pk: int) -> Account:
    """The account with its row held until the transaction ends. Raises NotAllowed where it was deleted meanwhile."""
    account = Account.objects.select_for_update().filter(pk=pk).first()
    if account is None:
        raise NotAllowed("这个账号已经删除：如需报名，请重新注册。")
    return account


@transaction.atomic
def delete_account(pk: int) -> None:
    """The account and what hangs from it, its log-ins too. Raises NotAllowed where it has an application, or is gone.

    Its row is held, as it is while an application is started: of the two acts the second sees what the first has done.
    """
    account = _held(pk)
    if account.applications.exists():
        raise NotAllowed("您已有报名记录，按规定须保存到期限届满，账号不能自行删除。")
    account.delete()


# --- windows -----------------------------------------------------------------------------------------------------


def require_window(session: ExamSession, *windows: str, now: datetime) -> None:
    """Raises NotAllowed, with the dates, unless one of the windows is open."""
    if any(session.is_open(window, now) for window in windows):
        return
    raise NotAllowed(window_closed(session, windows[0], now))


def editable_fields(application: Application, now: datetime) -> frozenset[str]:
    """The form's fields that the candidate may change now; raises NotAllowed, with the reason, where there are none."""
    if application.status == Status.DRAFT:
        require_window(application.session, "registration", now=now)
        return frozenset(SECTION_OF)
    if application.status == Status.REGISTERED:
        require_window(application.session, "registration", "upload", now=now)
        return frozenset(SECTION_OF)
    if application.status != Status.RETURNED:
        raise NotAllowed("上报完成，内容已锁定，报名信息不能修改。")
    require_correction_time(application, now)
    unlocking = Unlocking.of(application)
    fields = {field for code in unlocking.sections for field in SECTIONS[code].fields} | set(unlocking.fields)
    if not fields:
        raise NotAllowed("本次退回没有要求修改报名信息，请按要求补正材料。")
    return frozenset(fields)


def require_correction_time(application: Application, now: datetime) -> None:
    if application.return_deadline and now >= application.return_deadline:
        raise NotAllowed(f"补正期限已于 {moment(application.return_deadline)} 截止。如需延长，请联系退回您申请的单位。")


# --- the form ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saved:
    application: Application
    changed: tuple[str, ...]  # the fields that have another value now
    profile_before: Profile | None


def startable(mine: Iterable[Application], sessions: Iterable[ExamSession], now: datetime) -> list[ExamSession]:
    """The sessions, the oldest first, that the candidate of these applications can start another one in today."""
    taken = {one.session_id for one in mine if one.status != Status.WITHDRAWN}
    return [one for one in under_way_of(sessions, now) if one.pk not in taken and one.is_open("registration", now)]


@transaction.atomic
def start(account: Account, *, session: ExamSession, actor: Actor, now: datetime | None = None) -> Application:
    """A draft for this session, or the one that is there.

    Raises NotAllowed outside the registration window, and where the account was deleted meanwhile.
    """
    now = now or timezone.now()
    _held(account.pk)  # two tabs start one draft
    mine = Application.objects.filter(account=account, session=session).not_withdrawn().first()
    if mine:
        return mine
    require_window(session, "registration", now=now)
    application = Application(account=account, session=session)
    _follow_account(application, account)
    application.residency = id_number.residency_of(account.document_type, account.document_number) or "mainland"
    application.save()
    return application


def _follow_account(application: Application, account: Account) -> None:
    for field in OF_THE_ACCOUNT:
        setattr(application, field, getattr(account, field))
    application.identity_hash, application.mobile_hash = account.identity_hash, account.mobile_hash


@transaction.atomic
def save_section(
    pk: int,
    section: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    seen: int | None,
    drawn: str = "",
    now: datetime | None = None,
) -> Saved:
    """Saves the values of one section, as far as they may be changed now, also where they are not complete yet.

    `values`: field -> value in its stored spelling; those of other sections are ignored. `seen` is the id of the last
    record that the form was drawn with, `drawn` the print_of() what stood in it. Raises NotAllowed, AlreadyMoved,
    Refused (number or mobile of another account; under "" where another tab has saved other answers since).
    """
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    if not actor.belongs_to(application):
        raise NotAllowed("这不是您的报名。")
    allowed = editable_fields(application, now) & set(SECTIONS[section].fields)
    if not allowed:
        raise NotAllowed("本次退回没有要求修改这一部分。")
    before, profile_before = _values(application), application.profile
    was = print_of(application, section)
    wrong_before = problems(application, today=today(now)) if application.status == Status.RETURNED else {}
    for field in allowed & set(values):
        setattr(application, field, values[field])
    if section == "exam" and "point" in allowed and "point" in values:
        _place(application, values["point"])
    if drawn and drawn != was and print_of(application, section) != was:
        raise Refused({"": "这一部分已在另一个页面保存过：请刷新页面，核对后再保存。"})
    if section == "basic":
        _write_account(application, before)
    changed = tuple(field for field, value in _values(application).items() if value != before[field])
    if section not in application.saved_sections:
        application.saved_sections = [*application.saved_sections, section]
    if application.status == Status.RETURNED:
        _note_correction(application, section, before, changed)
        _unlock_conflicts(application, wrong_before, now)
    if application.status == Status.DRAFT or not changed:
        application.save()
    else:
        note = _changes(application, before, changed)
        move(application, "amend", actor, data={"fields": list(changed)}, note=note, now=now)
        issue_notice(application, now)
    return Saved(application, changed, profile_before)


def _values(application: Application) -> dict[str, Any]:
    return {field: getattr(application, Application._meta.get_field(field).attname) for field in SECTION_OF}


def print_of(application: Application, section: str) -> str:
    """A keyed hash of a section as it is saved: a draft has no records that would tell that it was saved meanwhile."""
    values = _values(application)
    return keyed_hash(json.dumps([values[field] for field in SECTIONS[section].fields], default=str))


def _place(application: Application, point: Unit | None) -> None:
    application.place_at(point)


def _write_account(application: Application, before: dict[str, Any]) -> None:
    """What was changed here, and no more: a mobile that the account has got since stays."""
    account = Account.objects.select_for_update().get(pk=application.account_id)
    for field in OF_THE_ACCOUNT:
        if getattr(application, field) != before[field]:
            setattr(account, field, getattr(application, field))
    _set_document(account, account.document_type, account.document_number, account.valid_until)
    facts = id_number.facts(account.document_type, account.document_number)
    if facts:
        account.birth_date, account.sex = facts.birth_date, facts.sex
    account.mobile_hash = keyed_hash(account.mobile)
    _save_account(account)
    _follow_account(application, account)


def _note_correction(application: Application, section: str, before: dict[str, Any], changed: tuple[str, ...]) -> None:
    unlocking = Unlocking.of(application)
    if section in unlocking.sections and section not in unlocking.saved:
        unlocking.saved.append(section)
    for field in changed:
        unlocking.changed.setdefault(field, fingerprint(before[field]))
    unlocking.write(application)


def _unlock_conflicts(application: Application, wrong_before: Mapping[str, str], now: datetime) -> None:
    """Fields of other sections that this save has brought into conflict; what was wrong before is not judged anew."""
    unlocking = Unlocking.of(application)
    named = {field for code in unlocking.sections for field in SECTIONS[code].fields}
    new = set(problems(application, today=today(now))) - set(wrong_before) - named
    unlocking.fields = sorted({*unlocking.fields, *new})
    unlocking.write(application)


def fingerprint(value: Any) -> str:
    """A keyed hash of a field's value: tells whether it has changed, not what it was."""
    return keyed_hash(f"field:{value}")


def _changes(application: Application, before: dict[str, Any], changed: tuple[str, ...]) -> dict[str, Any]:
    now = _values(application)
    return {field: [_told(field, before[field]), _told(field, now[field])] for field in changed}


def _told(field: str, value: Any) -> str:
    if field in SEALED and value:
        return id_number.masked(value)
    return "" if value is None else str(value)


# --- completing, withdrawing ---------------------------------------------------------------------------------------


@transaction.atomic
def complete(pk: int, *, actor: Actor, seen: int | None = None, now: datetime | None = None) -> Application:
    """Gives the application number. Raises Refused with every problem at its field, NotAllowed, AlreadyMoved."""
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    if application.status == Status.DRAFT:
        require_window(application.session, "registration", now=now)
        found = problems(application, today=today(now))
        if found:
            raise Refused(found)
        application.number = _next_number(application)
        application.registered_at = now
    move(application, "complete", actor, now=now)
    issue_notice(application, now)
    return application


def _next_number(application: Application) -> str:
    """Session year (4), the point's code (7), serial within the point (5). Consecutive: the counter's row is held."""
    counter, _ = NumberCounter.objects.select_for_update().get_or_create(
        session=application.session, point=application.point
    )
    if counter.last >= LAST_SERIAL:
        raise Refused({"point": "该报名点本年度的报名编号已用完：请改选其他报名点。"})
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{application.session.year:04}{application.point.code}{counter.last:05}"


@transaction.atomic
def withdraw(pk: int, *, actor: Actor, seen: int | None = None, now: datetime | None = None) -> Application:
    """The candidate takes the application back; needs no window. Raises NotAllowed, AlreadyMoved."""
    application = lock(pk, seen=seen)
    move(application, "withdraw", actor, now=now)
    void_notice(application, now or timezone.now())
    return application
