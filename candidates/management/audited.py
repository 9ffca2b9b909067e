"""The base of every command with which an operator changes something, or takes personal data out of the portal."""

import contextlib
from collections.abc import Mapping

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from candidates.trail import audit


class Incomplete(CommandError):
    """Some was done and some was not; `counts` says how much of each."""

    def __init__(self, message: str, counts: Mapping[str, int]):
        super().__init__(message)
        self.counts = counts


class AuditedCommand(BaseCommand):
    """Subclasses write `act`, which returns the counts of what came of it. A dry run changes nothing: no audit."""

    recorded: tuple[str, ...] = ()  # the options that the audit keeps: none that may hold a person's data
    full_help = "写出完整的证件号码和手机号码（缺省时遮盖中间各位）"

    def handle(self, **options):
        if options.get("dry_run"):
            self.act(**options)
            return
        arguments = {name: options.get(name) for name in self.recorded}
        begun = audit.begin(type(self).__module__.rpartition(".")[2], arguments)
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
