from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.core.management.base import CommandError

from candidates.management.arguments import a_code, typed
from candidates.management.spoken import PortalCommand
from candidates.management.tables import add_sheet
from candidates.reference.outcomes import BadFile
from review.models import PROVIDERS
from review.payments import statement


def day_of(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是日期，请写成 2027-03-08") from None


class Command(PortalCommand):
    help = (
        "把支付平台某一天的账单与我方的收款逐笔核对，每一处不同写一行；有不同时退出码是 1。只读，不写入。"
        "账单可以是支付宝的业务明细、微信支付的交易账单，或列为 order_number、trade_number、amount（元）、paid_at"
        " 的 CSV。"
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "provider", type=a_code, choices=list(PROVIDERS), metavar="渠道", help=f"收款渠道：{'、'.join(PROVIDERS)}"
        )
        parser.add_argument("day", type=typed("moment", day_of), metavar="日期", help="日期，如 2027-03-08")
        parser.add_argument("file", type=Path, metavar="文件", help="这一天的账单，CSV 或 .xlsx")
        add_sheet(parser)

    def handle(self, *, provider, day, file, sheet, **options):
        try:
            found = statement.entries(file, sheet)
        except BadFile as bad:
            raise CommandError("\n".join([*bad.problems, f"共 {len(bad.problems)} 处错误，没有核对。"])) from None
        years = statement.years_of(found) or "没有我方的订单"
        told = statement.differences(found, provider, day)
        if told:
            raise CommandError("\n".join([*told, f"{years}，共 {len(told)} 处不同。"]))
        self.stdout.write(f"{day} {PROVIDERS[provider]}：{len(found)} 笔（{years}），全部一致。")
