from collections import Counter

from django.core.management.base import CommandError
from django.utils import timezone

from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand
from candidates.management.sessions import add_year, session_of, sessions_of
from candidates.messages import sending
from review.operations import reminders


class Command(AuditedCommand):
    help = (
        "提醒还没有办完的考生（站内消息，并由 send_messages 以短信或邮件发出）。先报告人数，确认后才发送。"
        "同一份报名一天最多提醒一次，可以重复运行；已过截止时间的不提醒。"
    )
    recorded = ("year", "kind", "by_date")

    def add_arguments(self, parser):
        kinds = "、".join(f"{code} {kind.label}" for code, kind in reminders.KINDS.items())
        parser.add_argument("kind", nargs="*", type=a_code, metavar="对象", help=f"可以多个：{kinds}；缺省为全部")
        add_year(parser)
        days = "；".join(f"{one.label} {'、'.join(map(str, one.days))}" for one in reminders.KINDS.values())
        parser.add_argument(
            "--by-date",
            action="store_true",
            help=f"各个年度都办理，只提醒离截止还有规定天数的：缺省 {days} 天，可在后台管理“消息规则”中修改",
        )
        parser.add_argument("--yes", action="store_true", help="不再询问，直接发送")
        self.add_dry_run(parser)

    def act(self, *, kind, year, yes, dry_run, by_date, **options):
        if unknown := [one for one in kind if one not in reminders.KINDS]:
            raise CommandError(f"没有“{'、'.join(unknown)}”这种对象：可以是 {'、'.join(reminders.KINDS)}。")
        if not kind and not by_date:
            raise CommandError(f"请写明提醒谁：{'、'.join(reminders.KINDS)}；或者用 --by-date。")
        kinds, now = {code: reminders.KINDS[code] for code in dict.fromkeys(kind or reminders.KINDS)}, timezone.now()
        if by_date or list(kinds) == ["visits"]:  # by each one's own date, by a timer: in every year
            sessions = sessions_of(year)
            if not sessions:
                self.stdout.write("还没有开放过考试年度，没有发送任何提醒。")
        else:
            sessions = [session_of(year)]
        total = Counter(dict.fromkeys(kinds, 0))
        for session in sessions:
            total.update(self.remind(session, kinds, now, by_date=by_date, yes=yes, dry_run=dry_run))
        return dict(total)

    def remind(self, session, kinds, now, *, by_date, yes, dry_run):
        """Tell how many of a session are due, ask, and remind them. Return how many were, by kind."""
        counts = {code: reminders.due(one, session, now, by_date=by_date).count() for code, one in kinds.items()}
        self.stdout.write(str(session))
        for code, one in kinds.items():
            self.stdout.write(f"{one.label}：{counts[code]} 人{self.unreachable(one, session, now, by_date)}")

        if dry_run or not any(counts.values()):
            self.stdout.write("没有发送任何提醒。")
            return dict.fromkeys(counts, 0)
        if not yes and not self.confirmed(session, sum(counts.values())):
            raise CommandError("已取消，没有发送任何提醒。")

        sent = {code: sum(reminders.remind(one, session, now, by_date=by_date)) for code, one in kinds.items()}
        self.stdout.write(f"已写入 {sum(sent.values())} 条提醒，由 send_messages 发送。")
        return sent

    def unreachable(self, kind, session, now, by_date) -> str:
        """Say how many of those to be reminded will not be sent anything; nothing where there is nobody."""
        due = reminders.due(kind, session, now, by_date=by_date)
        unsent = due.filter(account__in=sending.out_of_reach()).count()
        return f"（其中 {unsent} 人没有可用的联系方式，只能登录后看到）" if unsent else ""

    def confirmed(self, session, count):
        try:
            return input(f"现在提醒{session}的这 {count} 人？请输入 yes：").strip().lower() == "yes"
        except EOFError:
            return False
