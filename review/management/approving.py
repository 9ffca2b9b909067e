"""What a command adds that needs two operators: the reason, and the refusal until another has agreed."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from candidates.management.arguments import typed
from candidates.management.audited import Incomplete
from candidates.models import Account
from candidates.rules.refusals import NotAllowed, Refused
from review.models import Approval
from review.operations import approvals


def add_reason(parser, when: str) -> None:
    words = f"{when}的原因，记入操作记录；需要另一位操作员在后台管理的“双人确认”里确认"
    parser.add_argument("--reason", type=typed("words"), default="", metavar="原因", help=words)


def require_two(kind: str, *, operator: Account | None, arguments: Mapping[str, Any], why: str) -> Approval | None:
    """Go on where another operator has agreed. Raises CommandError, with what to do, where nobody has yet."""
    try:
        return approvals.require(kind, account=operator, arguments=arguments, reason=why)
    except approvals.Waiting as waiting:
        raise Incomplete(f"{waiting}没有办理任何内容。", {"approval": waiting.approval.pk}) from None
    except Refused as refusal:
        raise CommandError(f"{refusal}用 --reason 写明，没有办理任何内容。") from None
    except NotAllowed as refusal:
        raise CommandError(f"{refusal}没有办理任何内容。") from None
