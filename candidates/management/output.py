"""Files that a command makes: whole or not at all, for their owner only, never over another without --replace."""

import csv
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError

from candidates.management.arguments import typed
from candidates.rules.refusals import of_file

ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
LONGEST_NUMBER = 11  # digits; a spreadsheet rounds longer ones
# what a spreadsheet would compute; Excel takes the full-width signs for the others, some programs a tab or a line's end
COMPUTED = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def add_output(parser, kinds: str) -> None:
    parser.add_argument("output", type=Path, metavar="文件", help=f"要写的文件，{kinds}")
    parser.add_argument("--replace", action="store_true", help="文件已经存在时覆盖")


def add_full(parser, words: str) -> None:
    parser.add_argument("--full", action="store_true", help=words)
    parser.add_argument(
        "--reason", type=typed("words"), default="", metavar="原因", help="为什么要完整的，记入操作记录"
    )


def require_reason(*, full: bool, reason: str) -> None:
    """Raise CommandError where data are wanted in full and nobody says why."""
    if full and not reason:
        raise CommandError("写出完整的号码要用 --reason 写明原因，原因记入操作记录；没有写文件。")


def require_new(path: Path, *, replace: bool) -> None:
    """Raise CommandError where new_file would refuse to begin."""
    if path.exists() and not replace:
        raise CommandError(f"文件 {path} 已经存在；要覆盖请加 --replace。")
    if not path.parent.is_dir():
        raise CommandError(f"无法写文件 {path}：没有文件夹 {path.parent}。")


@contextmanager
def new_file(path: Path, *, replace: bool) -> Iterator[IO[bytes]]:
    """Open a file of mode 0600 that gets its name when it is complete. Raises CommandError."""
    require_new(path, replace=replace)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        file = os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        raise CommandError(f"无法写文件 {path}：{of_file(error)}。") from None
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise CommandError(f"文件 {path} 没有写完：{of_file(error)}。") from None
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def write_csv(file: IO[bytes], rows: Iterable[Sequence[str | int]], encoding: str) -> int:
    """Write the rows, headings first; return how many there were. `encoding` is a key of ENCODINGS."""
    count = 0
    text = _Encoded(file, ENCODINGS[encoding])
    writer = csv.writer(text)
    for row in rows:
        count += 1
        writer.writerow([text_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return count


def text_cell(value: str) -> str:
    """Put a tab before what a spreadsheet would compute or round, so that it shows what is there."""
    rounded = len(value) > LONGEST_NUMBER and value.isascii() and value.isdecimal()
    return f"\t{value}" if rounded or value.startswith(COMPUTED) else value


class _Encoded:
    """What csv.writer writes to; a byte order mark comes once, before all."""

    def __init__(self, file: IO[bytes], encoding: str):
        self.file, self.encoding = file, encoding

    def write(self, text: str) -> int:
        written = self.file.write(text.encode(self.encoding))
        self.encoding = self.encoding.removesuffix("-sig")
        return written
