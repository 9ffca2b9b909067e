"""What every command that reads a table has in common: its options, and how it tells what came of each line."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from candidates.management.arguments import typed
from candidates.reference.outcomes import BadFile, How, Report, Unconfirmed

FILE = "表格：CSV（UTF-8、GB 18030 或 Excel 的 Unicode 文本）或 .xlsx，第一行是表头，列名可以用英文或中文"
Load = Callable[[Path, How], Report]


def add_table(parser: ArgumentParser, *, can_end: str = "") -> None:
    """`can_end`: what becomes of what a complete table leaves out; empty where nothing can be ended by one."""
    parser.add_argument("file", type=Path, metavar="文件", help=FILE)
    add_sheet(parser)
    if can_end:
        words = f"表格是完整的：其中没有的{can_end}（缺省时保持原样）"
        parser.add_argument("--complete", action="store_true", help=words)
    parser.add_argument("--yes", action="store_true", help="确认这张表格需要确认的事项（不加时只说明，不写入）")


def add_sheet(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--sheet", type=typed("words"), default="", metavar="工作表", help=".xlsx 中工作表的名称，缺省是第一张"
    )


def how_of(options: Mapping[str, Any]) -> How:
    return How(
        dry_run=options["dry_run"],
        complete=options.get("complete", False),
        confirmed=options.get("yes", False),
        sheet=options["sheet"],
    )


def load_told(out: Any, load: Load, options: Mapping[str, Any], *, done: str, undone: str) -> Report:
    """Load the table, or try it where that was asked for, and tell what came of it. Raises CommandError.

    A dry run tells of every line, a real one of the numbers. `done` and `undone`: the words for what came of it.
    """
    how = how_of(options)
    try:
        report = load(options["file"], how)
    except BadFile as bad:
        if how.dry_run and bad.report:
            tell_lines(out, bad.report)
        raise CommandError("\n".join([*bad.problems, f"共 {len(bad.problems)} 处错误，{undone}。"])) from None
    except Unconfirmed as asked:
        report = asked.report
        tell_lines(out, report)
        words = [*report.asks, f"{report.summary}。{undone}：核对以后加 --yes 再运行一次。"]
        raise CommandError("\n".join(words)) from None

    if how.dry_run:
        tell_lines(out, report)
        for sentence in report.asks:
            out.write(f"{sentence}写入时要加 --yes。")
    out.write(f"{'检查通过（未写入）' if how.dry_run else done}：{report.summary}。")
    return report


def tell_lines(out: Any, report: Report) -> None:
    for sentence in report.lines():
        out.write(sentence)
