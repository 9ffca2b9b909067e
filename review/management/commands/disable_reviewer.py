from django.core.management.base import BaseCommand, CommandError

from review.accounts import Unknown, disable


class Command(BaseCommand):
    help = "停用一名审核员：下一次请求起即不能再使用，正在审阅的申请随即放开。恢复用 import_reviewers 的 active 列。"

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        try:
            was_active = disable(username)
        except Unknown:
            raise CommandError(f"没有用户名为 {username} 的审核员。") from None
        self.stdout.write(f"{username} 已停用。" if was_active else f"{username} 原来就是停用的。")
