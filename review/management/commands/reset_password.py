from django.core.management.base import CommandError
from django.utils import timezone

from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand
from candidates.models import Account, Application
from candidates.rules.refusals import NotAllowed
from candidates.trail import audit
from review.operations import delegation, resetting


class Command(AuditedCommand):
    help = (
        "给考生（按报名编号）或审核员、操作员（按用户名）设置一次性密码，下次登录时必须修改。"
        "密码只显示这一次；原密码和已登录的会话立即失效，登录失败的锁定一并解除。再次运行会再换一个密码。"
        "请先按规定核实本人身份；本人会收到通知，72 小时内没有登录的，须重新设置。"
        "一天之内，同一个人不能先后重设同一账号的密码和两步验证。不接受证件号码和手机号码：命令行会留在终端的历史里。"
    )
    recorded = ("names",)

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="+", type=a_code, metavar="报名编号或用户名", help="可以有多个")
        self.add_dry_run(parser)

    def act(self, *, names, dry_run, **options):
        found = {name: self.account_of(name) for name in dict.fromkeys(names)}
        unknown = [name for name, account in found.items() if account is None]
        if unknown:
            raise CommandError(
                f"没有这个报名编号或用户名，或账号已停用：{'、'.join(map(audit.hidden, unknown))}。没有更改任何密码。"
            )
        if not dry_run:
            self._require_others(found)
        for name, account in found.items():
            if dry_run:
                self.stdout.write(f"{name}：可以重设密码（未写入）")
                continue
            try:
                password = resetting.password(account, by=self.operator)
            except NotAllowed as refusal:
                raise CommandError(f"{name}：{refusal}") from None
            self.stdout.write(f"{name}：{password}")
        return {"done": len(found)}

    def _require_others(self, found):
        """Refuse all where this user has reset the second factor of one within a day."""
        for name, account in found.items():
            try:
                delegation.require_other_operator(account, "password", self.operator, timezone.now())
            except NotAllowed as refusal:
                raise CommandError(f"{name}：{refusal}没有更改任何密码。") from None

    def account_of(self, name):
        if name.isascii() and name.isdecimal():
            application = Application.objects.filter(number=name).select_related("account").first()
            account = application.account if application else None
        else:
            account = Account.objects.filter(username=name).first()
        return account if account and account.is_active else None
