from django.core.management.base import CommandError
from django.utils import timezone

from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand
from candidates.management.sessions import add_year, session_of
from candidates.messages import sending
from review.operations import reminders


class Command(AuditedCommand):
    help = (
        "提醒还没有办完的考生（站内消息，并由 send_messages 以短信或邮件发出）。先报告人数，确认后才发送。"
        "同一份报名一天最多提醒一次，可以重复运行；已过截止时间的不提醒。"
    )
    recorded = ("year", "kind")

    def add_arguments(self, parser):
        kinds = "、".join(f"{code} {kind.label}" for code, kind in reminders.KINDS.items())
        parser.add_argument(
            "kind",
            nargs="+",
            type=a_code,
            choices=list(reminders.KINDS),
            metavar="对象",
            help=f"可以多个：{kinds}",
        )
        add_year(parser)
        parser.add_argument("--yes", action="store_true", help="不再询问，直接发送")
        self.add_dry_run(parser)

    def act(self, *, kind, year, yes, dry_run, **options):
        session, now = session_of(year), timezone.now()
        kinds = {code: reminders.KINDS[code] for code in dict.fromkeys(kind)}
        counts = {code: reminders.due(one, session, now).count() for code, one in kinds.items()}
        self.stdout.write(str(session))
        for code, one in kinds.items():
            self.stdout.write(f"{one.label}：{counts[code]} 人{self.unreachable(one, session, now)}")

        if dry_run or not any(counts.values()):
            self.stdout.write("没有发送任何提醒。")
            return dict.fromkeys(counts, 0)
        if not yes and not self.confirmed(session, sum(counts.values())):
            raise CommandError("已取消，没有发送任何提醒。")

        sent = {code: sum(reminders.remind(one, session, now)) for code, one in kinds.items()}
        self.stdout.write(f"已写入 {sum(sent.values())} 条提醒，由 send_messages 发送。")
        return sent

    def unreachable(self, kind, session, now) -> str:
        """Say how many of those to be reminded will not be sent anything; nothing where there is nobody."""
        unsent = reminders.due(kind, session, now).filter(account__in=sending.out_of_reach()).count()
        return f"（其中 {unsent} 人没有可用的联系方式，只能登录后看到）" if unsent else ""

    def confirmed(self, session, count):
        try:
            return input(f"现在提醒{session}的这 {count} 人？请输入 yes：").strip().lower() == "yes"
        except EOFError:
            return False
