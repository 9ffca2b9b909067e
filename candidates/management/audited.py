"""The base of every command with which an operator changes something, or takes personal data out of the portal."""

import contextlib
import sys
from collections.abc import Mapping

import pghistory
from django.conf import settings
from django.core.management.base import CommandError
from django.db import Error

from candidates.management.arguments import a_code
from candidates.management.spoken import PortalCommand
from candidates.models import Account
from candidates.trail import audit


class Incomplete(CommandError):
    """Some was done and some was not; `counts` says how much of each."""

    def __init__(self, message: str, counts: Mapping[str, int]):
        super().__init__(message)
        self.counts = counts


def add_as(parser) -> None:
    words = "操作员的用户名：谁在办理，与操作系统用户一起记入操作记录。在终端上办理的必须写明，定时任务不写"
    parser.add_argument("--as", dest="acting", type=a_code, metavar="用户名", help=words)


def operator_of(acting: str | None) -> Account | None:
    """Return the operator that `--as` names. Raises CommandError where there is none, or nobody is named who has to be.

    A person at a terminal of production says who it is; a timer has no name, and before the first operator nobody has.
    """
    operators = Account.objects.filter(kind="operator", is_active=True)
    if acting:
        account = operators.filter(username=acting).first()
        if account is None:
            raise CommandError(f"--as：没有用户名为“{audit.hidden(acting)}”的操作员，或已停用。没有办理任何内容。")
        return account
    if settings.PRODUCTION and sys.stdin is not None and sys.stdin.isatty() and operators.exists():
        raise CommandError("请用 --as 写明是哪位操作员在办理，如 --as admin。没有办理任何内容。")
    return None


class AuditedCommand(PortalCommand):
    """Subclasses write `act`, which returns the counts of what came of it. A dry run changes nothing: no audit.

    `operator` is who acts, as `--as` says: None where nobody is named.
    """

    operator: Account | None = None
    recorded: tuple[str, ...] = ()  # the options that the audit keeps: none that may hold a person's data
    full_help = "写出完整的证件号码和手机号码（缺省时遮盖中间各位）"

    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        add_as(parser)
        return parser

    def handle(self, **options):
        if options.get("dry_run"):
            self.act(**options)
            return
        arguments = {name: options.get(name) for name in self.recorded}
        self.operator = operator_of(options.get("acting"))
        begun = audit.begin(type(self).__module__.rpartition(".")[2], arguments, self.operator)
        try:
            with pghistory.context(who=begun.who, command=begun.command):
                counts = self.act(**options)
        except BaseException as error:
            outcome = dict(error.counts) if isinstance(error, Incomplete) else {"error": type(error).__name__}
            with contextlib.suppress(Error):  # the error is reported whether or not it can be recorded
                audit.end(begun, "failed", outcome)
            raise
        audit.end(begun, "done", counts)

    def act(self, **options) -> Mapping[str, int]:
        raise NotImplementedError

    def add_dry_run(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只检查并报告，不写入")
