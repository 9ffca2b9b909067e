from pathlib import Path

from django.core.management.base import CommandError

from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand
from candidates.management.tables import FILE, add_sheet
from candidates.reference.outcomes import BadFile, How
from review.models import PROVIDERS
from review.payments import statement, waiting


class Command(AuditedCommand):
    help = (
        "按订单号和金额入账一份收款清单，可以重复运行：同一笔交易只入账一次。没有用到的每一行都写明原因。"
        "列：order_number、trade_number、amount（元）、paid_at（如 2027-03-08 09:30:00），"
        "也可以直接用支付宝的业务明细或微信支付的交易账单。有一行读不懂，就什么也不入账。"
    )
    recorded = ("file", "provider", "sheet")

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="文件", help=FILE)
        add_sheet(parser)
        parser.add_argument(
            "--provider",
            type=a_code,
            choices=list(PROVIDERS),
            default="bank",
            help="收款渠道，缺省是 bank",
        )
        self.add_dry_run(parser)

    def act(self, *, file, sheet, provider, dry_run, **options):
        try:
            found = statement.entries(file, sheet)
        except BadFile as bad:
            if dry_run and isinstance(bad, statement.Misread):
                self.tell(bad.told(provider), dry_run)
            told = [*bad.problems, f"共 {len(bad.problems)} 处错误，没有入账。"]
            raise CommandError("\n".join(told)) from None

        report = statement.import_payments(found, provider, How(dry_run=dry_run))
        self.tell(report, dry_run)
        waits = 0 if dry_run else waiting.keep(found, provider, report)
        word = "检查通过（未写入）" if dry_run else "入账完成"
        settled, refunds = report.counts["new"], report.counts["refund"]
        left = len(found) - settled - refunds
        years = statement.years_of(found) or "没有我方的订单"
        self.stdout.write(f"{word}：{years}，共 {len(found)} 行，缴费成功 {settled}，待退款 {refunds}，未入账 {left}。")
        if waits:
            self.stdout.write(f"其中 {waits} 行不知道属于哪个订单：请在后台管理的“没有匹配的账目”里匹配。")
        return {"lines": len(found), "settled": settled, "refunds": refunds}

    def tell(self, report, dry_run):
        for one in report.outcomes:
            if one.kind == "refused":
                self.stdout.write(f"{one.place}有误：{one.name}：{''.join(one.said)}")
            elif dry_run and one.kind == "new":
                self.stdout.write(f"{one.place}将入账：{one.name}")
            elif one.kind != "new":
                self.stdout.write(f"{one.place}没有用于缴费：{''.join(one.said)}")
