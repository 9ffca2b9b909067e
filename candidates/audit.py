"""What operators do at a terminal, written down: who, which command, with what, when, and what came of it."""

import hashlib
import os
import pwd
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from candidates.models import OperatorAct

LISTED = 100  # values of a list that are kept; how many there were is kept too


def operating_system_user() -> str:
    """The user that runs this process, and who became it with sudo; the environment's LOGNAME is not asked."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"uid {os.getuid()}"
    before = os.environ.get("SUDO_USER", "")
    return (f"{before} ({name})" if before and before != name else name)[:80]


def begin(command: str, arguments: Mapping[str, Any]) -> OperatorAct:
    """`arguments` as given to the command, without personal data; a path is kept as its content's SHA-256."""
    kept = {name: plain(value) for name, value in arguments.items() if value}
    return OperatorAct.objects.create(
        phase="begun", at=timezone.now(), who=operating_system_user(), command=command, arguments=kept
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


def plain(value: Any) -> Any:
    if isinstance(value, Path):
        return f"sha256:{hashlib.sha256(value.read_bytes()).hexdigest()}" if value.is_file() else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        listed = [plain(one) for one in value[:LISTED]]
        return [*listed, f"… {len(value)}"] if len(value) > LISTED else listed
    return value if isinstance(value, (bool, int)) else str(value)
