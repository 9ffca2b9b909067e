from django.core.management.base import CommandError
from django.db import transaction

from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand
from review.operations.accounts import Unknown, disable


class Command(AuditedCommand):
    help = "停用一名审核员：下一次请求起即不能再使用，正在审阅的申请随即放开。恢复用 import_reviewers 的 active 列。"

    recorded = ("username",)

    def add_arguments(self, parser):
        parser.add_argument("username", type=a_code, metavar="用户名")
        self.add_dry_run(parser)

    def act(self, *, username, dry_run, **options):
        try:
            with transaction.atomic():
                was_active = disable(username)
                transaction.set_rollback(dry_run)
        except Unknown:
            raise CommandError(f"没有用户名为 {username} 的审核员。") from None
        self.stdout.write(
            f"{username} {'可以停用（未写入）' if dry_run else '已停用'}。"
            if was_active
            else f"{username} 原来就是停用的。"
        )
        return {"disabled": int(was_active)}
