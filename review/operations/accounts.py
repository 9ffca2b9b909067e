"""Accounts of reviewers and operators: made with one-time passwords, switched off one by one; each change is told."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from candidates.accounts import login_limits
from candidates.messages.writing import tell_account
from candidates.models import Account, Unit
from candidates.reference.csv_lines import Line, refuse_twice
from candidates.reference.long_tables import read
from candidates.reference.outcomes import WRITE, How, Report
from candidates.reference.writing import Written, carry_out
from candidates.rules.codes import readable_code
from candidates.rules.text import clean
from review.models import DraftVerdicts, Hold
from review.office import assignments

LEAVES = {"unit", "is_active"}  # of an account: what means that it leaves its cases
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{2,39}")  # begins with a letter: never an ID number or a mobile


class Unknown(LookupError):
    """There is no reviewer of this user name."""


# column -> its Chinese headings
COLUMNS = {
    "unit": "单位代码|单位",
    "username": "用户名",
    "name": "姓名",
    "email": "电子邮箱|邮箱",
    "active": "启用",
}


def import_reviewers(path: Path, how: How = WRITE) -> Report:
    """Load a table with the columns unit (its code), username, name, and where they are there email, active (1 or 0).

    Whole or not at all. A password is made for new accounts only, and has to be changed at the first login. A complete
    table switches off every reviewer whom it leaves out. Raise BadFile, Unconfirmed.
    """
    lines = read(path, ("unit", "username", "name"), COLUMNS, how.sheet)
    refuse_twice(lines, "username", "用户名")
    units = {unit.code: unit for unit in Unit.objects.all()}
    usernames = Account.objects.exclude(kind="reviewer").values_list("username", flat=True)
    others = {username for username in usernames if username}
    rows = [(line, _row(line, units, others)) for line in lines]

    active = Account.objects.filter(kind="reviewer", is_active=True)
    gone = active.exclude(username__in=[row["username"] for _, row in rows]) if how.complete else ()
    passwords: dict[str, str] = {}
    report = carry_out(_kind(passwords, how), rows, how, ending=gone, there=active.count())
    report.passwords = passwords
    return report


def _kind(passwords: dict[str, str], how: How) -> Written:
    """Return how a reviewer is written; a new one's password is added to these."""

    def save(found: Account | None, values: dict[str, Any]) -> None:
        if found is None:
            if not how.dry_run:  # to hash a password takes long
                passwords[values["username"]] = add(Account(**values))
            return
        changed = {name for name, value in values.items() if getattr(found, name) != value}
        for name in changed:
            setattr(found, name, values[name])
        change(found, changed)

    return Written(Account, ("username",), save=save)


def _row(line: Line, units: Mapping[str, Unit], others: set[str]) -> dict[str, Any]:
    username, code = line.text("username", "用户名", 40, required=True), line.text("unit", "单位代码", 7, required=True)
    if username and not USERNAME.fullmatch(username):
        line.problem(f"用户名“{username}”应以英文字母开头，3 至 40 个字符，只用字母、数字和 . _ -。")
    if username in others:
        line.problem(f"用户名“{username}”已经是别的账号，不是审核员。")
    if code and code not in units:
        line.problem(f"单位 {code} 不存在。")

    row: dict[str, Any] = {"username": username, "unit": units.get(code)}
    row["name"] = clean(line.text("name", "姓名", 50, required=True), "name")
    if "email" in line.cells:
        row["email"] = _email(line)
    if "active" in line.cells:
        row["is_active"] = line.flag("active", True)
    return row


def _email(line: Line) -> str:
    value = line.text("email", "电子邮箱", 254)
    try:
        if value:
            validate_email(value)
    except ValidationError:
        line.problem(f"电子邮箱“{value}”的格式不正确。")
    return value


@transaction.atomic
def add(account: Account, kind: str = "reviewer", *, told: bool = True) -> str:
    """Save a new reviewer (unit, user name and name are filled in) or operator. Return the one-time password.

    `told`: tell the person, wherever the password is handed over by somebody else.
    """
    account.kind, account.must_change_password, account.password_given_at = kind, True, timezone.now()
    password = one_time_password()
    account.set_password(password)
    Account.objects.insert(account)
    if told and (account.email or account.mobile):
        _tell(account, "created")
    return password


@transaction.atomic
def change(account: Account, fields: Iterable[str]) -> None:
    """Save these fields; who works elsewhere now, or not at all, holds no case and is head no longer."""
    fields = set(fields)
    told = _changes(account, fields)
    before = Account.objects.only("email").get(pk=account.pk).email if "email" in fields else ""
    if "unit" in fields and "is_head" not in fields:
        account.is_head = False
        fields.add("is_head")
    account.save(update_fields=fields)
    if LEAVES & fields:
        _leave_cases(account)
    for what in told:
        _tell(account, what, contact=before if what == "email" else "")


def _changes(account: Account, fields: set[str]) -> list[str]:
    """Return what the person is told of these changed fields: keys of kinds.STAFF_CHANGES."""
    changes = {
        "is_active": "enabled" if account.is_active else "disabled",
        "unit": "unit",
        "is_head": "head" if account.is_head else "no_head",
        "email": "email",
    }
    return [what for field, what in changes.items() if field in fields]


def _tell(account: Account, what: str, *, contact: str = "") -> None:
    unit = account.unit.name if account.unit else "操作员"
    tell_account("staff", account, contact=contact, what=what, username=str(account.username), unit=unit)


@transaction.atomic
def give_password(pk: int) -> str:
    """Set a one-time password for any account: the old one, its sessions and pauses after failed logins end."""
    account = Account.objects.select_for_update().get(pk=pk)
    password = one_time_password()
    account.set_password(password)
    account.must_change_password, account.password_given_at = True, timezone.now()
    account.save(update_fields=["password", "must_change_password", "password_given_at"])
    login_limits.forget(account)
    return password


def one_time_password() -> str:
    """Make twelve characters in groups of four: 59 bits, easy to copy from paper."""
    return "-".join(readable_code(4).lower() for _ in range(3))


@transaction.atomic
def disable(username: str) -> bool:
    """Lock out at the next request, and free what was held. Return False where it was off already; raise Unknown."""
    account = Account.objects.select_for_update().filter(username=username, kind="reviewer").first()
    if account is None:
        raise Unknown(username)
    was_active, account.is_active = account.is_active, False
    account.save(update_fields=["is_active"])
    _leave_cases(account)
    if was_active:
        _tell(account, "disabled")
    return was_active


def _leave_cases(account: Account) -> None:
    """Free the cases of somebody who is off, or works elsewhere now, and forget what was judged and not decided on."""
    assignments.leave_all(account, now=timezone.now())
    Hold.objects.filter(account=account).delete()
    DraftVerdicts.objects.filter(account=account).delete()


def below(unit: Unit | None) -> Iterable[Account]:
    """Select who works for a unit and those below it; the regions' own reviewers where there is no unit."""
    accounts = Account.objects.filter(kind="reviewer").select_related("unit").order_by("unit__code", "username")
    return accounts.filter(unit__code__startswith=unit.code) if unit else accounts.filter(unit__level="region")
