from pathlib import Path

from django.core.management.base import CommandError

from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand
from candidates.reference.csv_lines import BadFile
from review.models import PROVIDERS
from review.payments import statement


class Command(AuditedCommand):
    help = (
        "按订单号和金额入账一份收款清单，可以重复运行：同一笔交易只入账一次。没有用到的每一行都写明原因。"
        "列：order_number、trade_number、amount（元）、paid_at（如 2027-03-08 09:30:00），"
        "也可以直接用支付宝的业务明细或微信支付的交易账单。有一行读不懂，就什么也不入账。"
    )
    recorded = ("file", "provider")

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV 文件（UTF-8 或 GB 18030）")
        parser.add_argument(
            "--provider",
            type=a_code,
            choices=list(PROVIDERS),
            default="bank",
            help="收款渠道，缺省是 bank",
        )
        self.add_dry_run(parser)

    def act(self, *, file, provider, dry_run, **options):
        try:
            found = statement.entries(file)
        except BadFile as bad:
            told = [*bad.problems, f"共 {len(bad.problems)} 处错误，没有入账。"]
            raise CommandError("\n".join(told)) from None

        imported = statement.import_payments(found, provider, dry_run=dry_run)
        for line, why in imported.unused.items():
            self.stdout.write(f"第 {line} 行没有用于缴费：{why}")
        word = "检查通过（未写入）" if dry_run else "入账完成"
        self.stdout.write(
            f"{word}：共 {len(found)} 行，缴费成功 {imported.settled}，待退款 {imported.refunds}，"
            f"未入账 {len(imported.unused) - imported.refunds}。"
        )
        return {"lines": len(found), "settled": imported.settled, "refunds": imported.refunds}
