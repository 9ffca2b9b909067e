"""Tables that operators upload: tried first, kept sealed until they are taken in, and gone then, or after a day."""

import base64
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from candidates.encryption import decrypt, encrypt
from candidates.models import Account
from candidates.reference.outcomes import TRY, BadFile, How, Report
from candidates.rules.refusals import NotAllowed
from candidates.rules.text import clean
from candidates.trail import audit
from review.models import ImportDraft
from review.models.import_draft import LASTS
from review.operations.tables import TABLES, foresee
from review.payments import statement, waiting

STATEMENT = "statement"
PURPOSE = "an import that is being looked at"  # what its table is sealed for
LARGEST = 20 * 1024 * 1024  # bytes; longer ones are loaded by the command
GONE = "这张表格已经载入、放弃，或超过一天：请重新上传。"


@dataclass(frozen=True)
class Kind:
    label: str
    columns: str
    can_end: str = ""
    has_provider: bool = False
    command: str = ""  # what the audit calls it: as the command at the terminal


COMMANDS = {
    "units": "load_units",
    "categories": "load_categories",
    "sessions": "open_session",
    "institutions": "load_institutions",
    "fees": "load_fees",
    "reasons": "load_reasons",
    "reviewers": "import_reviewers",
}
KINDS = {
    **{
        code: Kind(
            one.label,
            "、".join(
                f"{names.split('|')[0]}（{column}{'' if column in one.needed else '，可不写'}）"
                for column, names in one.columns.items()
            ),
            one.can_end,
            command=COMMANDS.get(code, f"load_{code}"),
        )
        for code, one in TABLES.items()
    },
    STATEMENT: Kind(
        "收款清单",
        "order_number、trade_number、amount（元）、paid_at，或支付宝的业务明细、微信支付的交易账单",
        has_provider=True,
        command="import_payments",
    ),
}


def keep(kind: str, file: IO[bytes], name: str, options: dict[str, Any], *, account: Account) -> ImportDraft:
    """Keep an uploaded table. Raise NotAllowed where it is too large."""
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NotAllowed(f"文件超过 {LARGEST // 1024 // 1024} MB：请在服务器上用命令 {KINDS[kind].command} 载入。")
    forget_old(timezone.now())
    return ImportDraft.objects.create(
        kind=kind,
        options=options,
        name=clean(Path(name).name, "words")[:100],
        sha256=hashlib.sha256(content).hexdigest(),
        content=encrypt(base64.b64encode(content).decode(), PURPOSE),
        asked_by=account,
        at=timezone.now(),
    )


def of(pk: int, *, account: Account) -> ImportDraft:
    """Return one's own draft. Raise NotAllowed where there is none any more."""
    rows = ImportDraft.objects.filter(pk=pk, asked_by=account, at__gt=timezone.now() - LASTS)
    draft = rows.first()
    if draft is None:
        raise NotAllowed(GONE)
    return draft


def forget_old(now: datetime) -> None:
    ImportDraft.objects.filter(at__lt=now - LASTS).delete()


@contextmanager
def _as_file(draft: ImportDraft) -> Iterator[Path]:
    """Lay the table out as a file for as long as it is read: its readers take paths."""
    with tempfile.NamedTemporaryFile(suffix=Path(draft.name).suffix[:8]) as file:
        file.write(base64.b64decode(decrypt(bytes(draft.content), PURPOSE)))
        file.flush()
        yield Path(file.name)


def reconcile(file: IO[bytes], provider: str, day: date) -> tuple[list[str], int]:
    """Return the differences of a provider's list of a day from ours, and how many lines it has. Raise BadFile."""
    with tempfile.NamedTemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        found = statement.entries(Path(copy.name))
    return statement.differences(found, provider, day), len(found)


def try_out(draft: ImportDraft) -> Report:
    """Return what the table would do, line by line; nothing is written."""
    with _as_file(draft) as path:
        if draft.kind != STATEMENT:
            return foresee(TABLES[draft.kind].load, path, _how(draft))
        provider = draft.options["provider"]
        try:
            return statement.import_payments(statement.entries(path), provider, TRY)
        except statement.Misread as misread:
            return misread.told(provider)
        except BadFile as bad:
            return bad.report or Report(problems=bad.problems)


def _how(draft: ImportDraft, *, confirmed: bool = False) -> How:
    return How(complete=bool(draft.options.get("complete")), confirmed=confirmed)


def take_in(pk: int, *, account: Account, confirmed: bool) -> tuple[ImportDraft, Report]:
    """Load the table, whole or not at all, and write down who has. Raise NotAllowed, BadFile, Unconfirmed.

    A statement's lines are each booked in a transaction of its own, as the command does: again changes nothing.
    """
    draft = of(pk, account=account)
    command = KINDS[draft.kind].command
    options = {name: value for name, value in draft.options.items() if value}
    arguments = {"file": f"sha256:{draft.sha256}", **options}
    report = _loaded(draft, confirmed=confirmed)
    counts = {"made": report.counts["new"], "changed": report.counts["changed"], "same": report.counts["same"]}
    audit.note(command, account, arguments, {**counts, "ended": report.counts["ended"]})
    draft.delete()
    return draft, report


def _loaded(draft: ImportDraft, *, confirmed: bool) -> Report:
    with _as_file(draft) as path:
        if draft.kind != STATEMENT:
            return TABLES[draft.kind].load(path, _how(draft, confirmed=confirmed))
        provider = draft.options["provider"]
        try:
            found = statement.entries(path)
        except statement.Misread as misread:
            raise BadFile(misread.problems, misread.told(provider)) from None
        report = statement.import_payments(found, provider)
        waiting.keep(found, provider, report)
        return report


@transaction.atomic
def drop(pk: int, *, account: Account) -> None:
    ImportDraft.objects.filter(pk=pk, asked_by=account).delete()
