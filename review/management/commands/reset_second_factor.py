from django.core.management.base import CommandError
from django.db import transaction

from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand, Incomplete
from candidates.models import Account
from candidates.rules.refusals import NotAllowed
from review.operations import resetting


class Command(AuditedCommand):
    help = (
        "重设审核员或操作员的两步验证（手机丢失、又没有恢复码时）：原来的验证器和恢复码作废，已登录的会话立即结束，"
        "下次登录时重新绑定。请先按规定核实本人身份；本人会收到通知。"
        "密码可能也已泄露的，由另一个人再用 reset_password：一天之内，同一个人不能先后重设同一账号的密码和两步验证。"
    )
    recorded = ("names",)

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="+", type=a_code, metavar="用户名", help="可以有多个")
        self.add_dry_run(parser)

    def act(self, *, names, dry_run, **options):
        found = {one.username: one for one in Account.objects.filter(username__in=names).exclude(kind="candidate")}
        unknown = [name for name in dict.fromkeys(names) if name not in found]
        if unknown:
            raise CommandError(f"没有这个用户名的审核员或操作员：{'、'.join(unknown)}。没有重设任何人。")

        counts = {"reset": 0, "nothing_to_reset": 0}
        for name, account in found.items():
            try:
                with transaction.atomic():
                    was_enrolled = resetting.factor(account, by=self.operator)
                    transaction.set_rollback(dry_run)
            except NotAllowed as refusal:
                raise Incomplete(f"{name}：{refusal}", counts) from None
            counts["reset" if was_enrolled else "nothing_to_reset"] += 1
            done = "可以重设（未写入）" if dry_run else "已重设，下次登录时重新绑定"
            self.stdout.write(f"{name}：{done if was_enrolled else '没有绑定两步验证，不需要重设'}")
        return counts
