from collections import Counter, defaultdict

from django.utils import timezone

from candidates.management.audited import AuditedCommand
from candidates.management.sessions import add_only, by_year, session_of
from review.office import digests


class Command(AuditedCommand):
    help = (
        "给各单位的审核员和负责人写待办摘要（由 send_messages 以邮件发出），每天早上由定时任务运行。写明是哪些年度的。"
        "同一个人一天最多一份，可以重复运行；没有等待审核的、关闭了摘要的单位，以及没有填写电子邮箱的人不发。"
    )
    recorded = ("year",)

    def add_arguments(self, parser):
        add_only(parser)
        self.add_dry_run(parser)

    def act(self, *, year, dry_run, **options):
        session, now = session_of(year) if year else None, timezone.now()
        number, waiting = 0, defaultdict(Counter)
        for unit, found in digests.due(now, session):
            number += digests.people(unit, now).count() if dry_run else digests.send(unit, found, now)
            for one, cases in found.by_year.items():
                waiting[one].update(units=1, cases=cases)
        for name, counts in by_year(waiting, year):
            self.stdout.write(f"{name}：{counts.get('units', 0)} 个单位有 {counts.get('cases', 0)} 份等待审核。")
        done = "检查完成（未写入），将写入" if dry_run else "已写入"
        self.stdout.write(f"{done} {number} 份待办摘要" + ("。" if dry_run else "，由 send_messages 发送。"))
        return {"digests": number}
