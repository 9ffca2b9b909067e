"""The base of the commands that do one thing with the applications whose numbers are given."""

from argparse import ArgumentTypeError
from collections import Counter
from datetime import datetime
from pathlib import Path

from django.core.management.base import CommandError

from candidates.management.arguments import a_code, a_year, typed
from candidates.management.audited import AuditedCommand, Incomplete
from candidates.management.sessions import years_in_words
from candidates.models import Application
from candidates.reference.csv_lines import moment_of
from review.operations import acts

EXAMPLE = '如 "2027-03-08 24:00"'


def moment(text: str) -> datetime:
    """Read an option that is a time."""
    try:
        return moment_of(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是时间，请写成 2027-03-08 24:00（北京时间）") from None


class ActingCommand(AuditedCommand):
    """Write `done` (what is said of one that was done), `act_on`, and `is_done`: there is nothing left to do."""

    done = ""
    recorded = ("numbers", "file", "year", "until")

    def add_arguments(self, parser):
        parser.add_argument("numbers", nargs="*", type=a_code, metavar="报名编号", help="16 位，可以有多个")
        parser.add_argument("--file", type=Path, metavar="文件", help="每行一个报名编号的文本文件")
        words = "只办理这个考试年度的；编号中有别的年度的，一份也不办理"
        parser.add_argument("--session", "--year", dest="year", type=a_year, metavar="年度", help=words)
        parser.add_argument(
            "--reason", required=True, type=typed("lines"), metavar="原因", help="记入办理记录，考生也会看到"
        )
        self.add_dry_run(parser)

    def add_until(self, parser, meaning: str, *, required: bool = False) -> None:
        words = f"{meaning}，北京时间，{EXAMPLE}（当日结束）"
        parser.add_argument("--until", type=typed("moment", moment), required=required, metavar="时间", help=words)

    def act(self, *, numbers, file, year, dry_run, **options):
        try:
            numbers = acts.named(numbers, file)
        except acts.BadNumbers as bad:
            raise CommandError(
                "\n".join([*bad.problems, f"共 {len(bad.problems)} 处错误，没有办理任何一份。"])
            ) from None
        if year and (others := [number for number in numbers if not number.startswith(str(year))]):
            raise CommandError(f"不是 {year} 年度的报名编号：{'、'.join(others)}。没有办理任何一份。")
        self.prepare(options)
        actor, tally = acts.operator(self.operator), Counter(done=0, same=0, refused=0)
        words = {"done": self.done + ("（未写入）" if dry_run else ""), "same": "未变", "refused": "未办理"}

        def act_on(application: Application):
            return self.act_on(application, actor, options)

        def is_done(application: Application):
            return self.is_done(application, options)

        for outcome in acts.each(numbers, act_on, is_done, dry_run=dry_run):
            tally[outcome.kind] += 1
            self.stdout.write("：".join(filter(None, (outcome.number, words[outcome.kind], outcome.sentence))))
        told = "，".join(f"{words[kind]} {tally[kind]}" for kind in words)
        told = f"{years_in_words({number[:4] for number in numbers})} 年度，共 {len(numbers)} 份：{told}。"
        if tally["refused"]:
            raise Incomplete(told, tally)
        self.stdout.write(told)
        return dict(tally)

    def prepare(self, options) -> None:
        """Check the options once, before the first application. Raise CommandError."""

    def is_done(self, application, options) -> bool:
        raise NotImplementedError

    def act_on(self, application, actor, options) -> None:
        raise NotImplementedError

    def last_was(self, application: Application, action: str) -> bool:
        return application.last_record is not None and application.last_record.action == action
