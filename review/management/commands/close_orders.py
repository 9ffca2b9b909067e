from collections import Counter, defaultdict

from django.utils import timezone

from candidates.management.audited import AuditedCommand
from candidates.management.sessions import add_only, by_year, only
from review.payments.orders import overdue
from review.payments.providers import offered


class Command(AuditedCommand):
    help = (
        "缴费截止后关闭没有支付的订单，可以重复运行。关闭前先向支付平台查询：已支付的入账，问不到的留到下次。"
        "关闭以后到的款项记为待退款。"
    )

    recorded = ("year",)

    def add_arguments(self, parser):
        add_only(parser)
        self.add_dry_run(parser)

    def act(self, *, year, dry_run, **options):
        done = defaultdict(Counter)
        for order in overdue(timezone.now()).filter(**only(year, "application__session")).iterator(chunk_size=500):
            case = order.application
            if dry_run:
                self.stdout.write(f"将关闭：{case.session}，订单 {order.number}（报名编号 {case.number}）。")
                done[case.session.year]["closed"] += 1
                continue
            kind = offered.retire(order)
            done[case.session.year][kind] += 1
            if kind == "left":
                self.stdout.write(f"支付平台没有答复，{case.session}的订单 {order.number} 留到下次。")
        word = "检查完成（未写入），将关闭" if dry_run else "关闭"
        for name, counts in by_year(done, year):
            numbers = [counts.get(kind, 0) for kind in ("closed", "paid", "left")]
            self.stdout.write(f"{name}：{word} {numbers[0]}，查到已支付 {numbers[1]}，留到下次 {numbers[2]}。")
        return {kind: sum(counts[kind] for counts in done.values()) for kind in ("closed", "paid", "left")}
