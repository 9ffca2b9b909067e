"""What operators do with applications by their numbers: each in its own transaction, safe to stop and to run again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from candidates.applications.workflow import RELATED, Actor
from candidates.models import Account, Application
from candidates.rules.numbers import LENGTH, is_number
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused, of_file
from candidates.rules.text import clean
from candidates.trail.audit import hidden
from candidates.trail.audit import named as named_by

LARGEST_LIST = 4 * 1024 * 1024  # bytes: some 200,000 numbers
CHUNK = 500


class BadNumbers(ValueError):
    """Numbers that mean no application; `problems` has one sentence for each, in order."""

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Outcome:
    """What became of one application: `kind` is done, same (nothing was left to do) or refused, with the sentence."""

    number: str
    kind: str
    sentence: str = ""


def operator(account: Account | None = None) -> Actor:
    """Return the operator at this terminal, with the account that `--as` names and the operating system's user."""
    return Actor(level="operator", account=account, name=named_by(account))


def named(given: Iterable[str], file: Path | None) -> list[str]:
    """Return the numbers given and those of the file, one a line, each once. Raise BadNumbers with every bad one."""
    places = [(f"“{hidden(number)}”", clean(number, "identifier")) for number in given]
    if file:
        lines = enumerate(_text(file).splitlines(), start=1)
        numbers = ((place, clean(line, "identifier")) for place, line in lines)
        places += [(f"第 {place} 行“{hidden(number)}”", number) for place, number in numbers if number]

    known = _known({number for _, number in places})
    problems = [
        f"{place}：{'没有这个报名编号。' if is_number(number) else f'报名编号是 {LENGTH} 位数字。'}"
        for place, number in places
        if number not in known
    ]

    if not places:
        problems = ["没有给出报名编号。"]
    if problems:
        raise BadNumbers(problems)
    return list(dict.fromkeys(number for _, number in places))


def _text(file: Path) -> str:
    try:
        content = file.read_bytes() if file.stat().st_size <= LARGEST_LIST else None
    except OSError as error:
        raise BadNumbers([f"无法读取文件 {file}：{of_file(error)}。"]) from None
    if content is None:
        raise BadNumbers([f"文件 {file} 超过 {LARGEST_LIST // 1024 // 1024} MB。"])
    return content.decode("utf-8-sig", errors="replace")


def _known(numbers: set[str]) -> set[str]:
    wanted = sorted(number for number in numbers if is_number(number))
    found: set[str] = set()
    for at in range(0, len(wanted), CHUNK):
        known = Application.objects.filter(number__in=wanted[at : at + CHUNK]).values_list("number", flat=True)
        found |= {number for number in known if number}
    return found


def each(
    numbers: Iterable[str],
    act: Callable[[Application], object],
    is_done: Callable[[Application], bool],
    *,
    dry_run: bool,
) -> Iterator[Outcome]:
    """Do `act` with each application, in a transaction of its own that a dry run takes back."""
    for number in numbers:
        application = Application.objects.select_related(*RELATED).get(number=number)
        if is_done(application):
            yield Outcome(number, "same")
            continue
        try:
            with transaction.atomic():
                act(application)
                transaction.set_rollback(dry_run)
        except AlreadyMoved:
            yield Outcome(number, "refused", "该申请刚刚由他人处理，请再运行一次。")
        except (NotAllowed, Refused) as refusal:
            yield Outcome(number, "refused", str(refusal))
        else:
            yield Outcome(number, "done")
