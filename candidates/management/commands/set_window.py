from argparse import ArgumentTypeError

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from candidates.applications import years
from candidates.applications.workflow import beginning, moment
from candidates.management.arguments import a_code, a_year, typed
from candidates.management.audited import AuditedCommand
from candidates.models import ExamSession
from candidates.models.session import WINDOWS
from candidates.reference.csv_lines import moment_of


def time(text):
    try:
        return moment_of(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是时间，请写成 2027-01-10 09:00（北京时间）") from None


class Command(AuditedCommand):
    help = (
        "更改一个考试年度的一段时间，可以重复运行。没有给出的一端不变。立即生效：以后的操作按新的时间判断，"
        '已经完成的不受影响。时间为北京时间，写成 "2027-01-10 09:00"；24:00 表示当日结束。'
        "会立即开始或结束一段时间的更改，先说明涉及多少人，加 --yes 才写入。"
    )
    recorded = ("year", "window", "opens", "closes", "yes")

    def add_arguments(self, parser):
        names = "、".join(f"{code} {name}" for code, name in WINDOWS.items())
        parser.add_argument("year", type=a_year, metavar="年度", help="如 2027")
        parser.add_argument("window", type=a_code, choices=list(WINDOWS), metavar="时段", help=names)
        parser.add_argument("--opens", type=typed("moment", time), metavar="时间", help="开始时间")
        parser.add_argument(
            "--closes", type=typed("moment", time), metavar="时间", help="截止时间（到这一刻为止，不含这一刻）"
        )
        parser.add_argument("--yes", action="store_true", help="确认立即开始或结束（不加时只说明，不写入）")
        self.add_dry_run(parser)

    @transaction.atomic
    def act(self, *, year, window, opens, closes, yes, dry_run, **options):
        session = ExamSession.objects.select_for_update().filter(year=year).first()
        if session is None:
            raise CommandError(f"没有 {year} 年度，请先用 open_session 开设。")
        if opens is None and closes is None:
            raise CommandError("请用 --opens 或 --closes 给出新的时间。")

        before = (getattr(session, f"{window}_opens"), getattr(session, f"{window}_closes"))
        after = (opens or before[0], closes or before[1])
        if after[1] <= after[0]:
            raise CommandError(f"{WINDOWS[window]}的截止时间 {moment(after[1])} 不晚于开始时间 {beginning(after[0])}。")

        changed = after != before
        before_all = session.out_of_order(["opens"])  # a closing may be moved by itself, in a hurry
        setattr(session, f"{window}_opens", after[0])
        setattr(session, f"{window}_closes", after[1])
        wrong = {field: words for field, words in session.out_of_order(["opens"]).items() if field not in before_all}
        if wrong:
            raise CommandError("\n".join(wrong.values()))

        asked = years.asks(ExamSession.objects.get(pk=session.pk), session, timezone.now()) if changed else []
        if asked and not (yes or dry_run):
            raise CommandError("\n".join([*asked, "没有更改：核对以后加 --yes 再运行一次。"]))
        for sentence in asked:
            self.stdout.write(sentence)
        if changed and not dry_run:
            session.save(update_fields=[f"{window}_opens", f"{window}_closes"])
        word = "未变" if not changed else "检查通过（未写入）" if dry_run else "已更改"
        self.stdout.write(f"{word}：{year} 年度{WINDOWS[window]} {beginning(after[0])} 至 {moment(after[1])}。")
        return {"changed": int(changed)}
