"""What operators do, written down: who, which command or act in the portal, with what, when, what came of it."""

import hashlib
import os
import pwd
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from candidates.models import Account, OperatorAct
from candidates.rules import id_number, names
from candidates.rules.numbers import PATTERN

# a mobile or an ID number perhaps, not the digits of an application
A_PERSONS = re.compile(r"[0-9]{11,18}[Xx]?")  # an ID number, a mobile
NOT_AN_APPLICATION = re.compile(rf"(?!{PATTERN}$)\d{{10,}}[\dXx]")
SAID = "reason"  # an argument that is kept as it was said: the commands ask for no names there
LISTED = 100  # of a list so many values are kept, and how many there were


def operating_system_user() -> str:
    """Return the user that runs this process, and who became it by sudo; LOGNAME is not trusted."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"uid {os.getuid()}"
    before = os.environ.get("SUDO_USER", "")
    return (f"{before} ({name})" if before and before != name else name)[:80]


def named(account: Account | None) -> str:
    """Name who acts at a terminal: the operator that `--as` names, with the operating system's user beside it."""
    user = operating_system_user()
    return f"{account.username}（{user}）"[:80] if account else user


def begin(command: str, arguments: Mapping[str, Any], account: Account | None = None) -> OperatorAct:
    """Record that a command begins, with its arguments, without personal data; a path as its content's SHA-256.

    `account`: the operator that runs it, as `--as` says; the operating system's user stands beside it.
    """
    kept = {name: stated(value) if name == SAID else plain(value) for name, value in arguments.items() if value}
    return OperatorAct.objects.create(
        phase="begun",
        at=timezone.now(),
        who=named(account),
        account=account,
        command=command,
        arguments=kept,
    )


def end(begun: OperatorAct, phase: str, outcome: Mapping[str, Any]) -> OperatorAct:
    return OperatorAct.objects.create(
        run=begun.run,
        phase=phase,
        at=timezone.now(),
        who=begun.who,
        account=begun.account,
        command=begun.command,
        arguments=begun.arguments,
        outcome=dict(outcome),
    )


def note(
    command: str, account: Account, arguments: Mapping[str, Any] | None = None, outcome: Mapping[str, Any] | None = None
) -> OperatorAct:
    """Record what somebody did in the portal itself, in one row; as in begin(), without personal data."""
    return OperatorAct.objects.create(
        phase="done",
        at=timezone.now(),
        who=str(account),
        account=account,
        command=command,
        arguments=dict(arguments or {}),
        outcome=dict(outcome or {}),
    )


def plain(value: Any) -> Any:
    if isinstance(value, Path):
        return f"sha256:{hashlib.sha256(value.read_bytes()).hexdigest()}" if value.is_file() else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        listed = [plain(one) for one in value[:LISTED]]
        return [*listed, f"… {len(value)}"] if len(value) > LISTED else listed
    return value if isinstance(value, (bool, int)) else hidden(str(value))


def stated(reason: str) -> str:
    """Keep a reason as it was written, but for numbers that a person could be found by."""
    return A_PERSONS.sub(lambda found: id_number.masked(found[0]), reason)


def hidden(text: str) -> str:
    """Mask a person's number or name that somebody has typed: what is written down here stays for ever."""
    if not text.isascii():
        return names.masked(text)
    number = re.sub(r"\W", "", text)
    return id_number.masked(number) if NOT_AN_APPLICATION.fullmatch(number) else text
