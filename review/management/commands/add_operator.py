from django.core.management.base import CommandError

from candidates.management.arguments import a_code, typed
from candidates.management.audited import AuditedCommand
from candidates.models import Account
from review.operations.accounts import USERNAME, add, change


class Command(AuditedCommand):
    help = (
        "新增操作员：登录后台管理的账号，一人一个。一次性密码只显示这一次，首次登录必须修改。"
        "已有的操作员保持不变；停用过的重新启用，密码不变（忘记了用 reset_password）。--off 停用，下一次请求即失效。"
    )
    recorded = ("username", "off")

    def add_arguments(self, parser):
        parser.add_argument(
            "username", type=a_code, metavar="用户名", help="以英文字母开头，3 至 40 个字母、数字和 . _ -"
        )
        parser.add_argument("--name", type=typed("name"), metavar="姓名", help="新增时必须填写")
        parser.add_argument("--off", action="store_true", help="停用")
        self.add_dry_run(parser)

    def act(self, *, username, name, off, dry_run, **options):
        account = Account.objects.filter(username=username).first()
        if account and not account.is_operator:
            raise CommandError(f"用户名“{username}”已经是审核员的账号，请换一个。")
        if account is None:
            self.refuse_bad(username, name, off)
            return self.made(username, name, dry_run)

        if account.is_active is not off:
            self.stdout.write(f"{username}：未变")
            return {"done": 0}

        if not dry_run:
            account.is_active = not off
            change(account, ["is_active"])
        self.stdout.write(f"{username}：{'停用' if off else '重新启用'}" + ("（未写入）" if dry_run else ""))
        if off:
            self.tell_of_too_few(username)
        return {"done": 1}

    def tell_of_too_few(self, gone):
        """Say it where nobody is left to agree to what needs two: a refund, a purge, a restore, an export in full."""
        left = Account.objects.filter(kind="operator", is_active=True).exclude(username=gone).count()
        if left < 2:
            self.stdout.write(
                f"启用的操作员还有 {left} 位：退款、清除、恢复和导出完整数据要两位，请用 add_operator 新增或重新启用。"
            )

    def refuse_bad(self, username, name, off):
        if off:
            raise CommandError(f"没有操作员“{username}”。")
        if not USERNAME.fullmatch(username):
            raise CommandError(f"用户名“{username}”应以英文字母开头，3 至 40 个字符，只用字母、数字和 . _ -。")
        if not (name or "").strip() or len(name) > 50:
            raise CommandError("请用 --name 写明操作员的姓名，最多 50 个字。")

    def made(self, username, name, dry_run):
        if dry_run:
            self.stdout.write(f"{username}：可以新增（未写入）")
        else:
            self.stdout.write(f"{username}：{add(Account(username=username, name=name.strip()), 'operator')}")
        return {"done": 1}
