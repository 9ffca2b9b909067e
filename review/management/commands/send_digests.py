from django.utils import timezone

from candidates.management.audited import AuditedCommand
from review.office import digests


class Command(AuditedCommand):
    help = (
        "给各单位的审核员和负责人写待办摘要（由 send_messages 以邮件发出），每天早上由定时任务运行。"
        "同一个人一天最多一份，可以重复运行；没有等待审核的、关闭了摘要的单位，以及没有填写电子邮箱的人不发。"
    )

    def add_arguments(self, parser):
        self.add_dry_run(parser)

    def act(self, *, dry_run, **options):
        now = timezone.now()
        if dry_run:
            due = [unit for unit in digests.units() if not digests.is_empty(digests.waiting(unit, now))]
            number = sum(digests.people(unit, now).count() for unit in due)
            self.stdout.write(f"检查完成（未写入），将写入 {number} 份待办摘要。")
            return {"digests": number}
        number = sum(digests.send(now))
        self.stdout.write(f"已写入 {number} 份待办摘要，由 send_messages 发送。")
        return {"digests": number}
